"""One seed of a case in Keras: its own `train_on_batch`, in the order that all backends share."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.backends.base import Watch
from harness.backends.keras.model import Network
from harness.dataset import Dataset, build, epoch_order
from harness.history import FIRST_STEPS, History, Recorder, Stop
from harness.metrics import measure
from harness.scenario import Case, rate_factor

Array = NDArray[Any]


class Runs:
    """The seeds of a case, one after another, on one traced model."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._networks: dict[int, Network] = {}

    def start(self, seed: int) -> "Run":
        """Return the run of ``seed``, at its starting weights."""
        data = build(self.case, seed)
        if data.outputs not in self._networks:  # a file's classes may differ from split to split
            self._networks[data.outputs] = Network(self.case, data)
        return Run(self._networks[data.outputs], data, seed)


class Run:
    """One seed of a case: its data and compiled `keras.Model`, ready to train."""

    def __init__(self, network: Network, data: Dataset, seed: int) -> None:
        self.case, self.seed, self.data = network.case, seed, data
        self.train_set = self._arrays(data.x, data.y)
        self.validation_set = self._arrays(data.x_validation, data.y_validation)
        network.start(seed)
        self.model, self.layers, self.gradient = network.model, network.layers, network.gradient
        case = network.case
        self.recorder = Recorder(seed, case.training, case.converged, network.names)

    def train(self, watch: Watch) -> History:
        """Train until the criterion, a non-finite loss, the budget or the time limit."""
        stopped = self._evaluate()
        epoch = 0
        while stopped is None:
            self.epoch(epoch)
            epoch += 1
            stopped = self._evaluate()
            watch(self.seed, epoch)
        return self.recorder.history(stopped)

    def epoch(self, epoch: int) -> int:
        """Train one epoch; return its number of steps."""
        *batches, last = self._batches(epoch)
        for batch in batches:
            self._step(batch)
        self._measured_step(last)
        return len(batches) + 1

    def _batches(self, epoch: int) -> list[NDArray[np.int64]]:
        training, records = self.case.training, len(self.data.y)
        order = epoch_order(self.seed, epoch, records, shuffle=training.shuffle)
        return np.split(order, range(training.batch_size, records, training.batch_size))

    def _step(self, batch: NDArray[np.int64]) -> None:
        self._set_rate()
        kept = self.recorder.steps < FIRST_STEPS
        if kept:
            self.model.reset_metrics()  # the loss that Keras returns is the mean since then
        loss = self.model.train_on_batch(*self._records(batch))
        if kept:
            self.recorder.first_losses.append(float(loss))
        self.recorder.steps += 1

    def _measured_step(self, batch: NDArray[np.int64]) -> None:
        """Take a step and record how large gradient and update were, layer by layer."""
        parts = iter(self.gradient(*self._records(batch)))
        gradient = [
            _norm([next(parts) for _ in layer.trainable_variables]) for layer in self.layers
        ]
        before = [layer.get_weights() for layer in self.layers]
        self._step(batch)
        ratio = [
            _norm([new - old for new, old in zip(layer.get_weights(), olds, strict=True)])
            / max(_norm(olds), 1e-30)
            for layer, olds in zip(self.layers, before, strict=True)
        ]
        self.recorder.layer_norms(np.array(gradient), np.array(ratio))

    def _records(self, batch: NDArray[np.int64]) -> tuple[Array, Array, Array | None]:
        x, y, weight = self.train_set
        return x[batch], y[batch], None if weight is None else weight[batch]

    def _set_rate(self) -> None:
        training = self.case.training
        if training.constant_rate:
            return
        steps_per_epoch = -(-len(self.data.y) // training.batch_size)
        factor = rate_factor(training, self.recorder.steps, steps_per_epoch)
        self.model.optimizer.learning_rate = training.learning_rate * factor

    def _evaluate(self) -> Stop | None:
        return self.recorder.evaluate(
            self._score(*self.train_set), self._score(*self.validation_set)
        )

    def _score(self, x: Array, y: Array, weight: Array | None) -> tuple[float, float]:
        if len(y) == 0:
            return float("nan"), float("nan")
        outputs = self.model.predict_on_batch(x)
        loss = float(self.model.loss(y, outputs, sample_weight=weight))
        targets = y if self.data.classes else y[:, 0]
        metric, scale = self.case.converged.metric, self.data.target_scale
        return loss, float(measure(metric, outputs, targets, np.asarray(loss), scale))

    def _arrays(self, x: Array, y: Array) -> tuple[Array, Array, Array | None]:
        """Return inputs, targets (values as a column, like the outputs) and record weights."""
        dtype, weights = self.case.training.dtype, self.data.class_weights
        if not self.data.classes:
            return x.astype(dtype), y.astype(dtype)[:, None], None
        return x.astype(dtype), y, None if weights is None else weights[y].astype(dtype)


def _norm(arrays: list[Array]) -> float:
    return float(np.sqrt(sum(float(np.sum(np.square(array))) for array in arrays)))
