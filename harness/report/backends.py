"""Do backends agree, case by case, beyond what chance explains?"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from harness.report.agreement import EPOCHS, LOSSES, agreement
from harness.report.columns import median_epochs, share
from harness.results.outcome import Outcome

SIGNIFICANT = 0.01
"""Of 100 comparisons of equal backends about one is marked."""


@dataclass(frozen=True)
class Disagreement:
    """Two backends that differ by more than chance on a case, and the test that says so."""

    first: str
    second: str
    test: str
    p: float

    def __str__(self) -> str:
        return f"{self.first} and {self.second} differ: {self.test}, p = {self.p:.2g}"


@dataclass(frozen=True)
class Comparison:
    """One case on each backend it ran on."""

    id: str
    outcomes: dict[str, Outcome]
    disagreements: tuple[Disagreement, ...]


def place(outcome: Outcome) -> str:
    """Name where a case ran: ``eager cpu``."""
    return f"{outcome.backend} {outcome.device}"


def compare_backends(outcomes: Sequence[Outcome]) -> list[Comparison]:
    """Compare the cases that ran in several places, if any did.

    Rates are compared by Fisher's exact test, epochs to converge of the seeds that converged in
    both places by Wilcoxon's signed-rank test (Biometrics Bulletin 1, 1945), paired by seed, since
    equal seeds have equal data and starting weights.
    """
    cases: dict[str, dict[str, Outcome]] = {}
    for outcome in outcomes:
        cases.setdefault(outcome.id, {})[place(outcome)] = outcome
    return [
        Comparison(case, found, _disagreements(found))
        for case, found in cases.items()
        if len(found) > 1
    ]


def _disagreements(found: dict[str, Outcome]) -> tuple[Disagreement, ...]:
    return tuple(
        Disagreement(first, second, test, p)
        for first, second in combinations(found, 2)
        for test, p in _tests(found[first], found[second])
        if p < SIGNIFICANT
    )


def _tests(first: Outcome, second: Outcome) -> list[tuple[str, float]]:
    return [
        (
            "converged seeds, Fisher's exact test",
            _fisher(first.converged, first.seeds, second.converged, second.seeds),
        ),
        ("epochs to converge, Wilcoxon's signed-rank test", _wilcoxon(_changes(first, second))),
    ]


def _changes(first: Outcome, second: Outcome) -> tuple[int, ...]:
    """Return how many epochs later each seed converged in the second place, where it changed."""
    before = {run.seed: run.converged_at for run in first.runs}
    pairs = [(before.get(run.seed), run.converged_at) for run in second.runs]
    both = [(old, new) for old, new in pairs if old is not None and new is not None]
    return tuple(new - old for old, new in both if new != old)


@lru_cache(4096)
def _fisher(first: int, of_first: int, second: int, of_second: int) -> float:
    if first * of_second == second * of_first:
        return 1.0
    from scipy.stats import fisher_exact  # noqa: PLC0415  # SciPy takes long to import

    table = np.array([[first, of_first - first], [second, of_second - second]])
    return float(fisher_exact(table).pvalue)


@lru_cache(4096)
def _wilcoxon(changes: tuple[int, ...]) -> float:
    """Return the p-value of changes other than 0; fewer than 8 cannot be significant."""
    if 2 * 0.5 ** len(changes) >= SIGNIFICANT:
        return 1.0
    from scipy.stats import wilcoxon  # noqa: PLC0415  # SciPy takes long to import

    return float(wilcoxon(changes).pvalue)


def backend_rows(comparisons: Sequence[Comparison]) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows of the table: a case a row, a mark, and a place a column.

    Below the cases of a scenario stands how closely its seeds agree with those of the first place:
    `eager` if it is among them. The device is named where there are several.
    """
    found = dict.fromkeys(name for each in comparisons for name in each.outcomes)
    places = sorted(found, key=lambda name: not name.startswith("eager "))
    rows = []
    for scenario, cases in _scenarios(comparisons).items():
        for each in cases:
            outcomes = [each.outcomes.get(name) for name in places]
            case = each.id.removeprefix(f"{scenario}/")
            rows.append([scenario, case, _mark(each), *map(_cell, outcomes)])
        rows += _agreement_rows(scenario, cases, places)
    return ["scenario", "case", "differ", *_headings(places)], rows


def _headings(places: Sequence[str]) -> list[str]:
    devices = {name.rpartition(" ")[2] for name in places}
    return [name.rpartition(" ")[0] for name in places] if len(devices) == 1 else list(places)


def _scenarios(comparisons: Sequence[Comparison]) -> dict[str, list[Comparison]]:
    found: dict[str, list[Comparison]] = {}
    for each in comparisons:
        found.setdefault(next(iter(each.outcomes.values())).scenario, []).append(each)
    return found


def _cell(outcome: Outcome | None) -> str:
    if outcome is None:
        return "not run"
    told = f"{share(outcome)}, {median_epochs(outcome)}"
    return told if outcome.outcome == "pass" else f"{outcome.outcome}: {told}"


def _mark(comparison: Comparison) -> str:
    return "yes" if comparison.disagreements else "-"


def _agreement_rows(
    scenario: str, cases: Sequence[Comparison], places: Sequence[str]
) -> list[list[str]]:
    first, *others = places
    both = {
        name: [
            (c.outcomes[first], c.outcomes[name]) for c in cases if {first, name} <= {*c.outcomes}
        ]
        for name in others
    }
    cells = {name: found.rows() for name in others if (found := agreement(both[name]))}
    if not cells:
        return []
    return [
        [
            scenario,
            what,
            "",
            "reference",
            *(cells[n][what] if n in cells else "-" for n in others),
        ]
        for what in (LOSSES, EPOCHS)
    ]
