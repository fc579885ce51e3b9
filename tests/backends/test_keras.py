"""Keras trains the declared case: same start, same data, same curve, and says what it cannot."""

import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from importlib.metadata import entry_points
from pathlib import Path

import numpy as np
import pytest

from harness.backends.base import BACKENDS
from harness.backends.keras import backend as keras_backend
from harness.backends.keras.backend import Keras
from harness.backends.torch.eager import Eager
from harness.history import History, Stop
from harness.probes import probe
from harness.scenario import Case, load

MISSING = Keras().unavailable("cpu")
trains = pytest.mark.skipif(MISSING is not None, reason=str(MISSING))

MakeCase = Callable[..., Case]

EPSILON = "training.epsilon = 1e-3"
"""So large that it matters where in Adam's formula it is added."""


@pytest.fixture
def make(tmp_path: Path) -> MakeCase:
    """Make a small case in float32; lines are those of its only case table."""

    def make_case(*lines: str, task: str = "first_value", metric: str = "loss") -> Case:
        path = tmp_path / "case.toml"
        path.write_text(
            f'question = "?"\n[data]\ntask = "{task}"\nrecords = 20\nvalidation_records = 10\n'
            "[model]\nunits = [4, 4]\n[training]\nepochs = 3\nbatch_size = 8\n"
            f'[converged]\nmetric = "{metric}"\nat_most = 1e-9\n'
            '[[case]]\nname = "a"\nexpect = "fails"\n' + "\n".join(lines)
        )
        return load(path, "case").cases[0]

    return make_case


def both(case: Case, seed: int = 0) -> tuple[History, History]:
    """Train ``case`` in Keras and in PyTorch."""
    [keras] = Keras().train(case, [seed], "cpu", lambda seed, epoch: None)
    [eager] = Eager().train(case, [seed], "cpu", lambda seed, epoch: None)
    assert not keras.message
    return keras, eager


@trains
@pytest.mark.parametrize(
    "lines",
    [
        (),
        (EPSILON,),
        ("model.units = [3, 5]", 'model.init = "xavier"', "model.forget_bias = 2.0"),
        ('model.gate_activation = "hard_sigmoid"', 'model.cell_activation = "softplus"'),
        ('training.optimizer = "adamw"', "training.weight_decay = 0.1", EPSILON),
        ('training.optimizer = "sgd"', "training.momentum = 0.9", "training.clip_norm = 0.05"),
        ('training.optimizer = "rmsprop"', "training.epsilon = 1e-12"),
        ('training.optimizer = "sgd"', "training.momentum = 0.9", "training.nesterov = true"),
        ('training.optimizer = "adadelta"', "training.learning_rate = 1.0", EPSILON),
        ('training.optimizer = "adagrad"', "training.epsilon = 1e-12"),
        ('training.optimizer = "adamax"',),
        ("data.positive_rate = 0.2", 'training.class_weights = "balanced"'),
        ('training.schedule = "exponential"', "training.warmup_epochs = 1"),
        ('model.kind = "gru"', "model.units = [4, 3]"),
        ('model.kind = "gru"', 'model.init = "torch"', "model.bidirectional = true"),
        ('model.kind = "rnn"', 'model.cell_activation = "relu"', 'model.init = "orthogonal"'),
        ("model.bidirectional = true", "model.units = [3, 5]"),
    ],
    ids=[
        "adam",
        "epsilon",
        "start",
        "activations",
        "adamw",
        "sgd",
        "rmsprop",
        "nesterov",
        "adadelta",
        "adagrad",
        "adamax",
        "weighted",
        "schedule",
        "gru",
        "gru_two_ways",
        "rnn",
        "two_ways",
    ],
)
def test_keras_and_pytorch_train_alike_to_rounding(make: MakeCase, lines: tuple[str, ...]) -> None:
    keras, eager = both(make(*lines))
    np.testing.assert_allclose(keras.first_losses, eager.first_losses, atol=2e-6)
    np.testing.assert_allclose(keras.train_loss, eager.train_loss, atol=2e-6)
    np.testing.assert_allclose(keras.validation_loss, eager.validation_loss, atol=2e-6)
    np.testing.assert_allclose(keras.gradient_norm, eager.gradient_norm, rtol=1e-3)
    np.testing.assert_allclose(keras.update_ratio, eager.update_ratio, rtol=1e-2)


@trains
def test_regression_is_scored_alike(make: MakeCase) -> None:
    keras, eager = both(make(task="mean_value", metric="rmse"))
    np.testing.assert_allclose(keras.train_metric, eager.train_metric, atol=2e-6)


@trains
def test_a_history_is_complete(make: MakeCase) -> None:
    keras, eager = both(make())
    assert keras.stopped is Stop.BUDGET
    assert (keras.epochs, keras.steps, keras.layers) == (eager.epochs, eager.steps, eager.layers)
    assert keras.gradient_norm.shape == keras.update_ratio.shape == (3, 3)


@trains
def test_a_seed_trains_alike_whether_others_trained_before_it(make: MakeCase) -> None:
    case = make("model.dropout = 0.5")
    _, after = Keras().train(case, [1, 0], "cpu", lambda seed, epoch: None)
    [alone] = Keras().train(case, [0], "cpu", lambda seed, epoch: None)
    np.testing.assert_array_equal(after.train_loss, alone.train_loss)


@trains
def test_every_probe_of_keras_is_made_and_silent(make: MakeCase) -> None:
    found = probe(make('training.schedule = "cosine"'), Keras(), "cpu", "fast")
    assert {each.name: each.status for each in found if each.status != "pass"} == {}


@trains
def test_one_epoch_counts_its_steps_from_the_starting_weights(make: MakeCase) -> None:
    assert Keras().epoch(make(), "cpu")() == 3


@trains
def test_what_keras_raises_is_recorded(make: MakeCase, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = keras_backend.start_keras(make())
    monkeypatch.setattr(type(runs), "start", lambda self, seed: 1 / 0)
    [history] = Keras().train(make(), [0], "cpu", lambda seed, epoch: None)
    assert history.stopped is Stop.CRASHED
    assert history.message == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('model.init = "torch"', "init = 'torch' trains two biases a layer; Keras' LSTM has one"),
        ('model.init = "module"', "PyTorch's own initialisation"),
        ('model.factory = "models:Net"', "models:Net is a PyTorch module"),
        ("training.weight_decay = 0.1", "Keras decouples weight decay"),
        ('training.optimizer = "nadam"', "Keras' Nadam raises its momentum 250 times as fast"),
        ('training.optimizer = "radam"', "Keras has no RAdam"),
    ],
)
def test_what_keras_cannot_express_is_said(make: MakeCase, line: str, reason: str) -> None:
    assert reason in str(Keras().unsupported(make(line)))


def test_what_keras_cannot_express_is_not_trained_as_something_else(make: MakeCase) -> None:
    [history] = Keras().train(make('model.init = "torch"'), [7], "cpu", lambda seed, epoch: None)
    assert (history.seed, history.stopped) == (7, Stop.CRASHED)
    assert "two biases a layer" in history.message


def test_what_keras_can_express_is_supported(make: MakeCase) -> None:
    assert Keras().unsupported(make()) is None


def test_float64_depends_on_the_engine(make: MakeCase, monkeypatch: pytest.MonkeyPatch) -> None:
    case = make('training.dtype = "float64"')
    monkeypatch.setattr(keras_backend, "chosen_engine", lambda: "jax")
    assert "x64" in str(Keras().unsupported(case))
    monkeypatch.setattr(keras_backend, "chosen_engine", lambda: "torch")
    assert Keras().unsupported(case) is None


def installed(*names: str) -> Callable[[str], ModuleSpec | None]:
    """Stand in for `find_spec` on a machine that has only ``names``."""
    return lambda name: ModuleSpec(name, None) if name in names else None


@pytest.mark.parametrize(
    ("engine", "present", "reason"),
    [
        ("jax", ("torch",), "keras is not installed; pip install 'convergence-harness[keras-jax]'"),
        ("jax", ("keras", "torch"), "jax is not installed"),
        ("tensorflow", ("keras", "torch"), "'convergence-harness[keras-tensorflow]'"),
        ("theano", ("keras",), "KERAS_BACKEND is 'theano'; valid: jax, tensorflow, torch"),
    ],
)
def test_what_is_not_installed_is_said_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, engine: str, present: tuple[str, ...], reason: str
) -> None:
    monkeypatch.setattr(keras_backend, "chosen_engine", lambda: engine)
    monkeypatch.setattr(keras_backend, "find_spec", installed(*present))
    assert reason in str(Keras().unavailable("cpu"))


def test_only_the_cpu_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras_backend, "chosen_engine", lambda: "torch")
    monkeypatch.setattr(keras_backend, "find_spec", installed("keras", "torch"))
    assert Keras().unavailable("cpu") is None
    assert "CPU only" in str(Keras().unavailable("cuda"))


@pytest.mark.parametrize("engine", keras_backend.ENGINES)
def test_a_backend_that_names_its_engine_trains_on_that_or_says_which_one_runs(
    monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setattr(
        keras_backend, "find_spec", installed("keras", "jax", "tensorflow", "torch")
    )
    point = next(iter(entry_points(group=BACKENDS.group, name=f"keras-{engine}")))
    backend = point.load()()
    assert (backend.name, backend.unavailable("cpu")) == (f"keras-{engine}", None)
    assert keras_backend.chosen_engine() == engine
    monkeypatch.setenv("KERAS_BACKEND", "cntk")
    assert "one engine a process, and here it is cntk" in str(backend.unavailable("cpu"))


def test_the_identity_names_keras_and_its_engine_with_their_versions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    monkeypatch.setattr(keras_backend, "installed", lambda name: f"{name} 1.2")
    identities = [Keras(engine).identity for engine in ("jax", "torch")]
    assert "keras 1.2 jax 1.2" in identities[0]
    assert "keras 1.2 torch 1.2" in identities[1]
    monkeypatch.setattr(keras_backend, "installed", lambda name: f"{name} 1.3")
    assert Keras("jax").identity not in identities


def test_the_first_installed_engine_is_chosen_unless_one_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setattr(keras_backend, "find_spec", installed("keras", "tensorflow", "torch"))
    assert keras_backend.chosen_engine() == "tensorflow"
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert keras_backend.chosen_engine() == "torch"
