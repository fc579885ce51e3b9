"""Cases that fail beside those that are their cure."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.report.document.cases import CaseRow
from harness.report.document.phrases import share
from harness.report.document.table import Table

HEADINGS = ("scenario", "case", "converged", "cured by", "converged", "works")


@dataclass(frozen=True)
class Remedy:
    """A case that fails, ``None`` if it did not run, and the one that is its cure."""

    scenario: str
    case: str
    failing: CaseRow | None
    cure: CaseRow

    @property
    def works(self) -> str:
        """Whether both claims passed: yes, no or unsure."""
        if self.failing is None:
            return "unsure"
        results = {self.failing.outcome.outcome, self.cure.outcome.outcome}
        if results == {"pass"}:
            return "yes"
        return "no" if "fail" in results else "unsure"

    @property
    def before(self) -> str:
        """How many seeds of the failing case converged."""
        return share(self.failing.outcome) if self.failing else "not run"

    @property
    def after(self) -> str:
        """How many seeds of the cure converged."""
        return share(self.cure.outcome)

    @property
    def cured_by(self) -> str:
        """The cure's name, with where it ran if that differs."""
        return self.cure.outcome.case + self.cure.where


def remedies(rows: Sequence[CaseRow]) -> tuple[Remedy, ...]:
    """Pair each cure with the case it cures, on the same backend and device."""
    found = {_key(row, row.outcome.case): row for row in rows}
    return tuple(
        Remedy(row.outcome.scenario, cured, found.get(_key(row, cured)), row)
        for row in rows
        if (cured := row.outcome.remedies) is not None
    )


def _key(row: CaseRow, case: str) -> tuple[str, str, str, str]:
    return row.outcome.scenario, case, row.outcome.backend, row.outcome.device


def remedies_table(pairs: Sequence[Remedy]) -> Table:
    """Return a row a pair."""
    rows = [(r.scenario, r.case, r.before, r.cured_by, r.after, r.works) for r in pairs]
    return Table(HEADINGS, tuple(rows), (False, False, True, False, True, False))
