"""Activations as a hand-written backward pass needs them: slopes are made from outputs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from harness.scenario.vocabulary import ActivationName

SOFTPLUS_LINEAR_ABOVE = 20.0
"""`torch.nn.functional.softplus` is the identity above its default threshold."""

TANH_ONE_ABOVE = 20.0
"""Above, tanh is 1 in float64 too."""

ONE = {dtype: torch.ones((), dtype=dtype) for dtype in (torch.float32, torch.float64)}


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


def _tanh(x: Tensor, out: Tensor) -> None:
    """Write ``tanh(x)``, on a processor as ``1 / (1 + 2 / expm1(2 x))``.

    It is within three units of the last digit, near 0 too, and half of `torch.tanh`'s time on AMD.
    """
    if x.device.type != "cpu":
        torch.tanh(x, out=out)
        return
    torch.clamp(x, max=TANH_ONE_ABOVE, out=out).mul_(2)
    torch.expm1(out, out=out)
    torch.add(ONE[x.dtype], out.reciprocal_(), alpha=2, out=out).reciprocal_()


def _tanh_slope(y: Tensor, out: Tensor) -> None:
    torch.addcmul(y.new_ones(()), y, y, value=-1, out=out)


ACTIVATIONS: Mapping[ActivationName, Activation] = {
    "sigmoid": Activation(
        lambda x, out: torch.sigmoid(x, out=out),
        lambda y, out: torch.addcmul(y, y, y, value=-1, out=out),
    ),
    "hard_sigmoid": Activation(
        lambda x, out: out.copy_(functional.hardsigmoid(x)), _hard_sigmoid_slope
    ),
    "tanh": Activation(_tanh, _tanh_slope),
    "relu": Activation(lambda x, out: out.copy_(torch.relu(x)), lambda y, out: out.copy_(y > 0)),
    "softplus": Activation(lambda x, out: out.copy_(functional.softplus(x)), _softplus_slope),
    "linear": Activation(lambda x, out: out.copy_(x), lambda _, out: out.fill_(1)),
}
