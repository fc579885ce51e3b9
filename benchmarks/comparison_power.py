"""Smallest slow-down that a comparison sees with 90 % power, and its false alarms, by simulation.

Run: python benchmarks/comparison_power.py

Each figure is for one slower case among 60, at the false discovery rate that is controlled,
with lognormal epochs. Spreads, measured on hello world with 12 seeds: 0.13 % for paired differences
of a slower rate, 8.4 % between seeds.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import ndtri

from harness.baseline import RATE, Differences, control_false_discoveries
from harness.baseline.crossing_times import CrossingTimes, Measure
from harness.baseline.power import (
    OWN_SCATTER,
    logranks,
    paired_shift,
    smallest_seen,
    unpaired_shift,
)
from harness.baseline.significance import Difference, paired, unpaired
from harness.history import Floats
from harness.scenario.vocabulary import MARGIN

CASES = 60
TESTS = 3  # the loss half-way, convergence, and the share of seeds that converge
ALPHA = RATE / (2 * CASES) / TESTS
PAIRED_SPREAD, SEED_SPREAD, ROUNDING = 0.0013, 0.084, 1e-6
DRAWS = 400

Side = Callable[[np.random.Generator, int, float], tuple[Floats, Floats]]
Test = Callable[[Measure, CrossingTimes, CrossingTimes, float], Difference | None]


def main() -> None:
    """Print both tables."""
    print(f"slow-down seen with 90 % power, one case among {CASES}, margin {MARGIN:.0%}")
    print("seeds   paired (stated)    unpaired (stated)")
    for seeds in (6, 12, 24, 48):
        cells = [
            smallest(pairs, paired, seeds),
            smallest_seen(MARGIN, paired_shift(seeds, ALPHA), PAIRED_SPREAD, OWN_SCATTER),
            smallest(samples, unpaired, seeds),
            smallest_seen(MARGIN, unpaired_shift(seeds, seeds, ALPHA), SEED_SPREAD),
        ]
        print(f"{seeds:5}   {cells[0]:6.1%} ({cells[1]:.1%})   {cells[2]:6.1%} ({cells[3]:.1%})")
    for name, draw, test in (("paired", clean_pairs, paired), ("unpaired", samples, unpaired)):
        print(f"clean runs of {CASES} cases with an alarm, {name}: {alarms(draw, test)} of 100")
    for seeds in (12, 24, 48):
        print(
            f"log-rank, {seeds} a side: p <= {ALPHA:.1g} {tail(seeds):.1f} times as often as said"
        )


def pairs(rng: np.random.Generator, seeds: int, slower: float) -> tuple[Floats, Floats]:
    """Draw log epochs of the same seeds; a slow-down scatters over seeds by a share of itself."""
    accepted = np.log(20) + SEED_SPREAD * rng.normal(size=seeds)
    spread = np.hypot(PAIRED_SPREAD, OWN_SCATTER * slower)
    return accepted + slower + spread * rng.normal(size=seeds), accepted


def clean_pairs(rng: np.random.Generator, seeds: int, slower: float) -> tuple[Floats, Floats]:
    """Draw log epochs of the same seeds that differ by rounding."""
    accepted = np.log(20) + SEED_SPREAD * rng.normal(size=seeds)
    return accepted + slower + ROUNDING * rng.normal(size=seeds), accepted


def samples(rng: np.random.Generator, seeds: int, slower: float) -> tuple[Floats, Floats]:
    """Draw log epochs of different seeds."""
    new, accepted = np.log(20) + SEED_SPREAD * rng.normal(size=(2, seeds))
    return new + slower, accepted


def difference(
    draw: Side, test: Test, rng: np.random.Generator, seeds: int, slower: float
) -> Difference:
    """Draw and test once."""
    crossed = np.ones(seeds, bool)
    new, accepted = (CrossingTimes(side, crossed, ~crossed) for side in draw(rng, seeds, slower))
    found = test("loss", new, accepted, MARGIN)
    if found is None:
        raise ValueError("two seeds a side can differ")
    return found


def smallest(draw: Side, test: Test, seeds: int) -> float:
    """Bisect for the slow-down that nine of ten simulated comparisons see; infinite if none is."""
    low, high = np.log1p(MARGIN), np.log(10.0)
    if power(draw, test, seeds, high) < 0.9:
        return float(np.inf)
    while high - low > 0.001:
        middle = (low + high) / 2
        low, high = (low, middle) if power(draw, test, seeds, middle) >= 0.9 else (middle, high)
    return float(np.expm1(high))


def power(draw: Side, test: Test, seeds: int, slower: float) -> float:
    """Return the share of simulated comparisons that see a log slow-down."""
    rng = np.random.default_rng(0)
    seen = [difference(draw, test, rng, seeds, slower).p_slower <= ALPHA for _ in range(DRAWS)]
    return float(np.mean(seen))


def alarms(draw: Side, test: Test) -> int:
    """Count clean runs, of 100, that are called slower or faster anywhere."""
    rng = np.random.default_rng(1)
    count = 0
    for _ in range(100):
        found = [difference(draw, test, rng, 12, 0.0) for _ in range(CASES)]
        run = [Differences(False, (12, 12), MARGIN, (each,), None) for each in found]
        count += any(each.status in {"slower", "faster"} for each in control_false_discoveries(run))
    return count


def tail(seeds: int, draws: int = 300_000) -> float:
    """Return how much oftener equal sides reach the smallest p-value that counts than it says."""
    rng = np.random.default_rng(1)
    blocks = [logranks(rng.normal(size=(10_000, 2 * seeds)), seeds) for _ in range(draws // 10_000)]
    return float((np.concatenate(blocks) > -ndtri(ALPHA)).mean() / ALPHA)


if __name__ == "__main__":
    main()
