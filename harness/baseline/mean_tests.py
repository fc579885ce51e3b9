"""Is the mean metric at the end of a budget worse on one side by more than a margin?

Differences are relative to the accepted mean. Of the same seeds, Student's t test of the paired
differences; of other seeds, Welch's of two means (B. L. Welch, Biometrika 34 (1947) 28-35).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harness.baseline.record import SeedRecord
from harness.baseline.significance import RESOLUTION, SPREAD_FLOOR, Difference
from harness.history import Floats


def compare_means(
    new: Sequence[SeedRecord],
    accepted: Sequence[SeedRecord],
    margin: float,
    *,
    upward: bool,
    in_pairs: bool,
) -> Difference | None:
    """Test the mean of the final metric.

    Args:
        new: seeds; in the order of the accepted ones where ``in_pairs``.
        accepted: the other side.
        margin: relative change that is tolerated.
        upward: whether a higher metric is better.
        in_pairs: whether the same seeds are on both sides.

    Returns:
        ``None`` with fewer than two seeds on a side that ended with a number, or where the
        accepted mean is zero, so that no change is relative to it.
    """
    one, other = (_ends(side) for side in (new, accepted))
    if in_pairs:
        known = np.isfinite(one) & np.isfinite(other)
        one, other = one[known], other[known]
    one, other = one[np.isfinite(one)], other[np.isfinite(other)]
    if min(len(one), len(other)) < 2 or not other.mean():  # noqa: PLR2004  # a spread
        return None
    sides = one / abs(other.mean()), other / abs(other.mean())
    found = _paired(*sides) if in_pairs else _welch(*sides)
    return _difference(found, margin, upward=upward, seeds=(len(one), len(other)))


def _ends(seeds: Sequence[SeedRecord]) -> Floats:
    ended = [seed.final_metric if seed.stopped == "budget" else None for seed in seeds]
    return np.array([math.nan if value is None else value for value in ended], np.float64)


@dataclass(frozen=True)
class _Shift:
    """How far the new mean lies above the accepted one: relative, with its uncertainty."""

    mean: float
    error: float
    freedom: float
    spread: float


def _paired(new: Floats, accepted: Floats) -> _Shift:
    differences = new - accepted
    spread = max(float(differences.std(ddof=1)), SPREAD_FLOOR)
    n = len(differences)
    return _Shift(float(differences.mean()), spread / math.sqrt(n), n - 1, spread)


def _welch(new: Floats, accepted: Floats) -> _Shift:
    parts = [max(float(side.var(ddof=1)), SPREAD_FLOOR**2) / len(side) for side in (new, accepted)]
    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(side) - 1) for part, side in zip(parts, (new, accepted), strict=True)
    )
    spread = math.sqrt(float(new.var(ddof=1) + accepted.var(ddof=1)) / 2)
    return _Shift(float(new.mean() - accepted.mean()), math.sqrt(sum(parts)), freedom, spread)


def _difference(
    found: _Shift, margin: float, *, upward: bool, seeds: tuple[int, int]
) -> Difference:
    from scipy.special import stdtr, stdtrit  # noqa: PLC0415  # only where something is compared

    def beyond(limit: float, way: int) -> float:
        return float(stdtr(found.freedom, (limit - way * found.mean) / found.error))

    worse = -1 if upward else 1
    half = float(stdtrit(found.freedom, 0.975)) * found.error
    return Difference(
        measure="metric",
        effect=found.mean,
        interval=(found.mean - half, found.mean + half),
        p_slower=beyond(margin, worse),
        p_faster=beyond(margin, -worse),
        p_changed=min(1.0, 2 * min(beyond(RESOLUTION, 1), beyond(RESOLUTION, -1))),
        spread=found.spread,
        seeds=seeds,
    )
