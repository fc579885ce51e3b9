"""The reference against `torch.nn.LSTM` and `torch.optim` in float64."""

from collections.abc import Callable

import numpy as np
import pytest

from harness.backends.torch.device import quiet_torch
from harness.backends.torch.eager import EagerRun
from harness.backends.torch.network import Network
from harness.reference import Reference
from harness.reference.schedule import learning_rate
from harness.scenario import Case, rate_factor

CASES = [
    "",
    "training.optimizer = 'adamw'\ntraining.weight_decay = 0.1",
    "training.weight_decay = 0.1",
    "training.optimizer = 'rmsprop'\ntraining.momentum = 0.5",
    "training.optimizer = 'sgd'\ntraining.momentum = 0.9\ntraining.learning_rate = 0.1",
    "training.optimizer = 'sgd'\ntraining.weight_decay = 0.1",
    "training.optimizer = 'sgd'\ntraining.momentum = 0.9\ntraining.nesterov = true",
    "training.optimizer = 'adadelta'\ntraining.learning_rate = 1.0",
    "training.optimizer = 'adagrad'\ntraining.weight_decay = 0.1",
    "training.optimizer = 'adamax'\ntraining.weight_decay = 0.1",
    "training.optimizer = 'radam'\ntraining.weight_decay = 0.1",
    "training.clip_norm = 0.05\ntraining.optimizer = 'sgd'",
    "training.schedule = 'cosine'\ntraining.warmup_epochs = 2",
    "training.schedule = 'plateau'\ntraining.decay_epochs = 1\ntraining.learning_rate = 0.5",
    "training.class_weights = 'balanced'",
    "training.shuffle = false",
    "model.init = 'torch'",
    "model.units = [5, 3]",
    "model.cell_activation = 'relu'",
    "model.cell_activation = 'softplus'\nmodel.gate_activation = 'linear'",
]


@pytest.mark.parametrize("lines", CASES)
def test_twenty_steps_of_classification_equal_torch(
    small_case: Callable[..., Case], lines: str
) -> None:
    check(small_case(lines + "\ntraining.dtype = 'float64'"))


def test_twenty_steps_with_nadam_equal_torch_to_float32(small_case: Callable[..., Case]) -> None:
    """PyTorch keeps the product of its momenta in float32, in float64 too."""
    check(small_case("training.optimizer = 'nadam'\ntraining.dtype = 'float64'"), 2.0**-24)


def test_twenty_steps_of_regression_equal_torch(small_case: Callable[..., Case]) -> None:
    check(small_case("training.dtype = 'float64'", task="mean_value"))


def test_twenty_steps_with_hard_sigmoid_equal_torch_to_float32(
    small_case: Callable[..., Case],
) -> None:
    """PyTorch's backward of hardsigmoid multiplies by 1/6 rounded to float32, in float64 too."""
    lines = "model.gate_activation = 'hard_sigmoid'\ntraining.dtype = 'float64'"
    check(small_case(lines), rounding=2.0**-24)


def check(case: Case, rounding: float = 1e-10) -> None:
    with quiet_torch(0):
        run = EagerRun(case, 0, "cpu")
        history = run.train(lambda _seed, _epoch: None)
    trace = Reference(case, 0).train(21)
    assert history.first_losses == pytest.approx(trace.losses[:20], rel=rounding)
    assert history.gradient_norm == pytest.approx(trace.gradient_norms[2::3], rel=rounding)
    assert history.update_ratio == pytest.approx(trace.update_ratios[2::3], rel=10 * rounding)
    assert isinstance(run.model, Network)
    for layer, parameters in run.model.named_layers().items():
        for name, parameter in parameters.items():
            expected = trace.weights.get(f"{layer}.{name}")
            if expected is not None:
                assert parameter.detach().numpy() == pytest.approx(expected, abs=rounding), name


@pytest.mark.parametrize(
    "schedule",
    ["constant", "step", "exponential", "cosine", "cosine_restarts", "linear", "one_cycle"],
)
@pytest.mark.parametrize("warmup", [0, 0.5, 2])
def test_schedule_equals_the_declared_one(
    small_case: Callable[..., Case], schedule: str, warmup: float
) -> None:
    lines = f"training.schedule = '{schedule}'\ntraining.decay_epochs = 2"
    training = small_case(lines).training.model_copy(update={"warmup_epochs": warmup})
    expected = [training.learning_rate * rate_factor(training, step, 3) for step in range(30)]
    found = [learning_rate(training, step, 3) for step in range(30)]
    assert found == pytest.approx(expected, rel=1e-14)
    assert np.all(np.array(found) > 0)
