"""Offsets and spreads of numbers."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

from dataclasses import dataclass

import numpy as np

from harness.diagnosis.observations import Array

ELSEWHERE = 5.0
"""Spreads of known numbers by which others may lie apart: a series that goes on beyond what was
trained on is told worse the further it is, and at more it is in another unit."""


@dataclass(frozen=True)
class Scale:
    """Offset and spread of numbers.

    Attributes:
        offset: largest absolute mean of a feature.
        spread: largest standard deviation of a feature.
        smallest: smallest standard deviation of a feature that is not constant.
        largest: largest absolute value.
    """

    offset: float
    spread: float
    smallest: float
    largest: float

    @property
    def ratio(self) -> float:
        """Largest spread of a feature over the smallest."""
        return self.spread / self.smallest if self.smallest > 0 else 1.0


def apart(values: Array, known: Array) -> float:
    """By how many spreads of known numbers the mean of others lies from theirs."""
    return abs(float(values.mean() - known.mean())) / max(float(known.std()), 1e-12)


def correlation(one: Array, other: Array) -> float:
    """How far two sets of as many numbers go along with each other; 0 where one does not vary."""
    first, second = (values.reshape(-1).astype(np.float64) for values in (one, other))
    size = float(first.std() * second.std())
    if not np.isfinite(size) or size == 0:
        return 0.0
    return float(np.mean((first - first.mean()) * (second - second.mean()))) / size


def scale(values: Array) -> Scale:
    """Measure values `[records, ..., features]`, each feature over records and time."""
    flat = values.reshape(-1, values.shape[-1]) if values.ndim > 1 else values.reshape(-1, 1)
    flat = np.where(np.isfinite(flat), flat, 0.0).astype(np.float64)
    spread = flat.std(0)
    varied = spread[spread > 1e-9]
    return Scale(
        offset=float(np.abs(flat.mean(0)).max()),
        spread=float(spread.max()),
        smallest=float(varied.min()) if len(varied) else 0.0,
        largest=float(np.abs(flat).max()),
    )


def together(scales: list[Scale]) -> Scale | None:
    """Of several tensors what is largest, and the smallest spread; ``None`` of none."""
    if not scales:
        return None
    return Scale(
        offset=max(each.offset for each in scales),
        spread=max(each.spread for each in scales),
        smallest=min((each.smallest for each in scales if each.smallest), default=0.0),
        largest=max(each.largest for each in scales),
    )
