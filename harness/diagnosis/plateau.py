"""A plateau that ends: the loss falls all along, by less than accuracy can show."""

from dataclasses import dataclass

import numpy as np

from harness.diagnosis.curve import slope_over_noise
from harness.diagnosis.observations import Floats

LEFT = 0.85
"""Share of a constant guess's loss below which decisions change: accuracy begins to move."""

LONG = 0.1
"""Share of all updates from which somebody asks why nothing moves."""

STEADY = 0.5
"""Share of the average fall of an update above which a training is steady, not stuck at first."""

FEWEST = 20
SURE = 2.0
"""Standard errors of the slope: what falls by less may as well not fall."""


@dataclass(frozen=True)
class Plateau:
    """Updates before the loss leaves the level of a constant guess.

    Attributes:
        updates: how many.
        fell: share of the first loss that is gone at its end.
        slope_over_noise: the fall over its standard error.
        ended: whether the loss has left that level.
    """

    updates: int
    fell: float
    slope_over_noise: float
    ended: bool

    def sentence(self, steps_an_epoch: float | None) -> str:
        """What it means, for somebody who waits."""
        epochs = f" ({self.updates / steps_an_epoch:.0f} epochs)" if steps_an_epoch else ""
        surely = f"slowly but surely (its slope is {self.slope_over_noise:.1f} standard errors)"
        says = "nothing was wrong, it had to be waited for" if self.ended else "wait"
        return (
            f"For the first {self.updates} updates{epochs} the loss fell by {self.fell:.0%} only, "
            f"{surely}: too little for accuracy to show. A plateau that falls comes to an end: "
            f"{says}."
        )


def plateau(losses: Floats, trivial: float) -> Plateau | None:
    """Find a plateau at the start that falls; ``None`` without one.

    Args:
        losses: `[steps]` training loss.
        trivial: loss of a constant guess, in the same unit.
    """
    if len(losses) < FEWEST or not np.isfinite(losses).all() or trivial <= 0:
        return None
    window = max(5, len(losses) // 50)
    smooth = np.convolve(losses, np.ones(window) / window, mode="valid")
    below = np.flatnonzero(smooth < LEFT * trivial)
    at = int(below[0]) if len(below) else len(losses)
    if at < max(FEWEST, LONG * len(losses)):
        return None
    part = losses[:at]
    slope = slope_over_noise(part)
    if slope < SURE:
        return None
    first, last = (float(np.mean(side)) for side in (part[:window], part[-window:]))
    whole = float(np.mean(losses[:window]) - np.mean(losses[-window:]))
    if len(below) and (first - last) / at > STEADY * whole / len(losses):
        return None
    return Plateau(at, (first - last) / first, slope, ended=bool(len(below)))
