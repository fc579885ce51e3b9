"""What a report says, decided once; terminal, Markdown, CSV and HTML only lay it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from harness.report.document.backends import BackendComparison, compare_backends
from harness.report.document.cases import CaseRow, ScenarioCases, case_rows, scenario_cases
from harness.report.document.columns import COLUMNS, Column, table_columns
from harness.report.document.curves import curves
from harness.report.document.diagnosis import Diagnosis, diagnosis
from harness.report.document.environment import environment
from harness.report.document.facts import facts
from harness.report.document.findings import Finding, findings
from harness.report.document.headline import change, headline
from harness.report.document.maps import DrawnMap, drawn_maps
from harness.report.document.printable import printable, printable_record
from harness.report.document.remedies import Remedy, remedies, remedies_table
from harness.report.document.summary import Summary, summarise, timing
from harness.report.document.table import Table
from harness.results.outcome import Outcome
from harness.results.sweep_outcome import TrainabilityMap

__all__ = [
    "COLUMNS",
    "BackendComparison",
    "CaseRow",
    "Column",
    "Diagnosis",
    "Document",
    "DrawnMap",
    "Finding",
    "Remedy",
    "ScenarioCases",
    "Summary",
    "Table",
    "change",
    "compose",
    "curves",
    "diagnosis",
    "environment",
    "facts",
    "headline",
    "printable",
]


@dataclass(frozen=True)
class Document:
    """The sections of a report; one that has nothing to say is empty.

    Attributes:
        columns: of a table of cases, beside what became of a case and its name.
        remedies_table: a row a remedy.
        timing: a sentence.
        environment: what the report was made with, by name.
    """

    summary: Summary
    findings: tuple[Finding, ...]
    columns: tuple[Column, ...]
    scenarios: tuple[ScenarioCases, ...]
    remedies: tuple[Remedy, ...]
    maps: tuple[DrawnMap, ...]
    backends: BackendComparison | None
    timing: str
    environment: tuple[tuple[str, str], ...]

    @property
    def rows(self) -> list[CaseRow]:
        """All cases, in the order in which they stand."""
        return [row for scenario in self.scenarios for row in scenario.rows]

    def without_failures(self) -> "Document":
        """Leave out the findings of cases that were judged and failed: who reads on knows them."""
        outcomes = [(each, each.row.outcome) for each in self.findings]
        left = [each for each, outcome in outcomes if outcome.not_judged or outcome.accepted]
        return replace(self, findings=tuple(left))

    @property
    def remedies_table(self) -> Table:
        """The remedies, a row each."""
        return remedies_table(self.remedies)


def compose(
    environment: Mapping[str, str | int],
    outcomes: Sequence[Outcome],
    maps: Sequence[TrainabilityMap] = (),
) -> Document:
    """Decide what is said of cases and maps.

    Everything that a user may have written is made printable here, and nowhere else.
    """
    outcomes = printable_record(list(outcomes))
    rows = case_rows(outcomes)
    return Document(
        summary=summarise(outcomes),
        findings=findings(rows),
        columns=table_columns(outcomes),
        scenarios=tuple(scenario_cases(rows)),
        remedies=remedies(rows),
        maps=drawn_maps(printable_record(list(maps))),
        backends=compare_backends(outcomes),
        timing=timing(outcomes),
        environment=tuple((printable(n), printable(str(v))) for n, v in environment.items()),
    )
