"""Activations by name: each with its slope, analytic wherever it is smooth."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from harness.scenario.vocabulary import ActivationName

Array = NDArray[Any]


class Activation(NamedTuple):
    """A function and its slope, the slope from the input ``z`` and the value at ``z``."""

    value: Callable[[Array], Array]
    slope: Callable[[Array, Array], Array]


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + exp(-z)), without overflow."""
    return np.asarray((np.tanh(z / 2) + 1) / 2)


def _softplus(z: Array) -> Array:
    positive = z.real > 0
    result: Array = np.where(positive, z, 0) + np.log1p(np.exp(np.where(positive, -z, z)))
    return result


def _hard_sigmoid(z: Array) -> Array:
    inside: Array = np.where(np.abs(z.real) < 3, (z + 3) / 6, z.real > 0)  # noqa: PLR2004  # its corners
    return inside


def _hard_sigmoid_slope(z: Array, _: Array) -> Array:
    inside = np.abs(z.real) < 3  # noqa: PLR2004  # its corners
    return np.asarray(inside.astype(z.dtype) / 6)


ACTIVATIONS: Mapping[ActivationName, Activation] = {
    "sigmoid": Activation(sigmoid, lambda _, a: a * (1 - a)),
    "hard_sigmoid": Activation(_hard_sigmoid, _hard_sigmoid_slope),
    "tanh": Activation(np.tanh, lambda _, a: 1 - a * a),
    "relu": Activation(
        lambda z: np.where(z.real > 0, z, 0), lambda z, _: (z.real > 0).astype(z.dtype)
    ),
    "softplus": Activation(_softplus, lambda z, _: sigmoid(z)),
    "linear": Activation(np.copy, lambda z, _: np.ones_like(z)),
}
