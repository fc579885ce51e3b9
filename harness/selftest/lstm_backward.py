"""Faults in the gradient of an LSTM; what it computes is right."""

from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor, nn
from torch.nn import functional

from harness.selftest.fault import Fault
from harness.selftest.python_lstm import PythonLSTM, backward, instead

SURFACE = "LSTM backward"


def maskless(x: Tensor, share: float) -> Tensor:
    """Drop forward, and let the whole gradient through."""
    return instead(x, functional.dropout(x.detach(), share))


def redrawn(x: Tensor, share: float) -> Tensor:
    """Drop by one mask forward, and by another backward."""
    other = backward(lambda gradient: functional.dropout(gradient, share))(x)
    return instead(other, functional.dropout(x.detach(), share))


def misread_layout() -> AbstractContextManager[object]:
    """Read the gradient `[batch, timesteps, units]` as if time came first."""
    forward = nn.LSTM.forward

    def misread(gradient: Tensor) -> Tensor:
        return gradient.transpose(0, 1).reshape(gradient.shape)

    def wrong(module: nn.LSTM, *arguments: Any) -> tuple[Tensor, Any]:
        outputs, end = forward(module, *arguments)
        return (backward(misread)(outputs) if module.batch_first else outputs), end

    return patch.object(nn.LSTM, "forward", wrong)


def half(gradient: Tensor) -> Tensor:
    """Round to float16, in which nothing is smaller than 6e-8."""
    return gradient.half().to(gradient)


def half_linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Multiply as usual, and pass float16 gradients on."""
    return backward(half)(functional.linear(x, weight, bias))


def doubled(gradient: Tensor) -> Tensor:
    """Return the gradient, counted twice."""
    return 2 * gradient


def shrunk(gradient: Tensor) -> Tensor:
    """Return a gradient 20 % too small."""
    return 0.8 * gradient


_nothing = backward(torch.zeros_like)

FAULTS = (
    Fault(
        "mask_not_in_backward",
        SURFACE,
        "pytorch#190056",
        "the mask between layers is not applied to the gradient",
        "dropout",
        PythonLSTM(masked=maskless).inject,
        ("gradient",),
    ),
    Fault(
        "mask_drawn_anew",
        SURFACE,
        "pytorch#198333",
        "the mask between layers is drawn anew for the gradient",
        "dropout",
        PythonLSTM(masked=redrawn).inject,
        ("gradient",),
    ),
    Fault(
        "misread_layout",
        SURFACE,
        "pytorch#91694, pytorch#92615",
        "batch_first: the output's gradient is read in the other layout",
        "adam",
        misread_layout,
        ("layers", "reference_steps", "small_gradients", "gradient"),
    ),
    Fault(
        "doubled_gradient",
        SURFACE,
        "pytorch PR 95137",
        "weight gradients are added up twice",
        "adam",
        PythonLSTM(weight=backward(doubled)).inject,
        ("layers", "small_gradients", "reference_steps", "gradient"),
    ),
    Fault(
        "no_recurrent_gradient",
        SURFACE,
        "pytorch#65688",
        "recurrent weights get no gradient",
        "adam",
        PythonLSTM(recurrent=_nothing).inject,
        ("layers", "reference_steps", "small_gradients", "gradient"),
    ),
    Fault(
        "no_forget_gradient",
        SURFACE,
        "mxnet#17898",
        "the forget gate gets no gradient",
        "adam",
        PythonLSTM(forget=_nothing).inject,
        ("layers", "reference_steps", "small_gradients", "gradient"),
    ),
    Fault(
        "small_cell_gradient",
        SURFACE,
        "mxnet#17086",
        "the cell state loses 20 % of its gradient at every step",
        "adam",
        PythonLSTM(carried=backward(shrunk)).inject,
        ("layers", "small_gradients", "reference_steps", "gradient"),
    ),
    Fault(
        "cut_between_layers",
        SURFACE,
        "mxnet#17479",
        "no gradient reaches the layer below",
        "adam",
        PythonLSTM(below=_nothing).inject,
        ("layers", "reference_steps", "small_gradients", "gradient"),
    ),
    Fault(
        "half_gradients",
        SURFACE,
        "Open-Rig3R#35",
        "gradients are float16 without a loss scaler",
        "adam",
        PythonLSTM(
            linear=half_linear, weight=backward(half), carried=backward(half), below=backward(half)
        ).inject,
        ("small_gradients", "layers", "reference_steps"),
    ),
)
