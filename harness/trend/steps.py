"""Where a series steps from one level to another, without a model of its noise.

Two statistics, each allowed half of the false alarms: the largest standardised rank sum of the
values before a step (Mann-Whitney's, as a change-point model: Hawkins and Deng, "A nonparametric
change-point control chart", Journal of Quality Technology 42, 2010), and of those between two,
which finds what came and went (circular binary segmentation: Olshen, Venkatraman, Lucito and
Wigler, Biostatistics 5, 2004). What it takes is learnt by shuffling the very series, which is exact
for any distribution and any number of ties. Each part is then searched likewise.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from harness.history import Floats

FALSE_ALARMS = 0.01
"""The share of series without a step in which one is found all the same; `benchmarks/history.py`
measures it. Most series of a case are constant, as seeds are fixed, and cannot alarm."""

SHUFFLES = 1999
"""With the series itself two thousand orders, so that each statistic is held to ten of them."""

_BATCH = 100


def steps(values: Sequence[float]) -> list[int]:
    """Return the places of the first values after each step, in order.

    Args:
        values: finite, in the order in which they were measured.
    """
    series = np.asarray(values, np.float64)
    found: set[int] = set()
    waiting = [(0, len(series))]
    while waiting:
        first, end = waiting.pop()
        places = [first + place for place in _places(series[first:end])]
        found.update(places)
        bounds = [first, *places, end]
        waiting += pairwise(bounds) if places else []
    return sorted(found)


def _places(values: Floats) -> list[int]:
    """Return where values step most, nothing if their order might be chance."""
    kinds, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    if len(kinds) < 2:  # noqa: PLR2004  # nothing to step between
        return []
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[which]  # of equal values their mean
    sums = np.append(0.0, np.cumsum(ranks - ranks.mean()))
    if _beyond_chance(sums, which.tolist(), one_step):
        return [int(one_step(sums).argmax()) + 1]
    if _beyond_chance(sums, which.tolist(), two_steps):
        return _ends(sums)
    return []


def _beyond_chance(sums: Floats, kinds: list[int], statistic: Callable[[Floats], Floats]) -> bool:
    """Tell whether few shuffled series have as high a statistic; end once many are known to.

    The shuffles are drawn anew for each series, and for the same one always the same.
    """
    highest = float(statistic(sums).max()) * (1 - 1e-9)  # as high but for rounding is as high
    generator = np.random.default_rng(kinds)
    orders, as_high, drawn = np.tile(np.diff(sums), (_BATCH, 1)), 1, 0
    while drawn < SHUFFLES:
        shuffled = generator.permuted(orders, axis=1)[: SHUFFLES - drawn]
        drawn += len(shuffled)
        found = statistic(np.insert(np.cumsum(shuffled, axis=1), 0, 0.0, axis=1))
        as_high += int((found.max(axis=1) >= highest).sum())
        if as_high > FALSE_ALARMS / 2 * (SHUFFLES + 1):
            return False
    return True


def one_step(sums: Floats) -> Floats:
    """Return by how many standard deviations the first 1, 2, ... ranks are off, `[..., n - 1]`.

    Args:
        sums: of the first 0, 1, ... n ranks around 0, `[..., n + 1]`.
    """
    return np.abs(sums[..., 1:-1]) / _deviations(sums)


def two_steps(sums: Floats) -> Floats:
    """Return the same of any 1, 2, ... ranks in a row, the most that they are off."""
    n = sums.shape[-1] - 1
    most = [np.abs(sums[..., k:] - sums[..., :-k]).max(axis=-1) for k in range(1, n)]
    return np.stack(most, axis=-1) / _deviations(sums)


def _deviations(sums: Floats) -> Floats:
    """Return the standard deviation of the sum of 1, 2, ... ranks drawn without replacement."""
    ranks = np.diff(sums)
    n = ranks.shape[-1]
    k = np.arange(1, n)
    variance = np.mean(ranks**2, axis=-1, keepdims=True) * k * (n - k) / (n - 1)
    deviations: Floats = np.sqrt(variance)
    return deviations


def _ends(sums: Floats) -> list[int]:
    """Return where the values begin and end that are most off; the ends of the series are none."""
    n = len(sums) - 1
    length = int(two_steps(sums).argmax()) + 1
    first = int(np.abs(sums[length:] - sums[:-length]).argmax())
    return [place for place in (first, first + length) if 0 < place < n]
