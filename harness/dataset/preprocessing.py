"""What is done to records before training; whatever is fitted is fitted on training records only.

Inputs are float64 `[records, timesteps, features]`, NaN where padded; targets `[records]` or
`[records, timesteps]`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.scenario import Data
from harness.scenario.data import Floats

Array = NDArray[Any]


def center_and_spread(data: Data, x: Floats) -> tuple[Floats, Floats]:
    """Return what is subtracted from each feature, and what it is then divided by.

    A feature that is constant in training is only shifted.
    """
    there = ~np.isnan(x[..., 0])
    steps = x if there.all() else x[there][None]  # what is there, of padded records
    match data.normalize:
        case "none":
            return np.zeros(x.shape[2]), np.ones(x.shape[2])
        case "standard":
            center, spread = steps.mean(axis=(0, 1)), steps.std(axis=(0, 1))
        case "minmax":
            center, spread = steps.min(axis=(0, 1)), np.ptp(steps, axis=(0, 1))
    constant = np.ptp(steps, axis=(0, 1)) == 0  # rounding can give one a tiny standard deviation
    return center, np.where(constant, 1.0, spread)


def balanced_weights(y: Array, classes: int) -> Floats:
    """Weights inverse to class frequency, mean 1 over records (King & Zeng 2001)."""
    counts = np.bincount(y, minlength=classes)
    return len(y) / (np.count_nonzero(counts) * np.maximum(counts, 1))


def oversample(x: Floats, y: Array, classes: int, rng: np.random.Generator) -> tuple[Floats, Array]:
    """Repeat records, drawn at random, until every class that occurs is as frequent as the most."""
    counts = np.bincount(y, minlength=classes)
    extra = [
        rng.choice(np.flatnonzero(y == label), counts.max() - count)
        for label, count in enumerate(counts)
        if count
    ]
    chosen = np.concatenate([np.arange(len(y)), *extra])
    return x[chosen], y[chosen]


def add_noisy_copies(
    data: Data, x: Floats, y: Array, rng: np.random.Generator
) -> tuple[Floats, Array]:
    """Append `jitter_copies` copies of every record, each value with noise of its own."""
    if not data.jitter_copies:
        return x, y
    copies = np.tile(x, (data.jitter_copies, 1, 1))
    copies = copies + rng.normal(0.0, data.jitter, copies.shape)
    return np.concatenate([x, copies]), np.concatenate([y] * (data.jitter_copies + 1))
