"""Faults in what an LSTM computes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch
from weakref import WeakKeyDictionary

import torch
from torch import (
    _VF,  # what `nn.LSTM.forward` calls
    Tensor,
    nn,
)
from torch.nn import functional
from torch.utils.weak import WeakTensorKeyDictionary

from harness.selftest.fault import Fault
from harness.selftest.python_lstm import PythonLSTM, State, backward, instead

SURFACE = "LSTM forward"

Kernel = Callable[..., Any]

TRAIN = 6
"""Where the kernel is told whether it is training."""

STALE_CALLS = 4
HALF_A_TF32_STEP, TF32_BITS = 0x1000, -0x2000
"""Added to a float32's bits, and kept of them: 10 bits of its mantissa, rounded to nearest."""


def always_dropping() -> AbstractContextManager[object]:
    """Tell the kernel that it is training, whatever mode the module is in."""
    kernel: Kernel = _VF.lstm

    def lstm(*arguments: Any) -> Any:
        return kernel(*arguments[:TRAIN], True, *arguments[TRAIN + 1 :])

    return patch.object(_VF, "lstm", lstm)


def one_mask() -> AbstractContextManager[object]:
    """Start the kernel from the same random state at every call."""
    kernel: Kernel = _VF.lstm

    def lstm(*arguments: Any) -> Any:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            return kernel(*arguments)

    return patch.object(_VF, "lstm", lstm)


def leaking() -> AbstractContextManager[object]:
    """Start from where the previous batch of that size ended, instead of from zero."""
    forward = nn.LSTM.forward
    ended: WeakKeyDictionary[nn.Module, dict[int, State]] = WeakKeyDictionary()

    def leaky(module: nn.LSTM, x: Tensor, start: State | None = None) -> tuple[Tensor, State]:
        before = ended.setdefault(module, {})
        size = len(x) if module.batch_first else x.shape[1]
        outputs, end = forward(module, x, start or before.get(size))
        before[size] = (end[0].detach(), end[1].detach())
        return outputs, end

    return patch.object(nn.LSTM, "forward", leaky)


def stale() -> AbstractContextManager[object]:
    """Compute with a copy of the weights that is refreshed at every fourth call only."""
    kernel: Kernel = _VF.lstm
    packed: Any = WeakTensorKeyDictionary()

    def lstm(x: Tensor, start: State, parameters: list[Tensor], *rest: Any) -> Any:
        calls, copies = packed.get(parameters[0], (0, []))
        if calls % STALE_CALLS == 0:
            copies = [p.detach().clone() for p in parameters]
        packed[parameters[0]] = calls + 1, copies
        used = [instead(p, copy) for p, copy in zip(parameters, copies, strict=True)]
        return kernel(x, start, used, *rest)

    return patch.object(_VF, "lstm", lstm)


def hard_sigmoid(x: Tensor) -> Tensor:
    """Return Keras' piecewise linear approximation of a sigmoid."""
    return torch.clamp(0.2 * x + 0.5, 0, 1)


def tf32(x: Tensor) -> Tensor:
    """Round as the tensor cores of NVIDIA's Ampere and later do."""
    bits = x.contiguous().view(torch.int32) + HALF_A_TF32_STEP
    return (bits & TF32_BITS).view(torch.float32)


def bfloat16(x: Tensor) -> Tensor:
    """Keep 7 bits of the mantissa."""
    return x.bfloat16().to(x)


def in_precision(
    rounded: Callable[[Tensor], Tensor],
) -> Callable[[], AbstractContextManager[object]]:
    """Multiply rounded numbers, forward and backward; sums stay in float32."""

    def linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        product = functional.linear(
            instead(x, rounded(x.detach())), instead(weight, rounded(weight.detach()))
        )
        return backward(rounded)(product) + bias

    return PythonLSTM(linear=linear).inject


FAULTS = (
    Fault(
        "dropout_in_eval",
        SURFACE,
        "pytorch#180744",
        "dropout between layers stays on in evaluation",
        "dropout",
        always_dropping,
    ),
    Fault(
        "one_mask",
        SURFACE,
        "pytorch#185351, pytorch#74177",
        "every call drops the same units",
        "dropout",
        one_mask,
    ),
    Fault(
        "leaking_state",
        SURFACE,
        "keras#4756",
        "a batch starts from the state that the last one left",
        "adam",
        leaking,
    ),
    Fault(
        "stale_weights",
        SURFACE,
        "mxnet#16037",
        "the kernel's copy of the weights is renewed every 4th call",
        "adam",
        stale,
    ),
    Fault(
        "hard_sigmoid",
        SURFACE,
        "Keras < 2.3 default",
        "gates use a hard sigmoid",
        "adam",
        PythonLSTM(gate=hard_sigmoid).inject,
    ),
    Fault(
        "tf32",
        SURFACE,
        "pytorch#175830",
        "matrices are multiplied in TF32 instead of float32",
        "adam",
        in_precision(tf32),
    ),
    Fault(
        "bfloat16",
        SURFACE,
        "pytorch#177834",
        "matrices are multiplied in bfloat16 instead of float32",
        "adam",
        in_precision(bfloat16),
    ),
)
