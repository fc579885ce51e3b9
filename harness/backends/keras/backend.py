"""The case built with Keras 3 itself, on the engine that `KERAS_BACKEND` names."""

import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, final

from harness.backends.base import Backend, Watch
from harness.backends.loop import prepare_epoch, train_seed
from harness.backends.source import installed
from harness.dataset import targets_of
from harness.history import History, crashed
from harness.scenario import Case, Model, Training
from harness.scenario.vocabulary import OPTIMIZERS

if TYPE_CHECKING:
    from harness.backends.keras.run import KerasRun, TracedCase

ENGINES = ("jax", "tensorflow", "torch")
"""What Keras 3 can train on; the first that is installed is used unless the user chooses."""


COMPARED = frozenset({"adadelta", "adagrad", "adam", "adamax", "adamw", "rmsprop", "sgd"})
"""Optimizers that `harness.backends.keras.optimizer` makes: Keras' own, known to differ from
PyTorch's in what `Keras` says and nothing else."""

OTHERWISE = {
    "nadam": "Keras' Nadam raises its momentum 250 times as fast as PyTorch's NAdam",
    "radam": "Keras has no RAdam",
}
"""Why it refuses the other optimizers."""


@final
class Keras(Backend):
    """Trains `keras.layers.LSTM` with Keras' own optimisers, losses and `train_on_batch`.

    Keras chooses its engine when it is imported, so a process has one: the one in this backend's
    name, or for plain `keras` that of `KERAS_BACKEND`, else the first of `ENGINES` that is
    installed. Starting weights, data and batch order are those
    of every backend; so is what Adam's epsilon means. What Keras computes otherwise than PyTorch
    stays as Keras does it: RMSprop's epsilon is added under the root, and a changing learning rate
    acts on new gradients only, not on momentum gathered before.
    """

    batches_seeds = True  # a case is traced once per call

    def __init__(self, engine: str = "") -> None:
        self.name = f"keras-{engine}" if engine else "keras"
        self.engine = engine or chosen_engine()
        if engine:
            os.environ.setdefault("KERAS_BACKEND", engine)  # what workers inherit

    @cached_property
    def identity(self) -> str:
        """What trains: Keras and its engine as well, with their versions."""
        packages = ("keras", self.engine, f"{self.engine}-cpu")  # as TensorFlow may be called
        return " ".join([super().identity, *filter(None, map(installed, packages))])

    def unavailable(self, device: str) -> str | None:
        """Return which extra is missing, that another engine runs, or that it needs the CPU."""
        engine = self.engine
        if engine not in ENGINES:
            return f"KERAS_BACKEND is {engine!r}; valid: {', '.join(ENGINES)}"
        missing = next((name for name in ("keras", engine) if find_spec(name) is None), None)
        if missing is not None:
            extra = f"convergence-harness[keras-{engine}]"
            return f"{missing} is not installed; pip install '{extra}'"
        if engine != chosen_engine():
            return f"Keras has one engine a process, and here it is {chosen_engine()}"
        if device != "cpu":
            return f"the keras backend trains on the CPU only, not on {device!r}"
        return None

    def unsupported(self, case: Case) -> str | None:
        """Return what of ``case`` Keras' layers and optimisers cannot express."""
        model, training = case.model, case.training
        if model.factory is not None:
            return f"{model.factory} is a PyTorch module; Keras cannot train it"
        if reason := _no_layers(model) or _no_step(training):
            return reason
        if (loss := training.own_loss) is not None:
            return f"{loss} is a function of PyTorch's tensors; Keras cannot train on it"
        if training.label_smoothing and training.class_weights != "none":
            return "Keras weighs a smoothed label by its class alone; PyTorch each class by its own"
        if training.class_weights != "none" and targets_of(case):
            return "training.class_weights: Keras weighs a record, not each label of several"
        if (own := training.own_optimizer) is not None:
            return f"{own} is an optimizer of PyTorch's parameters; Keras cannot train with it"
        if training.optimizer not in COMPARED:
            unknown = f"Keras' {training.optimizer} has not been compared with PyTorch's"
            return OTHERWISE.get(training.optimizer, unknown)
        if training.weight_decay and not OPTIMIZERS[training.optimizer].decoupled_decay:
            return f"Keras decouples weight decay from the gradient; {training.optimizer} adds it"
        if training.dtype == "float64" and self.engine == "jax":
            return 'dtype = "float64" needs JAX\'s x64 mode, which is one for the whole process'
        return None

    def train(self, case: Case, seeds: Sequence[int], device: str, watch: Watch) -> list[History]:
        """Train the seeds one after another; none of a case that is unsupported."""
        del device
        if reason := self.unsupported(case):
            return [crashed(seed, reason) for seed in seeds]
        with quiet_engine(0):
            traced = start_keras(case)
        return [self._trained(traced, seed, watch) for seed in seeds]

    def _trained(self, traced: "TracedCase", seed: int, watch: Watch) -> History:
        with quiet_engine(seed):
            return train_seed(lambda: traced.start(seed), seed, watch)

    def epoch(self, case: Case, device: str) -> Callable[[], int]:
        """Prepare the first epoch of seed 0; Keras has traced its steps before this returns."""
        del device

        def start() -> "KerasRun":
            traced = start_keras(case)
            traced.start(0).epoch(0)
            return traced.start(0)

        return prepare_epoch(lambda: quiet_engine(0), start)


def _no_layers(model: Model) -> str | None:
    """Return what of a declared stack Keras' layers cannot be, or have not been compared as."""
    if model.projection:
        return "model.projection: Keras' layers have none"
    if model.initialiser.by_framework:
        return f"init = {model.init!r} is PyTorch's own initialisation; Keras draws differently"
    if len(model.trained_biases) > 1 and model.cell.biases_add:
        layer = {"lstm": "LSTM", "rnn": "SimpleRNN"}[model.kind]
        return f"init = {model.init!r} trains two biases a layer; Keras' {layer} has one"
    return None


def _no_step(training: Training) -> str | None:
    """Return what of a step has not been compared with Keras'."""
    if training.half is not None:
        return f"training.precision = {training.half!r}: Keras' mixed precision is not compared"
    if training.stateful:
        return (
            "training.stateful: Keras' stateful layers take batches of one size, the last as well"
        )
    return None


def on_jax() -> Keras:
    """Return the backend `keras-jax`."""
    return Keras("jax")


def on_tensorflow() -> Keras:
    """Return the backend `keras-tensorflow`."""
    return Keras("tensorflow")


def on_torch() -> Keras:
    """Return the backend `keras-torch`."""
    return Keras("torch")


def chosen_engine() -> str:
    """Return the engine of this process: Keras' if it runs, else the one it would be given."""
    if "keras" in sys.modules:
        engine: str = sys.modules["keras"].backend.backend()
        return engine
    named = os.environ.get("KERAS_BACKEND")
    return named or next((name for name in ENGINES if find_spec(name)), ENGINES[0])


@contextmanager
def quiet_engine(seed: int) -> Iterator[None]:
    """Ignore that Keras and its engines use what each other deprecate; leave PyTorch as it was.

    On PyTorch Keras' dropout draws from the global generator, whatever its own seed is.
    """
    with warnings.catch_warnings(), ExitStack() as stack:
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        if chosen_engine() == "torch":
            from harness.backends.torch.device import seeded  # noqa: PLC0415  # only if needed

            stack.enter_context(seeded(seed))
        yield


def start_keras(case: Case) -> "TracedCase":
    """Import Keras on the chosen engine and return ``case``, ready to start its seeds."""
    os.environ["KERAS_BACKEND"] = chosen_engine()  # Keras reads it once, at its first import
    from harness.backends.keras.run import TracedCase  # noqa: PLC0415  # imports Keras: an extra, slow

    return TracedCase(case)
