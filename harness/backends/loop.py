"""One seed's training: the loop over epochs that backends share, and what a crash becomes."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from harness.backends.base import Watch
from harness.backends.crash import Crash, crash_of
from harness.backends.isolation import isolated
from harness.backends.raised import ends_the_test
from harness.dataset import Dataset, epoch_order
from harness.history import Floats, History, Recorder, Stop, crashed
from harness.metrics import measure
from harness.scenario import Case

Batch = TypeVar("Batch")
T = TypeVar("T")
U = TypeVar("U")


class SeedTraining(ABC, Generic[Batch]):
    """One seed of a case, ready to train. Subclasses take the steps.

    Attributes:
        case, seed, data: what is trained on.
        recorder: collects the history; it is made last, for the time limit counts from there.
    """

    case: Case
    seed: int
    data: Dataset
    recorder: Recorder

    def train(self, watch: Watch) -> History:
        """Train until the criterion, a non-finite loss, the budget or the time limit."""
        stopped = self.evaluate()
        if stopped is Stop.NON_FINITE:
            return self.recorder.history(stopped, self.not_finite_at_start())
        epoch = 0
        while stopped is None:
            self.epoch(epoch)
            epoch += 1
            stopped = self.evaluate()
            self.adapt_rate(self.recorder.judged_loss)
            watch(self.seed, epoch)
        return self.recorder.history(stopped)

    def not_finite_at_start(self) -> str:
        """Say what is not finite before any update; empty where the backend cannot tell."""
        return ""

    def epoch(self, epoch: int) -> int:
        """Train one epoch and record the norms of its last step; return its number of steps."""
        *batches, last = self.batches(epoch)
        for batch in batches:
            self.step(batch)
        self.recorder.layer_norms(*self.measured_step(last))
        return len(batches) + 1

    def batches(self, epoch: int) -> Sequence[Batch]:
        """Return the record numbers of each batch of an epoch, in training order."""
        shuffle = self.case.training.shuffle
        return self.split(epoch_order(self.seed, epoch, len(self.data.y), shuffle=shuffle))

    def metric(self, outputs: NDArray[Any], targets: NDArray[Any], loss: float) -> float:
        """Return the criterion's metric of a whole set's outputs, which have this loss.

        Where a target has several values or labels, it is the mean over them.
        """
        name, scale = self.case.converged.metric, self.data.target_scale
        columns = [(outputs, targets)]
        if targets.ndim > 1:
            columns = [(outputs[:, [n]], targets[:, n]) for n in range(targets.shape[1])]
        return float(np.mean([measure(name, *each, np.asarray(loss), scale) for each in columns]))

    def adapt_rate(self, loss: float) -> None:
        """Let a schedule that waits for losses see the one after an epoch; others need none."""

    @abstractmethod
    def split(self, order: NDArray[np.int64]) -> Sequence[Batch]:
        """Split record numbers into batches of the declared size; the last may be smaller."""

    @abstractmethod
    def step(self, batch: Batch) -> None:
        """Take one optimisation step on the records ``batch``."""

    @abstractmethod
    def measured_step(self, batch: Batch) -> tuple[Floats, Floats]:
        """Take a step; return each layer's gradient norm and relative update, `[layers]` both."""

    @abstractmethod
    def evaluate(self) -> Stop | None:
        """Record loss and metric of both sets, in evaluation mode; return why to stop, if so."""


class HasEpochs(Protocol):
    """What can train one epoch."""

    def epoch(self, epoch: int) -> int:
        """Train one epoch; return its number of steps."""


def prepare_epoch(
    surroundings: Callable[[], AbstractContextManager[object]], start: Callable[[], HasEpochs]
) -> Callable[[], int]:
    """Start a run within ``surroundings``; return what trains its first epoch within them."""
    with isolated(), surroundings():
        run = start()

    def first_epoch() -> int:
        with surroundings():
            return run.epoch(0)

    return first_epoch


def train_seed(start: Callable[[], SeedTraining[Any]], seed: int, watch: Watch) -> History:
    """Start and train one run; one that raises is a crash that keeps its finished epochs."""
    run = attempt(start, lambda crash: crashed(seed, *crash))
    if isinstance(run, History):
        return run
    return attempt(
        lambda: run.train(watch), lambda crash: run.recorder.history(Stop.CRASHED, *crash)
    )


def attempt(call: Callable[[], T], otherwise: Callable[[Crash], U]) -> T | U:
    """Return what ``call`` does, or ``otherwise`` does of what it raised.

    Whatever a user's model, a framework or a data file raises is the result of its seed; what ends
    a test or the run is not theirs.
    """
    try:
        return call()
    except BaseException as error:
        if ends_the_test(error):
            raise
        return otherwise(crash_of(error))
