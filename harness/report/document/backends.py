"""The same cases on several backends or devices, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.report.document.agreement import EPOCHS, LOSSES, agreement
from harness.report.document.backend_tests import SIGNIFICANT, Disagreement, disagreements
from harness.report.document.phrases import median_epochs, share
from harness.report.document.table import Table, text_table
from harness.results.outcome import Outcome

EXPLANATION = (
    "Converged seeds and median epochs to converge of each case that ran on several backends, and "
    "below each scenario how closely seeds agree with the reference: in their first losses, where "
    "they converge, and in their epochs. Two backends differ where a test gives "
    f"p < {SIGNIFICANT:g}; equal ones do so in about one of 100 comparisons."
)


@dataclass(frozen=True)
class BackendCase:
    """One case on each backend it ran on, by the name of backend and device."""

    id: str
    scenario: str
    case: str
    outcomes: dict[str, Outcome]
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True)
class BackendComparison:
    """What is said of backends.

    Attributes:
        table: scenario, case, whether backends differ, and a column a backend. Below the cases of
            a scenario stands how closely its seeds agree with those of the first backend: `eager`
            if it is among them. The device is named where there are several.
        disagreements: a sentence each.
    """

    table: Table
    disagreements: tuple[str, ...]
    explanation: str = EXPLANATION


def compare_backends(outcomes: Sequence[Outcome]) -> BackendComparison | None:
    """Compare the cases that ran on several backends; ``None`` if none did."""
    cases = backend_cases(outcomes)
    if not cases:
        return None
    sentences = tuple(f"{case.id}: {text}" for case in cases for text in case.disagreements)
    return BackendComparison(_table(cases), sentences)


def backend_cases(outcomes: Sequence[Outcome]) -> list[BackendCase]:
    """Return the cases that ran on several backends or devices."""
    cases: dict[str, dict[str, Outcome]] = {}
    for outcome in outcomes:
        cases.setdefault(outcome.id, {})[f"{outcome.backend} {outcome.device}"] = outcome
    return [_case(found) for found in cases.values() if len(found) > 1]


def _case(found: dict[str, Outcome]) -> BackendCase:
    first = next(iter(found.values()))
    return BackendCase(first.id, first.scenario, first.case, found, disagreements(found))


def _table(cases: Sequence[BackendCase]) -> Table:
    found = dict.fromkeys(name for case in cases for name in case.outcomes)
    backends = sorted(found, key=lambda name: not name.startswith("eager "))
    scenarios: dict[str, list[BackendCase]] = {}
    for case in cases:
        scenarios.setdefault(case.scenario, []).append(case)
    rows = [row for group in scenarios.values() for row in _scenario_rows(group, backends)]
    return text_table(["scenario", "case", "differ", *_headings(backends)], rows)


def _headings(backends: Sequence[str]) -> list[str]:
    devices = {name.rpartition(" ")[2] for name in backends}
    return [name.rpartition(" ")[0] for name in backends] if len(devices) == 1 else list(backends)


def _scenario_rows(cases: Sequence[BackendCase], backends: Sequence[str]) -> list[list[str]]:
    rows = []
    for case in cases:
        mark = "yes" if case.disagreements else "-"
        cells = [_cell(case.outcomes.get(name)) for name in backends]
        rows.append([case.scenario, case.case, mark, *cells])
    return rows + _agreement_rows(cases, backends)


def _cell(outcome: Outcome | None) -> str:
    if outcome is None:
        return "not run"
    converged = f"{share(outcome)}, {median_epochs(outcome)}"
    return converged if outcome.outcome == "pass" else f"{outcome.outcome}: {converged}"


def _agreement_rows(cases: Sequence[BackendCase], backends: Sequence[str]) -> list[list[str]]:
    first, *others = backends
    found = {name: _agreement(cases, first, name) for name in others}
    if not any(found.values()):
        return []
    scenario = cases[0].scenario
    return [
        [scenario, measure, "", "reference", *(found[name].get(measure, "-") for name in others)]
        for measure in (LOSSES, EPOCHS)
    ]


def _agreement(cases: Sequence[BackendCase], first: str, second: str) -> dict[str, str]:
    """Return the cell of each measure; none where no seed ran on both backends."""
    both = [case.outcomes for case in cases if {first, second} <= set(case.outcomes)]
    found = agreement((outcomes[first], outcomes[second]) for outcomes in both)
    return found.cells() if found else {}
