"""Listens to `fit`, `train_on_batch` and `evaluate` of Keras 3, on whichever engine it runs."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import numpy as np

from harness.diagnosis.watch import torch_free
from harness.diagnosis.watch.frames import local_arrays
from harness.diagnosis.watch.patches import Patches

MOST_RECORDS = 4000
"""Records of which the network's answer is looked at after training."""


@dataclass
class KerasTraining:
    """All training of one compiled network."""

    model: Any
    optimizer: Any
    losses: list[Any] = field(default_factory=list)
    epochs: list[dict[str, Any]] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    start: list[Any] | None = None
    trainable: set[str] = field(default_factory=set)
    data: tuple[Any, Any] | None = None
    validation: tuple[Any, Any] | None = None
    batch: int = 32
    shuffle: bool = True
    weighted: bool = False
    batches: list[tuple[Any, Any]] = field(default_factory=list)
    first: int = 0
    last: int = 0
    namespace: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[bool, tuple[int, ...], float]] = field(default_factory=list)


class KerasRecorder:
    """Writes down Keras trainings that run while it listens.

    Args:
        folder: only local variables of functions in files under it are looked at.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.trainings: list[KerasTraining] = []
        self.patches = Patches()
        self.clock = 0
        self.inside = 0
        self._callback: Any = None

    def __enter__(self) -> Self:
        """Put wrappers in."""
        import keras

        self._callback = make_callback(keras.callbacks.Callback)
        for name, make in (
            ("fit", self._fit),
            ("train_on_batch", self._train_on_batch),
            ("evaluate", self._evaluate),
            ("predict", self._quiet),
            ("__call__", self._call),
        ):
            self.patches.replace(keras.Model, name, make)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take wrappers out."""
        self.patches.restore()

    @contextmanager
    def _within(self) -> Any:
        self.inside += 1
        try:
            with torch_free.silent():
                yield
        finally:
            self.inside -= 1

    def _training(self, model: Any) -> KerasTraining:
        for training in self.trainings:
            if training.model is model and training.optimizer is model.optimizer:
                return training
        training = KerasTraining(model, model.optimizer, first=self.clock)
        training.namespace = local_arrays(self.folder)
        self.trainings.append(training)
        return training

    def _fit(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def fit(model: Any, *args: Any, **kwargs: Any) -> Any:
            if self.inside:
                return original(model, *args, **kwargs)
            given = _named(FIT, args, kwargs)
            training = self._training(model)
            self._note_data(training, given)
            callbacks = given.get("callbacks")
            ours = self._callback(self, training)
            if callbacks is not None and not isinstance(callbacks, (list, tuple)):
                given["callbacks"] = callbacks  # a CallbackList: leave it
                callbacks.append(ours)
            else:
                given["callbacks"] = [*(callbacks or []), ours]
            with self._within():
                return original(model, **given)

        return fit

    def _note_data(self, training: KerasTraining, given: dict[str, Any]) -> None:
        x, y = given.get("x"), given.get("y")
        training.batch = given.get("batch_size") or 32
        training.shuffle = bool(given.get("shuffle", True))
        training.weighted |= given.get("class_weight") is not None
        training.weighted |= given.get("sample_weight") is not None
        split = given.get("validation_split") or 0.0
        if y is None:
            training.data = from_dataset(x)
            if training.data is not None:
                size = getattr(x, "batch_size", None)
                training.batch = size if isinstance(size, int) else training.batch
                training.shuffle = getattr(x, "shuffle", True) is not False
        else:
            training.data = (x, y)
        if split and training.data is not None:
            training.data, training.validation = _split(training.data, split)
        if given.get("validation_data") is not None:
            new = given["validation_data"]
            training.validation = (
                (new[0], new[1]) if isinstance(new, (tuple, list)) else from_dataset(new)
            )

    def _train_on_batch(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def train_on_batch(model: Any, *args: Any, **kwargs: Any) -> Any:
            if self.inside:
                return original(model, *args, **kwargs)
            given = _named(BATCH, args, kwargs)
            training = self._training(model)
            if training.start is None and model.built:
                note_start(training)
            with self._within():
                logs = original(model, **given)
            if training.start is None:
                note_start(training)
            training.losses.append(_loss_of(logs))
            training.rates.append(_rate(model.optimizer))
            training.weighted |= given.get("class_weight") is not None
            self.clock += 1
            training.last = self.clock
            if len(training.batches) < 400:
                training.batches.append((_copied(given.get("x")), _copied(given.get("y"))))
            return logs

        return train_on_batch

    def _evaluate(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def evaluate(model: Any, *args: Any, **kwargs: Any) -> Any:
            if not self.inside:
                given = _named(EVALUATE, args, kwargs)
                for training in self.trainings:
                    if training.model is model and training.validation is None:
                        x, y = given.get("x"), given.get("y")
                        found = (x, y) if y is not None else from_dataset(x)
                        if not _same_data(found, training.data):
                            training.validation = found
            with self._within():
                return original(model, *args, **kwargs)

        return evaluate

    def _call(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(model: Any, *args: Any, **kwargs: Any) -> Any:
            if not self.inside and args and isinstance(args[0], np.ndarray):
                for training in self.trainings:
                    if training.model is model:
                        asked = bool(kwargs.get("training"))
                        training.calls.append((asked, args[0].shape, float(np.sum(args[0]))))
            return original(model, *args, **kwargs)

        return call

    def _quiet(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def predict(model: Any, *args: Any, **kwargs: Any) -> Any:
            with self._within():
                return original(model, *args, **kwargs)

        return predict


FIT = [
    "x",
    "y",
    "batch_size",
    "epochs",
    "verbose",
    "callbacks",
    "validation_split",
    "validation_data",
    "shuffle",
    "class_weight",
    "sample_weight",
    "initial_epoch",
    "steps_per_epoch",
    "validation_steps",
    "validation_batch_size",
    "validation_freq",
]
BATCH = ["x", "y", "sample_weight", "class_weight", "return_dict"]
EVALUATE = ["x", "y", "batch_size", "verbose", "sample_weight", "steps", "callbacks", "return_dict"]


def _named(names: list[str], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    return {**dict(zip(names, args, strict=False)), **kwargs}


def note_start(training: KerasTraining) -> None:
    """Copy the starting weights."""
    training.start = [np.array(w) for w in training.model.get_weights()]
    training.trainable = {w.path for w in training.model.trainable_weights}


def make_callback(base: Any) -> Any:
    """A Keras callback that writes down losses; made late, as Keras is imported late."""

    class Listener(base):  # type: ignore[misc]  # Keras ships no types
        def __init__(self, recorder: KerasRecorder, training: KerasTraining) -> None:
            super().__init__()
            self.recorder, self.training = recorder, training
            self.before, self.count = 0.0, 0
            self.seen: list[Any] = []

        def on_train_begin(self, logs: Any = None) -> None:
            if self.training.start is None:
                note_start(self.training)

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.seen = []

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.recorder.clock += 1
            self.training.last = self.recorder.clock
            if logs and "loss" in logs:
                self.seen.append(logs["loss"])

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            means = np.array([float(value) for value in self.seen])
            counts = np.arange(1, len(means) + 1)
            with np.errstate(invalid="ignore"):
                self.training.losses += np.diff(means * counts, prepend=0.0).tolist()
            self.training.epochs.append({k: float(v) for k, v in (logs or {}).items()})
            self.training.rates.append(_rate(self.training.optimizer))

    return Listener


def _rate(optimizer: Any) -> float:
    try:
        return float(optimizer.learning_rate)
    except (TypeError, ValueError, AttributeError):
        return float("nan")


def _loss_of(logs: Any) -> float:
    if isinstance(logs, dict):
        return float(logs["loss"])
    return float(logs[0] if isinstance(logs, (list, tuple)) else logs)


def _copied(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy()
    return value


def array(value: Any) -> Any:
    """A NumPy array of whatever holds numbers; ``None`` for what does not."""
    if isinstance(value, (list, tuple)) and value and hasattr(value[0], "shape"):
        value = value[0]
    if isinstance(value, dict) and value:
        value = next(iter(value.values()))
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    try:
        found = np.asarray(value)
    except (TypeError, ValueError):
        return None
    return found if found.ndim and found.dtype.kind in "fiub" else None


def from_dataset(source: Any) -> tuple[Any, Any] | None:
    """Inputs and targets of a data set that can be read twice: PyDataset, DataLoader, tf.data."""
    if source is None or hasattr(source, "__next__"):
        return None
    pairs = []
    try:
        if hasattr(source, "__getitem__") and hasattr(source, "num_batches"):
            batches = (source[at] for at in range(min(source.num_batches or 0, 64)))
        elif hasattr(source, "dataset") and hasattr(source, "batch_sampler"):
            count = min(len(source.dataset), MOST_RECORDS)
            records = [source.dataset[at] for at in range(count)]
            return np.stack([array_of(r[0]) for r in records]), np.stack(
                [array_of(r[1]) for r in records]
            )
        else:
            return None
        pairs += [(array(batch[0]), array(batch[1])) for batch in batches]
        return np.concatenate([p[0] for p in pairs]), np.concatenate([p[1] for p in pairs])
    except (TypeError, ValueError, IndexError, KeyError):
        return None


def array_of(value: Any) -> Any:
    """A NumPy array, scalars included."""
    return np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)


def _split(data: tuple[Any, Any], share: float) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    x, y = data

    def cut(value: Any, part: slice) -> Any:
        if isinstance(value, (list, tuple)):
            return [cut(v, part) for v in value]
        return value[part]

    count = len(array(y))
    at = int(np.floor(count * (1 - share)))
    return (cut(x, slice(0, at)), cut(y, slice(0, at))), (
        cut(x, slice(at, None)),
        cut(y, slice(at, None)),
    )


def _same_data(one: Any, two: Any) -> bool:
    return one is not None and two is not None and one[0] is two[0]
