"""How a run that did not converge failed: enumerated, each with its definition and sentence."""

from enum import StrEnum

import numpy as np

from harness.history import Floats, History, Stop, reached
from harness.scenario.criterion import ConvergenceRule

DIVERGED_FACTOR = 2.0
"""A loss twice its start is no noise: a constant guess stays at the start."""

OVERFIT_RISE = 1.1
"""Validation loss 10 % above its lowest: generalisation loss GL > 10 (Prechelt 1998, "Early
stopping, but when?", where 5 is the strictest criterion that still stopped in time)."""

LEARNT = 0.5
"""Training counts as having worked once its loss has halved."""

IMPROVING_SHARE = 0.05
"""Falling by less than a twentieth between the last two quarters is standing still."""

IMPROVING_TAU = -0.5
"""Kendall's tau of loss against time (Mann 1945): three of four pairs of epochs must fall."""

SWING = 0.1
"""A mean epoch-to-epoch change of a tenth of the loss is a swing, not jitter."""

SWING_PATH = 4.0
"""Ups and downs this many times longer than the way they led."""


class Symptom(StrEnum):
    """What a failed run looks like, most telling first: the first that fits is reported."""

    CRASHED = "crashed"
    TIMED_OUT = "timed_out"
    NON_FINITE_AT_START = "non_finite_at_start"
    DIVERGED = "diverged"
    OVERFIT = "overfit"
    RELAPSED = "relapsed"
    STILL_IMPROVING = "still_improving"
    OSCILLATING = "oscillating"
    NO_BETTER_THAN_GUESSING = "no_better_than_guessing"
    PLATEAUED = "plateaued"


SENTENCES = {
    Symptom.CRASHED: "training raised an exception",
    Symptom.TIMED_OUT: "the wall-clock limit ended training",
    Symptom.NON_FINITE_AT_START: "the loss was no finite number at step 0, before any update",
    Symptom.DIVERGED: "the training loss became non-finite or twice what it was at the start",
    Symptom.OVERFIT: "training records were learnt, validation records were not",
    Symptom.RELAPSED: "the criterion was met, but not for as many evaluations as it must hold",
    Symptom.STILL_IMPROVING: "the training loss was still falling when the budget ended",
    Symptom.OSCILLATING: "the training loss swung up and down without getting anywhere",
    Symptom.NO_BETTER_THAN_GUESSING: "the metric stopped where the best trivial guess is: a class, "
    "a constant, a value seen before",
    Symptom.PLATEAUED: "the training loss stopped moving short of the criterion",
}


def symptom_of(history: History, converged: ConvergenceRule) -> Symptom:
    """Return how a run that did not converge failed."""
    loss = history.train_loss
    if history.stopped is Stop.CRASHED:
        return Symptom.CRASHED
    if history.stopped is Stop.TIME_LIMIT:
        return Symptom.TIMED_OUT
    if history.stopped is Stop.NON_FINITE and history.steps == 0:
        return Symptom.NON_FINITE_AT_START
    if history.stopped is Stop.NON_FINITE or loss[-1] > DIVERGED_FACTOR * loss[0]:
        return Symptom.DIVERGED
    if converged.on == "validation" and _overfit(history, converged):
        return Symptom.OVERFIT
    if reached(history.judged_metric(converged), converged).any():
        return Symptom.RELAPSED
    if _improving(loss):
        return Symptom.STILL_IMPROVING
    if _oscillating(loss):
        return Symptom.OSCILLATING
    guess, judged = history.guess, history.judged_metric(converged)
    if guess is not None and guess.matches(judged[-1]):
        return Symptom.NO_BETTER_THAN_GUESSING
    return Symptom.PLATEAUED


def _overfit(history: History, converged: ConvergenceRule) -> bool:
    """Training records meet the criterion, or validation loss rises while training loss fell."""
    if reached(history.train_metric[-1:], converged)[0]:
        return True
    learnt = history.train_loss[-1] < LEARNT * history.train_loss[0]
    validation = history.validation_loss
    return bool(learnt and validation[-1] > OVERFIT_RISE * validation.min())


def _improving(loss: Floats) -> bool:
    late = loss[len(loss) // 2 :]
    if len(late) < 2:  # noqa: PLR2004  # a trend needs two points
        return False
    before, after = np.median(late[: len(late) // 2]), np.median(late[len(late) // 2 :])
    return bool(before - after > IMPROVING_SHARE * before and kendall_tau(late) <= IMPROVING_TAU)


def _oscillating(loss: Floats) -> bool:
    late = loss[len(loss) // 2 :]
    steps = np.abs(np.diff(late))
    if not len(steps):
        return False
    far = steps.sum() >= SWING_PATH * abs(late[-1] - late[0])
    return bool(far and steps.mean() > SWING * np.abs(late).mean())


def kendall_tau(values: Floats) -> float:
    """Return Kendall's tau (a) of values `[n]` against their order: -1 if each falls."""
    later, earlier = np.triu_indices(len(values), 1)[::-1]
    return float(np.sign(values[later] - values[earlier]).mean())
