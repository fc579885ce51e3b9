"""The reference's gradients, by complex-step differentiation (Squire & Trapp 1998)."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.reference import Reference, lstm
from harness.reference.activation import ACTIVATIONS
from harness.scenario import Case
from harness.scenario.vocabulary import ActivationName

STEP = 1e-30
CASES = [
    "",
    "model.units = [5, 3]",
    "training.class_weights = 'balanced'",
    "model.init = 'torch'",
    "model.gate_activation = 'hard_sigmoid'",
    "model.cell_activation = 'relu'",
    "model.gate_activation = 'softplus'\nmodel.cell_activation = 'linear'",
]


@pytest.mark.parametrize("lines", CASES)
def test_gradient_of_every_weight_is_the_complex_step_derivative(
    small_case: Callable[..., Case], lines: str
) -> None:
    check_weights(Reference(small_case(lines), seed=0))


def test_gradient_of_a_regression_is_the_complex_step_derivative(
    small_case: Callable[..., Case],
) -> None:
    check_weights(Reference(small_case(task="mean_value"), seed=0))


def check_weights(reference: Reference) -> None:
    batch, rng = np.arange(8), np.random.default_rng(1)
    _, gradients = reference.loss_and_gradients(batch)
    real = dict(reference.weights)
    for name, values in real.items():
        direction = rng.normal(size=values.shape)
        reference.weights = real | {name: values + 1j * STEP * direction}
        loss, _ = reference.loss(
            reference.network.forward(reference.weights, reference.x[batch])[0],
            reference.data.y[batch],
        )
        expected = np.sum(gradients[name] * direction)
        scale = np.linalg.norm(gradients[name]) * np.linalg.norm(direction)
        assert abs(loss.imag / STEP - expected) <= 1e-12 * scale, name


@pytest.mark.parametrize("what", ["x", "hidden", "cell"])
def test_gradient_of_input_and_initial_state_is_the_complex_step_derivative(what: str) -> None:
    rng = np.random.default_rng(2)
    weights_of_layer = rng.normal(size=(12, 2)), rng.normal(size=(12, 3)), rng.normal(size=12)
    layer = lstm.Layer(*weights_of_layer, "sigmoid", "tanh")
    given = {
        "x": rng.normal(size=(5, 4, 2)),
        "hidden": rng.normal(size=(4, 3)),
        "cell": rng.normal(size=(4, 3)),
    }
    weights = rng.normal(size=(5, 4, 3)), rng.normal(size=(4, 3)), rng.normal(size=(4, 3))

    def loss(values: dict[str, NDArray[Any]]) -> tuple[Any, lstm.Pass]:
        run = lstm.forward(layer, values["x"], lstm.State(values["hidden"], values["cell"]))
        produced = run.outputs, *run.state
        return sum((a * b).sum() for a, b in zip(produced, weights, strict=True)), run

    found = lstm.backward(loss(given)[1], weights[0], lstm.State(*weights[1:]))
    gradient = found.x if what == "x" else getattr(found.start, what)
    direction = rng.normal(size=given[what].shape)
    stepped = loss(given | {what: given[what] + 1j * STEP * direction})[0].imag / STEP
    assert stepped == pytest.approx(np.sum(gradient * direction), rel=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_of_an_activation_is_its_complex_step_derivative(name: ActivationName) -> None:
    z = np.linspace(-7.1, 7.1, 101)
    value, slope = ACTIVATIONS[name]
    assert slope(z, value(z)) == pytest.approx(value(z + 1j * STEP).imag / STEP, abs=1e-15)
