"""The activations that gates and cells can have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ActivationName = Literal["sigmoid", "hard_sigmoid", "tanh", "relu", "softplus", "linear"]


@dataclass(frozen=True)
class Activation:
    """The facts about one activation.

    Attributes:
        rounded_slope: PyTorch computes its derivative in float32, whatever the type.
    """

    rounded_slope: bool = False


ACTIVATIONS: Mapping[ActivationName, Activation] = {
    "sigmoid": Activation(),
    "hard_sigmoid": Activation(rounded_slope=True),  # its backward multiplies by float32's 1/6
    "tanh": Activation(),
    "relu": Activation(),
    "softplus": Activation(),
    "linear": Activation(),
}
