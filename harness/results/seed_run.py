"""What one seed's training did and how it was judged, in numbers that JSON holds."""

import hashlib
import math
from dataclasses import dataclass

import numpy as np

from harness.history import Floats, History, Stop
from harness.scenario.criterion import ConvergenceRule, Criterion
from harness.verdict import Symptom, phases, symptom_of

Numbers = tuple[float | None, ...]
"""Numbers as JSON can hold them: non-finite ones are ``None``."""


@dataclass(frozen=True)
class SeedRun:
    """One seed of a case. Numbers have 9 significant digits; float32 has 7.2.

    Attributes:
        seed: which one.
        stopped: why training ended.
        symptom: how it failed, ``None`` if it converged.
        converged_at: epochs to converge, ``None`` if it did not.
        plateau: epochs before the loss began to fall.
        transition: epochs from there until it converged, or ended.
        train_loss, train_metric, validation_loss, validation_metric: `[epochs + 1]`, from before
            training; ``None`` without validation records.
        layers: names of the layers, input first.
        gradient_norm: `[epochs][layers]`, of the last step of each epoch, before clipping.
        update_ratio: `[epochs][layers]`, norm of that step's update over norm of the weights.
        first_losses: of the first steps, at most 20.
        steps: optimisation steps.
        seconds: wall-clock time.
        message: what the training raised, empty where it raised nothing.
        traceback: of that.
        guess, guessed_by: the judged metric that the best trivial guess reaches, and what it is;
            ``None`` where none is known.
        skill: one minus the error over the guess's, of the judged metric as training ended.
        no_better: whether that is no better than the guess.
        curves: a digest of every recorded number in full precision, equal for two trainings that
            are the same bit for bit; empty in records that were made before there was one.
    """

    seed: int
    stopped: Stop
    symptom: Symptom | None
    converged_at: int | None
    plateau: int
    transition: int
    train_loss: Numbers
    train_metric: Numbers = ()
    validation_loss: Numbers = ()
    validation_metric: Numbers = ()
    layers: tuple[str, ...] = ()
    gradient_norm: tuple[Numbers, ...] = ()
    update_ratio: tuple[Numbers, ...] = ()
    first_losses: Numbers = ()
    steps: int = 0
    seconds: float = 0.0
    message: str = ""
    traceback: str = ""
    guess: float | None = None
    guessed_by: str = ""
    skill: float | None = None
    no_better: bool = False
    curves: str = ""

    def judged_metric(self, criterion: Criterion) -> Numbers:
        """The metric that the criterion looks at, `[epochs + 1]`."""
        return self.validation_metric if criterion.on == "validation" else self.train_metric


def seed_run(history: History, converged: ConvergenceRule) -> SeedRun:
    """Judge a seed, in full precision, and keep what was measured."""
    split, guess = phases(history, converged), history.guess
    judged = history.judged_metric(converged)
    raised = history.stopped is Stop.CRASHED  # as it was closed, maybe
    converged_at = None if raised else split.converged_at
    return SeedRun(
        seed=history.seed,
        stopped=history.stopped,
        symptom=None if converged_at is not None else symptom_of(history, converged),
        converged_at=converged_at,
        plateau=split.plateau,
        transition=split.transition,
        train_loss=numbers(history.train_loss),
        train_metric=numbers(history.train_metric),
        validation_loss=numbers(history.validation_loss),
        validation_metric=numbers(history.validation_metric),
        layers=history.layers,
        gradient_norm=tuple(map(numbers, history.gradient_norm)),
        update_ratio=tuple(map(numbers, history.update_ratio)),
        first_losses=numbers(history.first_losses),
        steps=history.steps,
        seconds=round(history.seconds, 4),
        message=history.message,
        traceback=history.traceback,
        guess=None if guess is None else number(guess.value),
        guessed_by="" if guess is None else guess.by,
        skill=number(history.skill(converged)),
        no_better=bool(guess and len(judged) and guess.matches(judged[-1])),
        curves=digest(history),
    )


def digest(history: History) -> str:
    """Return a digest of all that was recorded but the time that it took, 16 hexadecimal digits."""
    recorded = {
        name: np.where(np.isnan(value), np.nan, value).tobytes()  # a NaN has many bit patterns
        if isinstance(value, np.ndarray)
        else repr(value).encode()
        for name, value in vars(history).items()
        if name not in ("seconds", "traceback", "guess")
    }
    parts = [name.encode() + value for name, value in sorted(recorded.items())]
    return hashlib.sha256(b"\n".join(parts)).hexdigest()[:16]


def numbers(values: Floats) -> Numbers:
    """Return values as JSON can hold them, to 9 significant digits."""
    return tuple(map(number, values.tolist()))


def number(value: float) -> float | None:
    """Return one of them."""
    return float(f"{value:.9g}") if math.isfinite(value) else None


def relative_difference(one: float | None, other: float | None) -> float:
    """Return the relative difference of two such numbers; infinite if one alone is not finite."""
    if one == other:
        return 0.0
    if one is None or other is None:
        return math.inf
    return abs(one - other) / max(abs(one), abs(other))
