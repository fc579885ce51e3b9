"""Curves of several seeds: their band, and as many of their points as anyone sees."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harness.history import Floats
from harness.results.seed_run import Numbers, SeedRun

KEPT = 24
"""Epochs of an accepted band: enough to draw it by, and a kilobyte of the baseline's file."""


@dataclass(frozen=True)
class Band:
    """A curve over several seeds, to 4 digits.

    Attributes:
        epochs: a few of them, the first and the last among them.
        low: the lowest value over the seeds, at each of these epochs.
        median: likewise.
        high: likewise.
    """

    epochs: tuple[int, ...]
    low: tuple[float, ...]
    median: tuple[float, ...]
    high: tuple[float, ...]

    def dense(self) -> Floats:
        """Return `[3, epochs + 1]`, NaN where it is not known."""
        found = np.full((3, self.epochs[-1] + 1), np.nan)
        found[:, list(self.epochs)] = self.low, self.median, self.high
        return found


def kept_band(curves: Sequence[Numbers]) -> Band | None:
    """Return what a baseline keeps of curves, ``None`` where nothing is finite."""
    found = bands(curves)
    epochs = thinned(np.flatnonzero(np.isfinite(found[1])).tolist(), KEPT)
    rows = [tuple(float(f"{value:.4g}") for value in row[epochs].tolist()) for row in found]
    return Band(tuple(epochs), *rows) if epochs else None


def loss_bands(runs: Sequence[SeedRun]) -> Floats:
    """Return lowest, median and highest training loss over the seeds, `[3, epochs + 1]`."""
    return bands([run.train_loss for run in runs])


def bands(curves: Sequence[Numbers]) -> Floats:
    """Return lowest, median and highest value over the seeds, `[3, epochs + 1]`.

    A seed that stopped keeps its last value; NaN where no seed has a finite one.
    """
    length = max(map(len, curves), default=0)
    values = np.full((len(curves), length), np.nan)
    for row, curve in zip(values, curves, strict=True):
        row[: len(curve)] = np.array(curve, np.float64)
        row[len(curve) :] = row[len(curve) - 1] if len(curve) else np.nan
    return _lowest_median_highest(values) if len(curves) else np.empty((3, 0))


def beside(first: Floats, second: Floats) -> Floats:
    """Return both bands, `[2, 3, epochs + 1]`: the last values of the shorter go on."""
    length = max(first.shape[1], second.shape[1])
    return np.stack([_as_long_as(length, each) for each in (first, second)])


def _as_long_as(length: int, found: Floats) -> Floats:
    if not found.shape[1]:
        return np.full((3, length), np.nan)
    missing = length - found.shape[1]
    return np.concatenate([found, np.repeat(found[:, -1:], missing, axis=1)], axis=1)


def _lowest_median_highest(values: Floats) -> Floats:
    """Return these of each column, `[3, columns]`, NaN left out, faster than NumPy's."""
    ordered = np.sort(values, axis=0)  # NaN last
    count, column = np.isfinite(values).sum(axis=0), np.arange(values.shape[1])
    middle = (ordered[(count - 1) // 2, column] + ordered[count // 2, column]) / 2
    return np.stack([ordered[0], middle, ordered[count - 1, column]])


def thinned(places: Sequence[int], most: int) -> list[int]:
    """Return at most ``most`` of these places, evenly chosen, both ends among them."""
    if not len(places):
        return []
    chosen = np.linspace(0, len(places) - 1, most).astype(int)
    found: list[int] = np.unique(np.asarray(places)[chosen]).tolist()
    return found
