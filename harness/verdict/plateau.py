"""Is a plateau going to end? Its loss falls by ever more, though accuracy does not show it yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from harness.verdict.symptom import kendall_tau

LEAST = 5
"""Epochs; below that a trend of falls (one less than losses) cannot be told from chance: of four
falls in a random order 1 in 24 rises throughout."""

RISING = 0.5
"""Kendall's tau of the falls against time: three of four pairs of epochs fall by more later."""


@dataclass(frozen=True)
class Plateau:
    """The epochs before a training loss began to move visibly.

    Attributes:
        epochs: how many.
        start, end: the loss before and after them.
        first, last: how far it fell in the first and in the last of them.
        ends: whether it fell throughout, and by ever more: such a plateau ends by itself, as what
            leaves a saddle does (a fall that stays the same is a rate too low).
    """

    epochs: int
    start: float
    end: float
    first: float
    last: float
    ends: bool


def plateau_of(losses: Sequence[float | None], epochs: int) -> Plateau | None:
    """Describe the plateau of a training loss.

    Args:
        losses: `[epochs + 1]`, from before training; ``None`` where it was not finite.
        epochs: that the plateau lasted.

    Returns:
        What it is like, ``None`` for one too short to tell.
    """
    finite = list(takewhile(lambda loss: loss is not None, losses[: epochs + 1]))
    values = np.array(finite, np.float64)
    if epochs < LEAST or len(values) <= LEAST:
        return None
    falls = -np.diff(values)
    ends = bool((falls[1:] > 0).all() and kendall_tau(falls) >= RISING)
    start, end = float(values[0]), float(values[-1])
    return Plateau(len(falls), start, end, float(falls[0]), float(falls[-1]), ends)
