"""What one seed's training did, epoch by epoch, and when it stops."""

import math
import time
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from harness.scenario import Training
from harness.scenario.criterion import ConvergenceRule, Criterion
from harness.scenario.vocabulary.guess import Guess, Guesses

Floats = NDArray[np.float64]

FIRST_STEPS = 20
"""How many losses of single steps are kept, for comparing backends and baselines."""


class Stop(StrEnum):
    """Why training ended."""

    CONVERGED = "converged"
    NON_FINITE = "non_finite"
    BUDGET = "budget"
    TIME_LIMIT = "time_limit"
    CRASHED = "crashed"


@dataclass(frozen=True)
class History:
    """One seed's training. Evaluations are of the whole set, in evaluation mode.

    Attributes:
        seed: which one.
        stopped: why training ended.
        train_loss, train_metric, validation_loss, validation_metric: `[epochs + 1]`; entry `e` is
            measured after `e` epochs, entry 0 before training. NaN without validation records.
        layers: names of the layers, input first.
        gradient_norm: `[epochs, layers]`, of the last step of each epoch, before clipping.
        update_ratio: `[epochs, layers]`, norm of that step's update over norm of the weights.
        first_losses: `[at most 20]` losses of the first steps, each on its own batch.
        steps: optimisation steps done.
        seconds: wall-clock time of training.
        message, traceback: what was raised, if it crashed; the frames are the user's own. Of a loss
            that is not finite before any update: which record or layer is not, as far as known.
        guess: the best trivial guess on the records that the criterion looks at; ``None`` where
            none is known.
    """

    seed: int
    stopped: Stop
    train_loss: Floats
    train_metric: Floats
    validation_loss: Floats
    validation_metric: Floats
    layers: tuple[str, ...]
    gradient_norm: Floats
    update_ratio: Floats
    first_losses: Floats
    steps: int
    seconds: float
    message: str = ""
    traceback: str = ""
    guess: Guess | None = None

    @property
    def epochs(self) -> int:
        """How many epochs were trained."""
        return max(len(self.train_loss) - 1, 0)

    def skill(self, converged: ConvergenceRule) -> float:
        """The skill of the judged metric at the latest evaluation; NaN where it is not known."""
        judged = self.judged_metric(converged)
        return math.nan if self.guess is None or not len(judged) else self.guess.skill(judged[-1])

    def judged_metric(self, converged: ConvergenceRule) -> Floats:
        """The metric that the criterion looks at, `[epochs + 1]`."""
        return self.validation_metric if converged.on == "validation" else self.train_metric


def crashed(seed: int, message: str, traceback: str = "") -> History:
    """Return the history of a seed whose training raised before it could record anything."""
    none = np.zeros(0)
    return History(
        seed, Stop.CRASHED, none, none, none, none, (), none, none, none, 0, 0.0, message, traceback
    )


def reached(metric: Floats, converged: ConvergenceRule) -> NDArray[np.bool_]:
    """Tell for each evaluation whether it meets the criterion; NaN never does.

    None does where the claim is about a mean over seeds: all train their whole budget.
    """
    if converged.at_least is None and converged.at_most is None:
        return np.zeros(np.shape(metric), bool)
    low = -math.inf if converged.at_least is None else converged.at_least
    high = math.inf if converged.at_most is None else converged.at_most
    return np.asarray((metric >= low) & (metric <= high))


def converged_epoch(metric: Floats, converged: ConvergenceRule) -> int | None:
    """Return the first epoch of ``hold`` evaluations in a row that meet the criterion.

    Where the claim is about a mean over seeds: the last one, if the seed ended within the bound.
    """
    rule = Criterion.of(converged)
    if rule.of_mean:
        ended = metric[-1] if len(metric) else math.nan
        within = ended >= rule.bound if rule.upward else ended <= rule.bound
        return len(metric) - 1 if within else None
    streak = 0
    for epoch, met in enumerate(reached(metric, converged)):
        streak = streak + 1 if met else 0
        if streak == converged.hold:
            return epoch - converged.hold + 1
    return None


@dataclass
class Recorder:
    """Collects one seed's evaluations and tells when its training is over.

    What is measured where the criterion is skill is what that is of: see `harness.metrics`.
    """

    seed: int
    training: Training
    converged: ConvergenceRule
    layers: tuple[str, ...]
    guesses: Guesses = field(default_factory=Guesses)
    started: float = field(default_factory=time.perf_counter)
    evaluations: list[tuple[float, float, float, float]] = field(default_factory=list)
    gradient_norms: list[Floats] = field(default_factory=list)
    update_ratios: list[Floats] = field(default_factory=list)
    first_losses: list[float] = field(default_factory=list)
    steps: int = 0
    streak: int = 0

    def evaluate(self, train: tuple[float, float], validation: tuple[float, float]) -> Stop | None:
        """Record (loss, metric) on both sets after an epoch; return why to stop, if so."""
        if self.converged.metric == "skill":
            train = train[0], _skill(train[1], self.guesses.train)
            validation = validation[0], _skill(validation[1], self.guesses.validation)
        self.evaluations.append((*train, *validation))
        judged = validation[1] if self.converged.on == "validation" else train[1]
        met = bool(reached(np.array(judged), self.converged))
        self.streak = self.streak + 1 if met else 0
        if not math.isfinite(train[0]):
            return Stop.NON_FINITE
        if self.streak >= self.converged.hold:
            return Stop.CONVERGED
        if len(self.evaluations) > self.training.epochs:
            return Stop.BUDGET
        limit = self.training.time_limit
        if limit is not None and time.perf_counter() - self.started > limit:
            return Stop.TIME_LIMIT
        return None

    @property
    def judged_loss(self) -> float:
        """The loss of the latest evaluation, on the records that the criterion looks at."""
        return self.evaluations[-1][2 if self.converged.on == "validation" else 0]

    def layer_norms(self, gradient_norm: Floats, update_ratio: Floats) -> None:
        """Record norms `[layers]` of the epoch's last step."""
        self.gradient_norms.append(gradient_norm)
        self.update_ratios.append(update_ratio)

    def history(self, stopped: Stop, message: str = "", traceback: str = "") -> History:
        """Close the record."""
        columns = np.array(self.evaluations, np.float64).reshape(-1, 4).T
        shape = (len(self.gradient_norms), len(self.layers))
        return History(
            seed=self.seed,
            stopped=stopped,
            train_loss=columns[0],
            train_metric=columns[1],
            validation_loss=columns[2],
            validation_metric=columns[3],
            layers=self.layers,
            gradient_norm=np.array(self.gradient_norms, np.float64).reshape(shape),
            update_ratio=np.array(self.update_ratios, np.float64).reshape(shape),
            first_losses=np.array(self.first_losses, np.float64),
            steps=self.steps,
            seconds=time.perf_counter() - self.started,
            message=message,
            traceback=traceback,
            guess=self._judged_guess,
        )

    @property
    def _judged_guess(self) -> Guess | None:
        on_validation = self.converged.on == "validation"
        guess = self.guesses.validation if on_validation else self.guesses.train
        return guess.of_skill if guess and self.converged.metric == "skill" else guess


def _skill(measured: float, guess: Guess | None) -> float:
    return math.nan if guess is None else guess.skill(measured)
