"""Do two backends train a case alike, beyond what chance explains?"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

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


def disagreements(found: Mapping[str, Outcome]) -> tuple[Disagreement, ...]:
    """Compare one case on every two of the backends it ran on, by their names.

    Rates are compared by Fisher's exact test, epochs to converge of the seeds that converged on
    both by Wilcoxon's signed-rank test (Biometrics Bulletin 1, 1945), paired by seed, since equal
    seeds have equal data and starting weights.
    """
    return tuple(
        Disagreement(first, second, test, p)
        for first, second in combinations(found, 2)
        for test, p in _tests(found[first], found[second])
        if p < SIGNIFICANT
    )


def _tests(first: Outcome, second: Outcome) -> list[tuple[str, float]]:
    rates = _fisher(first.converged, first.seeds, second.converged, second.seeds)
    return [
        ("converged seeds, Fisher's exact test", rates),
        ("epochs to converge, Wilcoxon's signed-rank test", _wilcoxon(_changes(first, second))),
    ]


def _changes(first: Outcome, second: Outcome) -> list[int]:
    """Return how many epochs later each seed converged the second time, where that changed."""
    before = {run.seed: run.converged_at for run in first.runs}
    pairs = [(before.get(run.seed), run.converged_at) for run in second.runs]
    both = [(old, new) for old, new in pairs if old is not None and new is not None]
    return [new - old for old, new in both if new != old]


def _fisher(first: int, of_first: int, second: int, of_second: int) -> float:
    if first * of_second == second * of_first:
        return 1.0
    from scipy.stats import fisher_exact  # noqa: PLC0415  # SciPy takes long to import

    table = np.array([[first, of_first - first], [second, of_second - second]])
    return float(fisher_exact(table).pvalue)


def _wilcoxon(changes: list[int]) -> float:
    """Return the p-value of changes other than 0; fewer than 8 cannot be significant."""
    if 2 * 0.5 ** len(changes) >= SIGNIFICANT:
        return 1.0
    from scipy.stats import wilcoxon  # noqa: PLC0415  # SciPy takes long to import

    return float(wilcoxon(changes).pvalue)
