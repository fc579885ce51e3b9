"""One seed of a case in Keras: its own `train_on_batch`, in the order that all backends share."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.backends.keras.arrays import inputs_of, rows_of, targets_of, weights_of
from harness.backends.keras.model import KerasModel
from harness.backends.loop import SeedTraining
from harness.dataset import Dataset, build
from harness.guesses import guesses_of
from harness.history import FIRST_STEPS, Floats, Recorder, Stop
from harness.scenario import Case, plateau_of, rate_factor

Array = NDArray[Any]
Indices = NDArray[np.int64]
Arrays = tuple[Array, Array | None]


class TracedCase:
    """The seeds of a case, one after another, on one traced model."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._models: dict[tuple[int, ...], KerasModel] = {}

    def start(self, seed: int) -> "KerasRun":
        """Return the run of ``seed``, at its starting weights."""
        data = build(self.case, seed)
        sizes = data.features, data.outputs, data.padded  # a file's may differ from split to split
        if sizes not in self._models:
            self._models[sizes] = KerasModel(self.case, data)
        return KerasRun(self._models[sizes], data, seed)


class KerasRun(SeedTraining[Indices]):
    """One seed of a case: its data and compiled `keras.Model`."""

    def __init__(self, model: KerasModel, data: Dataset, seed: int) -> None:
        self.case, self.seed, self.data = model.case, seed, data
        self.train_set = self._arrays(data.x, data.y)
        self.validation_set = self._arrays(data.x_validation, data.y_validation)
        model.start(seed)
        self.model, self.layers, self.gradient = model.model, model.layers, model.gradient
        self.plateau = plateau_of(self.case.training)
        guesses = guesses_of(self.case.converged.metric, self.case.training, data)
        declared = self.case.training, self.case.converged
        self.recorder = Recorder(seed, *declared, model.names, guesses)

    def split(self, order: Indices) -> Sequence[Indices]:
        """Split record numbers into batches."""
        size = self.case.training.batch_size
        return np.split(order, range(size, len(order), size))

    def step(self, batch: Indices) -> None:
        """Take one optimisation step on the records ``batch``."""
        self._set_rate()
        kept = self.recorder.steps < FIRST_STEPS
        if kept:
            self.model.reset_metrics()  # the loss that Keras returns is the mean since then
        loss = self.model.train_on_batch(*self._records(batch))
        if kept:
            self.recorder.first_losses.append(float(loss))
        self.recorder.steps += 1

    def measured_step(self, batch: Indices) -> tuple[Floats, Floats]:
        """Take a step; return each layer's gradient norm and relative update."""
        parts = iter(self.gradient(*self._records(batch)))
        gradient = [
            _norm([next(parts) for _ in layer.trainable_variables]) for layer in self.layers
        ]
        before = [layer.get_weights() for layer in self.layers]
        self.step(batch)
        ratio = [
            _norm([new - old for new, old in zip(layer.get_weights(), olds, strict=True)])
            / max(_norm(olds), 1e-30)
            for layer, olds in zip(self.layers, before, strict=True)
        ]
        return np.array(gradient), np.array(ratio)

    def evaluate(self) -> Stop | None:
        """Record loss and metric of both sets; return why to stop, if so."""
        return self.recorder.evaluate(
            self._score(*self.train_set), self._score(*self.validation_set)
        )

    def adapt_rate(self, loss: float) -> None:
        """Tell the schedule the loss after an epoch, if it waits for one."""
        if self.plateau is not None:
            self.plateau.see(loss)

    def _score(self, x: Array, y: Array, of: Arrays) -> tuple[float, float]:
        if len(y) == 0:
            return float("nan"), float("nan")
        outputs, there = self.model.predict_on_batch(x), rows_of(self.data, y)
        targets, weight = (None if each is None else each[there] for each in of)
        loss = float(self.model.loss(targets, outputs[there], sample_weight=weight))
        return loss, self.metric(outputs[there], y[there], loss)

    def _records(self, batch: Indices) -> tuple[Array, Array, Array | None]:
        x, _, (targets, weight) = self.train_set
        return x[batch], targets[batch], None if weight is None else weight[batch]

    def _set_rate(self) -> None:
        training = self.case.training
        if training.constant_rate:
            return
        steps_per_epoch = -(-len(self.data.y) // training.batch_size)
        factor = rate_factor(training, self.recorder.steps, steps_per_epoch)
        factor *= self.plateau.factor if self.plateau else 1.0
        self.model.optimizer.learning_rate = training.learning_rate * factor

    def _arrays(self, x: Array, y: Array) -> tuple[Array, Array, Arrays]:
        """Return inputs, targets, and both as Keras takes them: targets and their weights."""
        data, training = self.data, self.case.training
        of = targets_of(data, training, y), weights_of(data, training, y)
        return inputs_of(data, x, training.dtype), y, of


def _norm(arrays: list[Array]) -> float:
    return float(np.sqrt(sum(float(np.sum(np.square(array))) for array in arrays)))
