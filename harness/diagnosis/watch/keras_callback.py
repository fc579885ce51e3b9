"""Hears of every batch that `fit` trains on."""

from typing import TYPE_CHECKING, Any

import numpy as np

from harness.diagnosis.guard import guarded
from harness.diagnosis.watch.keras_training import KerasTraining, note_start

if TYPE_CHECKING:
    from harness.diagnosis.watch.keras_recorder import KerasRecorder


def make_callback(base: Any) -> Any:
    """A Keras callback that writes down losses; made late, as Keras is imported late."""

    class Listener(base):  # type: ignore[misc]  # Keras ships no types
        def __init__(self, recorder: "KerasRecorder", training: KerasTraining) -> None:
            super().__init__()
            self.recorder, self.training = recorder, training
            self.guard = recorder.guard
            self.before, self.count = 0.0, 0
            self.seen: list[Any] = []

        @guarded
        def on_train_begin(self, logs: Any = None) -> None:
            if self.training.start is None:
                note_start(self.training)

        @guarded
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.seen = []
            if not self.training.rates:  # later callbacks than ours set none
                self.training.rates.append(rate(self.training.optimizer))

        @guarded
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.recorder.clock += 1
            self.training.last = self.recorder.clock
            if logs and "loss" in logs:
                self.seen.append(logs["loss"])

        @guarded
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            means = np.array([float(value) for value in self.seen])
            counts = np.arange(1, len(means) + 1)
            with np.errstate(invalid="ignore"):
                self.training.losses += np.diff(means * counts, prepend=0.0).tolist()
            self.training.epochs.append({k: float(v) for k, v in (logs or {}).items()})
            self.training.rates.append(rate(self.training.optimizer))

    return Listener


def rate(optimizer: Any) -> float:
    """The learning rate as it is now; NaN where it is none."""
    try:
        return float(optimizer.learning_rate)
    except (TypeError, ValueError, AttributeError):
        return float("nan")
