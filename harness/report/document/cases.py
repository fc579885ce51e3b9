"""The cases of a report: each with its name and remarks, below the question it answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.report.document.diagnosis import Diagnosis, diagnosis
from harness.report.document.waiting import waiting
from harness.results.outcome import Outcome

WORST_FIRST = ("error", "fail", "inconclusive", "pass")


@dataclass(frozen=True)
class CaseRow:
    """A case on one backend.

    Attributes:
        outcome: the record that columns read.
        where: `` on eager cpu``; empty where all cases of the report ran in one place.
    """

    outcome: Outcome
    where: str

    @property
    def name(self) -> str:
        """The case's id, with where it ran if that differs."""
        return self.outcome.id + self.where

    @property
    def passed(self) -> bool:
        """Whether its claim holds."""
        return self.outcome.outcome == "pass"

    @property
    def kinds(self) -> tuple[str, ...]:
        """What a reader may look for: ``open``, it did not pass; ``changed``, its training did."""
        changed = self.outcome.comparison.answer not in (None, "identical", "same")
        return tuple(
            kind for kind, holds in (("open", not self.passed), ("changed", changed)) if holds
        )

    @property
    def diagnosis(self) -> Diagnosis | None:
        """Why it fails, what shows it, and what mends it; ``None`` where nobody asked."""
        return diagnosis(self.outcome)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said beside the numbers, but for the diagnosis."""
        return tuple(text for text in (self.outcome.note, waiting(self.outcome)) if text)


@dataclass(frozen=True)
class ScenarioCases:
    """The cases of one scenario, on all backends.

    Attributes:
        criteria: when a run counts as converged; several where cases differ.
    """

    scenario: str
    question: str
    criteria: str
    rows: tuple[CaseRow, ...]

    @property
    def worst(self) -> str:
        """The worst that became of a case."""
        found = {row.outcome.outcome for row in self.rows}
        return next(result for result in WORST_FIRST if result in found)


def case_rows(outcomes: Sequence[Outcome]) -> list[CaseRow]:
    """Return a row a case, in the same order."""
    several = len({(outcome.backend, outcome.device) for outcome in outcomes}) > 1
    return [
        CaseRow(outcome, f" on {outcome.backend} {outcome.device}" if several else "")
        for outcome in outcomes
    ]


def scenario_cases(rows: Sequence[CaseRow]) -> list[ScenarioCases]:
    """Put cases under their scenarios, both in the order they first appear in.

    The same case on several backends stands together.
    """
    scenarios: dict[str, dict[str, list[CaseRow]]] = {}
    for row in rows:
        cases = scenarios.setdefault(row.outcome.scenario, {})
        cases.setdefault(row.outcome.id, []).append(row)
    return [
        _scenario(name, [row for same in cases.values() for row in same])
        for name, cases in scenarios.items()
    ]


def _scenario(name: str, rows: Sequence[CaseRow]) -> ScenarioCases:
    criteria = dict.fromkeys(str(row.outcome.criterion) for row in rows)
    return ScenarioCases(name, rows[0].outcome.question, "; ".join(criteria), tuple(rows))
