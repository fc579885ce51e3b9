"""Where a value lies along an axis of a curve, and which values get a mark."""

import math
from dataclasses import dataclass

LOG_RATIO = 100.0
"""Over more than two decades a linear axis hides all but the largest values."""


@dataclass(frozen=True)
class Axis:
    """A linear or logarithmic scale from values to points.

    Attributes:
        low, high: the values at both ends, ``low < high``; both positive on a logarithmic scale.
        start, end: where these lie, in points.
        log: whether equal ratios, not equal differences, are equally long.
    """

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """Return where ``value`` lies, within the axis."""
        low, high = self.low, self.high
        if self.log:
            low, high, value = math.log10(low), math.log10(high), math.log10(max(value, low))
        share = min(max((value - low) / (high - low), 0.0), 1.0)
        return self.start + share * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        """Return about four round values."""
        if self.log:
            first, last = math.ceil(math.log10(self.low)), math.floor(math.log10(self.high))
            every = max(1, (last - first + 3) // 4)
            return [10.0**power for power in range(first, last + 1, every)]
        step = _round_step((self.high - self.low) / 4)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return [index * step for index in range(first, last + 1)]


def _round_step(rough: float) -> float:
    """Return 1, 2 or 5 times a power of ten, not below ``rough``."""
    power: float = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)


def loss_axis(lowest: float, highest: float, start: float, end: float) -> Axis:
    """Return the axis of a loss: logarithmic where it spans decades, otherwise from 0.

    Args:
        lowest: the smallest positive loss.
        highest: the largest loss.
        start: where the axis begins, in points.
        end: where it ends.
    """
    if lowest > 0 and highest > LOG_RATIO * lowest:
        return Axis(lowest, highest, start, end, log=True)
    return Axis(0.0, 1.05 * highest if highest > 0 else 1.0, start, end)


def value_axis(lowest: float, highest: float, start: float, end: float) -> Axis:
    """Return the axis of a metric: from 0 where that costs little room, linear.

    Args:
        lowest: the smallest value.
        highest: the largest value.
        start: where the axis begins, in points.
        end: where it ends.
    """
    low = 0.0 if 0 <= lowest <= highest / 2 else lowest
    room = 0.05 * (highest - low) or 1.0
    return Axis(low if low == 0 else low - room, highest + room, start, end)
