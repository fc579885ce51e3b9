"""The schedules: by what the learning rate is multiplied as training goes on."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

ScheduleName = Literal["constant", "step", "exponential", "cosine"]


def _never(_decay: float, _spans: float, _progress: float) -> float:
    return 1.0


def _step(decay: float, spans: float, _progress: float) -> float:
    return math.pow(decay, math.floor(spans))


def _exponential(decay: float, spans: float, _progress: float) -> float:
    return math.pow(decay, spans)


def _cosine(decay: float, _spans: float, progress: float) -> float:
    """Fall to ``decay`` (Loshchilov & Hutter 2017, arXiv:1608.03983, eq. 5)."""
    return decay + (1 - decay) * (1 + math.cos(math.pi * progress)) / 2


@dataclass(frozen=True)
class Schedule:
    """The facts about one schedule.

    Attributes:
        factor: of the rate, from `training.decay`, how many times `decay_epochs` are over, and
            the share of the budget that is over, at most 1.
        constant: the factor is always 1.
    """

    factor: Callable[[float, float, float], float]
    constant: bool = False


SCHEDULES: Mapping[ScheduleName, Schedule] = {
    "constant": Schedule(_never, constant=True),
    "step": Schedule(_step),
    "exponential": Schedule(_exponential),
    "cosine": Schedule(_cosine),
}
