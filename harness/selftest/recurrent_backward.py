"""Faults in the gradient of `nn.GRU` and `nn.RNN` in a user's own module."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from torch import (
    _VF,  # what `nn.GRU.forward` calls
    Tensor,
)

from harness.selftest.fault import SYNTHETIC, Fault, Inject
from harness.selftest.python_lstm import backward

RECURRENT = 1
"""Place of the recurrent matrix among a layer's parameters."""


def reversed_row(kernel: str, row: int) -> Inject:
    """Turn around the gradient of one row of the lowest recurrent matrix."""
    right: Callable[..., Any] = getattr(_VF, kernel)

    def change(gradient: Tensor) -> Tensor:
        turned = gradient.clone()
        turned[row] *= -1
        return turned

    def wrong(x: Tensor, start: Tensor, parameters: list[Tensor], *rest: Any) -> Any:
        used = list(parameters)
        used[RECURRENT] = backward(change)(used[RECURRENT])
        return right(x, start, used, *rest)

    return lambda: patch.object(_VF, kernel, wrong)


FAULTS = tuple(
    Fault(
        f"{kind}_row_reversed",
        "GRU and RNN backward",
        SYNTHETIC,
        f"{kind}: the gradient of row {row} of the recurrent matrix has the wrong sign",
        f"module_{kind}",
        reversed_row(kernel, row),
        ("gradient",),
    )
    for kind, kernel, row in (
        ("gru", "gru", 44),
        ("gru_of_one_unit", "gru", 2),
        ("rnn", "rnn_tanh", 2),
        ("relu_rnn", "rnn_relu", 1),
    )
)
