"""Listens to `fit`, `train_on_batch` and `evaluate` of Keras 3, on whichever engine it runs."""

# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

import itertools
from collections import deque
from collections.abc import Callable
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import numpy as np

from harness.diagnosis.guard import Guard
from harness.diagnosis.qualities import FEWEST_NEW
from harness.diagnosis.watch import keras_modes, torch_free
from harness.diagnosis.watch.frames import local_arrays
from harness.diagnosis.watch.keras_arguments import BATCH, EVALUATE, FIT, PREDICT, named
from harness.diagnosis.watch.keras_callback import make_callback, rate
from harness.diagnosis.watch.keras_data import array, flat, from_dataset
from harness.diagnosis.watch.keras_given import keep, note_data
from harness.diagnosis.watch.keras_training import KerasTraining, note_start, note_weights
from harness.diagnosis.watch.keras_zeroing import install
from harness.diagnosis.watch.patches import Patches


class KerasRecorder:
    """Writes down Keras trainings that run while it listens.

    Args:
        folder: only local variables of functions in files under it are looked at.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.trainings: list[KerasTraining] = []
        self.patches = Patches()
        self.guard = Guard()
        self.clock = 0
        self.inside = 0
        self.current: KerasTraining | None = None
        self._callback: Any = None
        self._modes: Any = None
        self._answers: dict[int, tuple[Any, deque[list[Any]]]] = {}

    def __enter__(self) -> Self:
        """Put wrappers in."""
        import keras

        self._callback = make_callback(keras.callbacks.Callback)
        for name, make in (
            ("fit", self._fit),
            ("train_on_batch", self._train_on_batch),
            ("evaluate", self._evaluate),
            ("test_on_batch", self._test_on_batch),
            ("predict", self._predict),
            ("predict_on_batch", self._predict_on_batch),
            ("__call__", self._call),
        ):
            self.patches.replace(keras.Model, name, make)
        install(self)
        if keras.backend.backend() == "torch":
            self._modes = keras_modes.install(self._ran)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take wrappers out."""
        self.patches.restore()
        if self._modes is not None:
            self._modes.remove()

    def _ran(self, layer: Any, given: dict[str, Any]) -> None:
        if self.inside and self.current is not None:
            self.guard.ask(None, keras_modes.count, self.current.modes, layer, given)

    @contextmanager
    def _within(self, training: KerasTraining | None = None) -> Any:
        """Keras at work, for a training where there is one."""
        self.inside += 1
        before, self.current = self.current, training or self.current
        try:
            with torch_free.silent():
                yield
        finally:
            self.inside -= 1
            self.current = before

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
            given = self.guard.ask(None, self._heard_fit, model, args, kwargs)
            if given is None:
                with self._within():
                    return original(model, *args, **kwargs)
            with self._within(self._training(model)):
                return original(model, **given)

        return fit

    def _heard_fit(
        self, model: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        """Arguments of ``fit`` by name, with a callback of ours among them."""
        given = named(FIT, args, kwargs)
        training = self._training(model)
        self.guard.ask(None, note_data, training, given, self.guard)
        callbacks = given.get("callbacks")
        ours = self._callback(self, training)
        if callbacks is not None and not isinstance(callbacks, (list, tuple)):
            callbacks.append(ours)  # a CallbackList
        else:
            given["callbacks"] = [*(callbacks or []), ours]
        return given

    def _train_on_batch(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def train_on_batch(model: Any, *args: Any, **kwargs: Any) -> Any:
            if self.inside:
                return original(model, *args, **kwargs)
            training = self.guard.ask(None, self._training_begun, model)
            with self._within(training):
                logs = original(model, *args, **kwargs)
            if training is not None:
                given = named(BATCH, args, kwargs)
                self.guard.ask(None, self._heard_batch, training, given, logs)
            return logs

        return train_on_batch

    def _training_begun(self, model: Any) -> KerasTraining:
        training = self._training(model)
        if training.start is None and model.built:
            note_start(training)
        return training

    def _heard_batch(self, training: KerasTraining, given: dict[str, Any], logs: Any) -> None:
        if training.start is None:
            note_start(training)
        training.losses.append(_loss_of(logs))
        training.rates.append(rate(training.optimizer))
        note_weights(training, given)
        self.clock += 1
        training.last = self.clock
        training.fed += self._carries(training.model, given.get("x"))
        keep(training, given.get("x"), given.get("y"))

    def _heard_answer(self, model: Any, answer: Any) -> None:
        """Remember the last answers of each network; those that are traced hold no numbers.

        More than one: a loop asks for the next state before it trains from the last one.
        """
        _, kept = self._answers.setdefault(id(model), (model, deque(maxlen=REMEMBERED)))
        kept.append(flat(answer))

    def _carries(self, model: Any, x: Any) -> bool:
        """Whether a network is given, beside its records, what its own layers answered before."""
        own = {id(weight) for weight in model.variables}
        extra = [part for part in flat(x)[1:] if part.any()]
        return bool(extra) and any(
            part.shape == old.shape and np.array_equal(part, old)
            for asked, answers in self._answers.values()
            if own & {id(weight) for weight in asked.variables}
            for part in extra
            for old in itertools.chain(*answers)
        )

    def _evaluate(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def evaluate(model: Any, *args: Any, **kwargs: Any) -> Any:
            if not self.inside:
                given = named(EVALUATE, args, kwargs)
                self.guard.ask(None, self._note_validation, model, given)
            with self._within():
                return original(model, *args, **kwargs)

        return evaluate

    def _call(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(model: Any, *args: Any, **kwargs: Any) -> Any:
            if not self.inside and args and isinstance(args[0], np.ndarray):
                self.guard.ask(None, self._heard_call, model, args[0], kwargs.get("training"))
            answer = original(model, *args, **kwargs)
            if not self.inside and isinstance(answer, (list, tuple)):
                self.guard.ask(None, self._heard_answer, model, answer)
            return answer

        return call

    def _heard_call(self, model: Any, x: Any, asked: Any) -> None:
        for training in self._trainings_of(model):
            training.calls.append((bool(asked), x.shape, float(np.sum(x))))
            training.asked.append(x)

    def _test_on_batch(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def test_on_batch(model: Any, *args: Any, **kwargs: Any) -> Any:
            if not self.inside:
                given = named(BATCH, args, kwargs)
                self.guard.ask(None, self._note_validation, model, given)
            with self._within():
                return original(model, *args, **kwargs)

        return test_on_batch

    def _note_validation(self, model: Any, given: dict[str, Any]) -> None:
        x, y = given.get("x"), given.get("y")
        found = (x, y) if y is not None else from_dataset(x)
        for training in self._trainings_of(model):
            if found is not None:
                training.evaluated.append(found)

    def _trainings_of(self, model: Any) -> list[KerasTraining]:
        return [training for training in self.trainings if training.model is model]

    def _predict(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def predict(model: Any, *args: Any, **kwargs: Any) -> Any:
            if not self.inside:
                given = named(PREDICT, args, kwargs)
                self.guard.ask(None, self._note_asked, model, given.get("x"))
            with self._within():
                answer = original(model, *args, **kwargs)
            self.guard.ask(None, self._heard_answer, model, answer)
            return answer

        return predict

    def _note_asked(self, model: Any, x: Any) -> None:
        for training in self._trainings_of(model):
            training.times_asked[self.clock, id(x)] += 1
            records = array(x)
            if records is not None and len(records) >= FEWEST_NEW:  # else it writes, say
                training.asked.append(x)

    def _predict_on_batch(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def predict_on_batch(model: Any, *args: Any, **kwargs: Any) -> Any:
            with self._within():
                answer = original(model, *args, **kwargs)
            self.guard.ask(None, self._heard_answer, model, answer)
            return answer

        return predict_on_batch


REMEMBERED = 3
"""Answers of a network that may be given to it again."""


def _loss_of(logs: Any) -> float:
    if isinstance(logs, dict):
        return float(logs["loss"])
    return float(logs[0] if isinstance(logs, (list, tuple)) else logs)
