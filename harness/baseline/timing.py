"""Seconds a step against the accepted ones: a gate of its own, apart from the epochs."""

import math
from collections.abc import Sequence

from harness.results.timing import TimingComparison

FACTOR = 1.25
"""A step must be this much slower to fail. Shared CI machines drift by 10 to 20 % between runs
even over a calibration workload; a lost fused kernel or a stray synchronisation costs more."""

CHANCE = 0.01
"""Largest chance, by the order of the rounds alone, of a verdict on equal speeds: 5 rounds a side
suffice, since all of one side lie above the other with chance 1 / C(10, 5) = 0.004."""


def compare_timing(
    new: Sequence[float], accepted: Sequence[float], factor: float = FACTOR
) -> TimingComparison:
    """Compare rounds, in seconds a step over seconds of the calibration workload.

    Slower only if the fastest new one exceeds ``factor`` x the slowest accepted.

    Where either side scatters by more than ``factor`` itself, its scatter takes the factor's place,
    and a difference within it cannot be told from noise.
    """
    counts = len(new), len(accepted)
    if not all(counts) or 1 / math.comb(sum(counts), counts[0]) > CHANCE:
        return TimingComparison(
            "too_few", None, f"{counts[0]} v {counts[1]} timed rounds are too few to tell"
        )
    ratio = min(new) / min(accepted)
    noise = max(max(side) / min(side) for side in (new, accepted))
    text = f"a step takes {ratio:.2f} x the accepted time (rounds scatter by {noise:.2f} x)"
    needed = max(factor, noise)
    if min(new) > needed * max(accepted):
        return TimingComparison("slower", ratio, f"{text}: slower beyond a factor of {needed:.2f}")
    if min(accepted) > needed * max(new):
        return TimingComparison("faster", ratio, f"{text}: improved, refresh the baseline")
    if noise > factor:
        return TimingComparison("too_noisy", ratio, f"{text}: too noisy to tell")
    return TimingComparison("same", ratio, text)
