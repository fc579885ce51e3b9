"""Activations as a hand-written backward pass needs them: slopes are made from outputs."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

SOFTPLUS_LINEAR_ABOVE = 20.0
"""`torch.nn.functional.softplus` is the identity above its default threshold."""


@dataclass(frozen=True)
class Activation:
    """One activation.

    Attributes:
        apply: writes the activations of its first argument into the second, which may be the same.
        slope: writes, for activations (not inputs), the derivative there as PyTorch defines it.
    """

    apply: Callable[[Tensor, Tensor], object]
    slope: Callable[[Tensor, Tensor], object]


def _hard_sigmoid_slope(y: Tensor, out: Tensor) -> None:
    out.copy_((y > 0) & (y < 1)).div_(6)


def _softplus_slope(y: Tensor, out: Tensor) -> None:
    out.copy_(torch.where(y > SOFTPLUS_LINEAR_ABOVE, 1.0, -torch.expm1(-y)))


def _tanh_slope(y: Tensor, out: Tensor) -> None:
    torch.addcmul(y.new_ones(()), y, y, value=-1, out=out)


ACTIVATIONS = {
    "sigmoid": Activation(
        lambda x, out: torch.sigmoid(x, out=out),
        lambda y, out: torch.addcmul(y, y, y, value=-1, out=out),
    ),
    "hard_sigmoid": Activation(
        lambda x, out: out.copy_(functional.hardsigmoid(x)), _hard_sigmoid_slope
    ),
    "tanh": Activation(lambda x, out: torch.tanh(x, out=out), _tanh_slope),
    "relu": Activation(lambda x, out: out.copy_(torch.relu(x)), lambda y, out: out.copy_(y > 0)),
    "softplus": Activation(lambda x, out: out.copy_(functional.softplus(x)), _softplus_slope),
    "linear": Activation(lambda x, out: out.copy_(x), lambda _, out: out.fill_(1)),
}
