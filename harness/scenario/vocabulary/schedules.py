"""The schedules: by what the learning rate is multiplied as training goes on."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

ScheduleName = Literal[
    "constant", "step", "exponential", "cosine", "cosine_restarts", "linear", "one_cycle", "plateau"
]
RISE, START, END = 0.3, 1 / 25, 1 / (25 * 1e4)
"""`torch.optim.lr_scheduler.OneCycleLR`'s defaults: the share of steps in which the rate rises, and
what it starts and ends at, as shares of the peak."""


@dataclass(frozen=True)
class Course:
    """Where in a schedule a step stands.

    Attributes:
        step: from 0.
        steps_per_epoch: of training.
        epochs: that the schedule is made for.
        decay, decay_epochs: as declared.
    """

    step: int
    steps_per_epoch: int
    epochs: int
    decay: float
    decay_epochs: int

    @property
    def spans(self) -> float:
        """How many times `decay_epochs` are over."""
        return self.step / (self.steps_per_epoch * self.decay_epochs)

    @property
    def steps(self) -> int:
        """That the schedule is made for."""
        return self.steps_per_epoch * self.epochs

    @property
    def progress(self) -> float:
        """The share of those that is over, at most 1."""
        return min(1.0, self.step / self.steps)


def _never(_: Course) -> float:
    return 1.0


def _step(course: Course) -> float:
    return math.pow(course.decay, math.floor(course.spans))


def _exponential(course: Course) -> float:
    return math.pow(course.decay, course.spans)


def _cosine(course: Course) -> float:
    """Fall to ``decay`` (Loshchilov & Hutter 2017, arXiv:1608.03983, eq. 5)."""
    return _fall(1.0, course.decay, course.progress)


def _restarts(course: Course) -> float:
    """Fall likewise within `decay_epochs`, then start again (as before, with T_mult = 1)."""
    return _fall(1.0, course.decay, course.spans % 1.0)


def _linear(course: Course) -> float:
    return 1 - (1 - course.decay) * course.progress


def _one_cycle(course: Course) -> float:
    """Rise, then fall to nearly nothing (Smith & Topin 2018, arXiv:1708.07120), as OneCycleLR."""
    top, last = RISE * course.steps - 1, course.steps - 1
    if course.step <= top:
        return _fall(START, 1.0, course.step / top)
    return _fall(1.0, END, min(1.0, (course.step - top) / (last - top)))


def _fall(start: float, end: float, share: float) -> float:
    """Go from ``start`` to ``end`` along half a cosine."""
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


@dataclass(frozen=True)
class Schedule:
    """The facts about one schedule.

    Attributes:
        factor: of the rate at a step.
        constant: the factor is always 1.
        planned: it is made for a number of epochs, `training.schedule_epochs`.
        waits: it changes when the loss has not improved, whatever the step: see `Plateau`.
        rises: it has a warm-up of its own.
        first_change: the least `training.epochs` in which it does what it is for, given
            `training.decay_epochs`; ``None`` if any will do.
    """

    factor: Callable[[Course], float]
    constant: bool = False
    planned: bool = False
    waits: bool = False
    rises: bool = False
    first_change: Callable[[int], int] | None = None

    @property
    def decays(self) -> bool:
        """Whether the rate falls by, or to, `training.decay`."""
        return not (self.constant or self.rises)


SCHEDULES: Mapping[ScheduleName, Schedule] = {
    "constant": Schedule(_never, constant=True),
    "step": Schedule(_step, first_change=lambda span: span + 1),
    "exponential": Schedule(_exponential),
    "cosine": Schedule(_cosine, planned=True),
    "cosine_restarts": Schedule(_restarts, first_change=lambda span: span + 1),
    "linear": Schedule(_linear, planned=True),
    "one_cycle": Schedule(_one_cycle, planned=True, rises=True),
    "plateau": Schedule(_never, waits=True, first_change=lambda span: span + 3),
}


@dataclass
class Plateau:
    """Multiplies the rate by ``decay`` when a loss has not improved for more than so many epochs.

    As `torch.optim.lr_scheduler.ReduceLROnPlateau`, whose threshold it has.
    """

    decay: float
    patience: int
    factor: float = 1.0
    best: float = math.inf
    bad: int = 0

    THRESHOLD = 1e-4

    def see(self, loss: float) -> None:
        """Look at the loss after an epoch."""
        if loss < self.best * (1 - self.THRESHOLD):
            self.best, self.bad = loss, 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            self.factor, self.bad = self.factor * self.decay, 0
