"""The reference's gradients, by complex-step differentiation (Squire & Trapp 1998)."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.reference import Reference, recurrent
from harness.reference.activation import ACTIVATIONS
from harness.scenario import Case
from harness.scenario.vocabulary import CELLS, ActivationName, CellName

STEP = 1e-30
CASES = [
    "",
    "model.units = [5, 3]",
    "training.class_weights = 'balanced'",
    "model.init = 'torch'",
    "model.gate_activation = 'hard_sigmoid'",
    "model.cell_activation = 'relu'",
    "model.gate_activation = 'softplus'\nmodel.cell_activation = 'linear'",
    "model.kind = 'gru'",
    "model.kind = 'gru'\nmodel.bidirectional = true\nmodel.gate_activation = 'softplus'",
    "model.kind = 'rnn'\nmodel.units = [5, 3]\nmodel.cell_activation = 'relu'",
    "model.bidirectional = true\nmodel.projection = 3",
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


LAYERS = [
    (kind, projected, backwards, biased)
    for kind, cell in CELLS.items()
    for projected in (False, True)[: 1 + cell.projects]
    for backwards in (False, True)
    for biased in (True, False)
]


@pytest.mark.parametrize(("kind", "projected", "backwards", "biased"), LAYERS)
def test_gradient_of_input_and_initial_state_is_the_complex_step_derivative(
    kind: CellName, projected: bool, backwards: bool, biased: bool
) -> None:
    rng, units, width, cell = np.random.default_rng(2), 4, 2 if projected else 4, CELLS[kind]
    rows = len(cell.gates) * units
    shapes: dict[str, tuple[int, ...]] = {"weight_ih": (rows, 2), "weight_hh": (rows, width)}
    shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)} if biased else {}
    shapes |= {"weight_hr": (width, units)} if projected else {}
    weights = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    layer = recurrent.Layer.of(kind, ("sigmoid", "tanh"), weights, backwards=backwards)
    starts = [rng.normal(size=(4, w)) for w in (width, units)[: len(cell.states)]]
    given = [rng.normal(size=(5, 4, 2)), *starts]
    slopes = [rng.normal(size=(5, 4, width)), *(rng.normal(size=s.shape) for s in starts)]

    def loss(values: list[NDArray[Any]]) -> tuple[Any, recurrent.Pass]:
        run = recurrent.forward(layer, values[0], tuple(values[1:]))
        return sum(
            (a * b).sum() for a, b in zip((run.outputs, *run.state), slopes, strict=True)
        ), run

    found = recurrent.backward(loss(given)[1], slopes[0], tuple(slopes[1:]))
    for number, gradient in enumerate((found.x, *found.start)):
        direction, moved = rng.normal(size=given[number].shape), list(given)
        moved[number] = given[number] + 1j * STEP * direction
        stepped = loss(moved)[0].imag / STEP
        assert stepped == pytest.approx(np.sum(gradient * direction), rel=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_of_an_activation_is_its_complex_step_derivative(name: ActivationName) -> None:
    z = np.linspace(-7.1, 7.1, 101)
    value, slope = ACTIVATIONS[name]
    assert slope(z, value(z)) == pytest.approx(value(z + 1j * STEP).imag / STEP, abs=1e-15)
