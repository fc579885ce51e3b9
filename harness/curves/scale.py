"""The scale that curves are compared on: equal changes are equal distances, lower is better."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from harness.curves.measures import Floats

_MOST = 700.0  # exp of more is no float


@dataclass(frozen=True)
class Scale:
    """How values become distances, and distances become changes again.

    Attributes:
        kind: logarithms of a loss or of an accuracy, whose changes are relative; or shares of the
            accepted range, for a metric that is zero or negative somewhere.
        sign: -1 where higher values are better.
        unit: what a distance of 1 is, for shares.
    """

    kind: Literal["relative", "share"]
    sign: int
    unit: float = 1.0

    def distances(self, values: Floats) -> Floats:
        """Return values of any shape on this scale."""
        found = np.log(values) if self.kind == "relative" else values / self.unit
        return self.sign * found

    def change(self, distance: float) -> float:
        """Return the change of the metric: 0.05 for 5 % worse."""
        if self.kind == "share":
            return distance
        return more(distance) if self.sign > 0 else -more(-distance)

    def distance(self, change: float) -> float:
        """Return the distance of a change for the worse."""
        if self.kind == "share":
            return change
        return math.log1p(change) if self.sign > 0 else -math.log1p(-change)


def scale_of(accepted: Floats, measured: Floats, *, higher: bool) -> Scale:
    """Return the scale of two sides `[run, point]`."""
    sign = -1 if higher else 1
    if min(accepted.min(), measured.min()) > 0:
        return Scale("relative", sign)
    return Scale("share", sign, float(np.ptp(accepted)) or 1.0)


def more(logarithm: float) -> float:
    """Return a relative change from the logarithm of a ratio."""
    return math.inf if logarithm > _MOST else math.expm1(logarithm)
