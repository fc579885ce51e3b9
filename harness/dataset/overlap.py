"""Whether records are overlapping windows of one series, which a random split must not tear apart.

A held-out window then shares most of its values with windows that are trained on, and often holds
their targets: what is measured on it says nothing of later times.
"""

import numpy as np

from harness.dataset.padding import Array

LOOKED_AT = 20_000
"""Records; of more, the first ones."""

LONGEST = 32
"""Steps of a piece that two windows share; it takes as many passes."""

SHARED = 0.5
"""Share of the records whose beginning stands in another one, later there, that make a series."""

DISTINCT = 0.9
"""Share of beginnings that must differ for a match to mean anything. Where chance makes nine in
ten of n pieces differ, they are drawn from at least 4 n, so that it finds at most a quarter again.
"""

IN_ORDER = 0.9
"""Share of windows that go on from their neighbour; where series meet they do not."""


NEIGHBOURS = 2000
"""Records of which each is compared with the next one, up to an offset and a scale."""

LARGEST = 100
"""Steps between them that are tried, and records on which the right one shows."""

SAME_SHAPE = 1e-3
"""Distance of two courses of length 1 that are the same: of float32 prices that move by a
thousandth, a ratio to the first one keeps four digits."""


def overlapping(x: Array) -> bool:
    """Tell whether records `[records, timesteps, features]` are overlapping windows of a series.

    One timestep of many features is taken for a sequence laid out in columns. Windows are seen
    whichever way they are shuffled, as long as they share half of their steps; those that are
    relative to a value of their own, or normalised one by one, where they follow one another.
    """
    x = x[:LOOKED_AT].transpose(0, 2, 1) if x.shape[1] == 1 else x[:LOOKED_AT]
    records, timesteps, _ = x.shape
    if timesteps < 2 or records < 2:  # noqa: PLR2004  # nothing can overlap
        return False
    return _share_values(x) or _share_shapes(x[:NEIGHBOURS])


def _share_shapes(x: Array) -> bool:
    """Tell whether windows go on from the one before, but for an offset and a scale of their own.

    Those of which neighbours are alike without a step between them, as ramps are, share nothing.
    """
    timesteps = x.shape[1]
    if timesteps < 4 or _alike(x, 0) > 1 - IN_ORDER:  # noqa: PLR2004  # two changes are a shape
        return False
    strides = range(1, min(timesteps // 2, timesteps - 3, LARGEST) + 1)
    likely = (stride for stride in strides if _alike(x[:LARGEST], stride) >= SHARED)
    return any(_alike(x, stride) >= IN_ORDER for stride in likely)


def _alike(x: Array, stride: int) -> float:
    """Return the share of records whose course from ``stride`` on is that of the next record."""
    earlier, later = np.diff(x[:-1, stride:], axis=1), np.diff(x[1:, : x.shape[1] - stride], axis=1)
    sizes = [np.linalg.norm(each, axis=1, keepdims=True) for each in (earlier, later)]
    moved = np.minimum(*sizes) > 0
    courses = (
        each / np.where(moved, size, 1) for each, size in zip((earlier, later), sizes, strict=True)
    )
    apart = np.linalg.norm(np.subtract(*courses), axis=1)
    return float(((apart < SAME_SHAPE) & moved[:, 0]).all(axis=1).mean())


def _share_values(x: Array) -> bool:
    """Tell whether what records begin with stands in others, later there."""
    records, timesteps, features = x.shape
    length = min(max(2, timesteps // 2), timesteps - 1, LONGEST)
    weights = np.random.default_rng(0).normal(size=(length, features))
    places = timesteps - length + 1
    pieces = np.zeros((records, places))
    for step in range(length):
        for feature in range(features):
            pieces += weights[step, feature] * x[:, step : step + places, feature]
    beginnings = pieces[:, 0]
    if len(np.unique(beginnings)) < DISTINCT * records:
        return False
    return bool(np.isin(beginnings, pieces[:, 1:]).mean() >= SHARED)


def stride(x: Array) -> int:
    """Return how many steps after another each window `[timesteps, features]` of a series begins.

    0 where neighbours share nothing, as of windows that are shuffled.
    """
    x = x[:LOOKED_AT]
    timesteps = x.shape[1]
    for step in range(1, timesteps):
        shared = (x[:-1, step:] == x[1:, : timesteps - step]).all(axis=(1, 2))
        if shared.mean() >= IN_ORDER:
            return step
    return 0
