"""Where a series steps from one level to another, without a model of its noise.

The statistic is the largest standardised rank sum before a possible step (Mann-Whitney's; as a
change-point model: Hawkins and Deng, "A nonparametric change-point control chart", Journal of
Quality Technology 42, 2010). What it takes is learnt by shuffling the very series, which is exact
for any distribution and any number of ties. Each side of a step is searched likewise (binary
segmentation: Vostrikova, "Detecting disorder in multidimensional random processes", 1981).
"""

from collections.abc import Sequence

import numpy as np

from harness.history import Floats

FALSE_ALARMS = 0.01
"""The share of series without a step in which one is found all the same; `benchmarks/history.py`
measures it. Most series of a case are constant, as seeds are fixed, and cannot alarm."""

SHUFFLES = 999
"""With the series itself a thousand orders, so that one in a hundred is told with ten of them."""

_BATCH = 111


def steps(values: Sequence[float]) -> list[int]:
    """Return the places of the first values after each step, in order.

    Args:
        values: finite, in the order in which they were measured.
    """
    series = np.asarray(values, np.float64)
    found, waiting = [], [(0, len(series))]
    while waiting:
        first, end = waiting.pop()
        place = _step(series[first:end])
        if place is not None:
            found.append(first + place)
            waiting += [(first, first + place), (first + place, end)]
    return sorted(found)


def _step(values: Floats) -> int | None:
    """Return where values step most, ``None`` if their order might be chance.

    Shuffling ends as soon as it is clear that it might.
    """
    if len(set(values.tolist())) < 2:  # noqa: PLR2004  # nothing to step between
        return None
    ranks = _ranks(values)
    observed = _rank_sums(ranks)
    highest = float(observed.max()) * (1 - 1e-9)  # as high but for rounding is as high
    generator = np.random.default_rng(len(values))
    as_high = 1
    for _ in range(SHUFFLES // _BATCH):
        orders = generator.permuted(np.tile(ranks, (_BATCH, 1)), axis=1)
        as_high += int((_rank_sums(orders).max(axis=1) >= highest).sum())
        if as_high > FALSE_ALARMS * (SHUFFLES + 1):
            return None
    return int(observed.argmax()) + 1


def _ranks(values: Floats) -> Floats:
    """Return ranks around 0; of equal values their mean."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(counts) - (counts - 1) / 2)[which]
    centred: Floats = ranks - ranks.mean()
    return centred


def _rank_sums(ranks: Floats) -> Floats:
    """Return how many standard deviations the sum of the first 1, 2, ... ranks lies from 0.

    Args:
        ranks: `[..., n]`, around 0.

    Returns:
        `[..., n - 1]`; the variance is that of drawing without replacement, ties included.
    """
    n = ranks.shape[-1]
    first = np.arange(1, n)
    variance = np.mean(ranks**2, axis=-1, keepdims=True) * first * (n - first) / (n - 1)
    sums: Floats = np.abs(np.cumsum(ranks, axis=-1)[..., :-1]) / np.sqrt(variance)
    return sums
