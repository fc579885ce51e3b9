"""The shape of a loss curve."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

from dataclasses import dataclass

import numpy as np

from harness.diagnosis.observations import Floats


@dataclass(frozen=True)
class Curve:
    """A loss curve in numbers.

    Attributes:
        start, end: median of the first and of the last tenth (at least one value).
        best: lowest median of a tenth.
        worst: highest finite value.
        falling: loss lost in the last fifth, as a share of all that was lost.
        slope_over_noise: fall over the second half divided by its standard error.
        spikes: share of updates at which the loss more than doubles what it was at best before.
        finite: whether all values are.
        steps: how many.
    """

    start: float
    end: float
    best: float
    worst: float
    falling: float
    slope_over_noise: float
    finite: bool
    steps: int

    @property
    def drop(self) -> float:
        """Share of the starting loss that is gone."""
        return (self.start - self.end) / abs(self.start) if self.start else 0.0


def curve(losses: Floats) -> Curve:
    """Describe losses `[steps]`, at least one."""
    finite = losses[np.isfinite(losses)]
    if not len(finite):
        return Curve(np.nan, np.nan, np.nan, np.nan, 0.0, 0.0, finite=False, steps=len(losses))
    parts = np.array_split(finite, min(10, len(finite)))
    levels = np.array([np.median(part) for part in parts])
    start = float(np.mean(finite[: max(1, min(3, len(finite) // 10))]))
    lost = start - levels[-1]
    at = -3 if len(levels) >= 3 else 0
    falling = float((levels[at] - levels[-1]) / lost) if lost > 0 else 0.0
    return Curve(
        start=start,
        end=float(levels[-1]),
        best=float(levels.min()),
        worst=float(finite.max()),
        falling=falling,
        slope_over_noise=slope_over_noise(finite[len(finite) // 2 :]),
        finite=len(finite) == len(losses),
        steps=len(losses),
    )


def slope_over_noise(losses: Floats) -> float:
    """Fall of losses `[steps]` along a straight line, over its standard error."""
    if len(losses) < 4:
        return 0.0
    time = np.arange(len(losses)) - (len(losses) - 1) / 2
    slope = float((time * losses).sum() / (time**2).sum())
    rest = losses - losses.mean() - slope * time
    error = float(np.sqrt((rest**2).sum() / max(len(losses) - 2, 1) / (time**2).sum()))
    return (
        -slope / error if error > 1e-15 else (0.0 if abs(slope) < 1e-15 else -np.sign(slope) * 99.0)
    )
