"""What a reader must know of a case: why it did not pass, what changed or is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.report.document.cases import CaseRow
from harness.report.document.diagnosis import Diagnosis
from harness.report.document.headline import headline
from harness.report.document.phrases import words


@dataclass(frozen=True)
class Finding:
    """All that is found of one case, a sentence each; its diagnosis stands beside its curves.

    Attributes:
        traceback: of the user's own code, where that raised; empty if it did not.
    """

    row: CaseRow
    texts: tuple[str, ...]
    traceback: str = ""

    @property
    def diagnosis(self) -> Diagnosis | None:
        """Why the case did not pass; that of one that fails as it must is no finding."""
        return None if self.row.passed else self.row.diagnosis


def findings(rows: Sequence[CaseRow]) -> tuple[Finding, ...]:
    """Return the cases of which there is something to say; those that did not pass come first."""
    ordered = sorted(rows, key=lambda row: row.passed)
    found = [
        Finding(row, (*_failure(row), *_guessing(row), *_change(row), *_off(row)), _traceback(row))
        for row in ordered
    ]
    return tuple(finding for finding in found if finding.texts)


def _traceback(row: CaseRow) -> str:
    """Return the traceback of the first seed that crashed: the one that the outcome tells of."""
    return next((run.traceback for run in row.outcome.runs if run.traceback), "").rstrip()


def _failure(row: CaseRow) -> list[str]:
    """Say why a case did not pass in one sentence, then the numbers behind it."""
    if row.passed:
        return []
    outcome, compared = row.outcome, row.outcome.comparison
    told = headline(outcome)
    numbers = [
        *([outcome.verdict.sentence] if outcome.verdict.result != "pass" else []),
        *([compared.sentence] if compared.refused else []),
        *(probe.sentence for probe in outcome.probes if probe.status in ("fail", "error")),
    ]
    return [f"{outcome.outcome}: {told}", *(each for each in numbers if each and each not in told)]


def _guessing(row: CaseRow) -> list[str]:
    """Say that a criterion was met which a trivial guess meets as well."""
    outcome = row.outcome
    if outcome.expect != "converges" or not outcome.converged or outcome.skill is None:
        return []
    if not outcome.no_better_than_guessing:
        return []
    metric = outcome.criterion.metric
    reached = f"{outcome.guessed_by} alone reaches {metric} {outcome.guess:.3g}"
    return [f"no better than guessing: skill {outcome.skill:.2f}; {reached}"]


def _change(row: CaseRow) -> list[str]:
    """Say how training changed, unless that is what the case failed by."""
    compared = row.outcome.comparison
    if compared.refused or compared.status in {"none", "same"}:
        return []
    return [f"baseline: {words(compared.status)}: {compared.sentence}"]


def _off(row: CaseRow) -> list[str]:
    """Say which probes were not made because the case says that they do not apply."""
    off = [probe for probe in row.outcome.probes if probe.switched_off]
    return [f"probe {probe.name} {probe.sentence}" for probe in off]
