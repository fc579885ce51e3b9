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

from harness.selftest.fault import SYNTHETIC, Fault, Inject
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


def state_ignored() -> AbstractContextManager[object]:
    """Start from zero whatever the initial state."""
    kernel: Kernel = _VF.lstm

    def lstm(x: Tensor, start: State, *rest: Any) -> Any:
        return kernel(x, tuple(0 * state for state in start), *rest)

    return patch.object(_VF, "lstm", lstm)


def unscaled(x: Tensor, share: float) -> Tensor:
    """Drop without scaling what is kept."""
    return functional.dropout(x, share) * (1 - share)


def kept_for_dropped(x: Tensor, share: float) -> Tensor:
    """Keep the share that is to be dropped."""
    return functional.dropout(x, 1 - share)


def repeated_dropout() -> AbstractContextManager[object]:
    """Start `nn.Dropout` from the same random state at every call."""
    right = functional.dropout

    def dropout(*arguments: Any, **named: Any) -> Tensor:
        torch.manual_seed(3)
        return right(*arguments, **named)

    return patch.object(functional, "dropout", dropout)


def shared_mask(axis: int) -> Inject:
    """Let `nn.Dropout` draw one mask for all positions along an axis."""

    def forward(module: nn.Dropout, x: Tensor) -> Tensor:
        if not module.training:
            return x
        shape = list(x.shape)
        shape[axis % x.dim()] = 1
        return x * (torch.rand(shape, device=x.device) >= module.p) / (1 - module.p)

    return lambda: patch.object(nn.Dropout, "forward", forward)


def mask_shared_by_four() -> AbstractContextManager[object]:
    """Let `nn.Dropout` draw one number for four units that follow one another."""

    def forward(module: nn.Dropout, x: Tensor) -> Tensor:
        if not module.training:
            return x
        units = x.shape[-1]
        drawn = torch.rand((*x.shape[:-1], -(-units // 4)), device=x.device)
        kept = drawn.repeat_interleave(4, -1)[..., :units] >= module.p
        return x * kept / (1 - module.p)

    return patch.object(nn.Dropout, "forward", forward)


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
        ("modes",),
    ),
    Fault(
        "one_mask",
        SURFACE,
        "pytorch#185351, pytorch#74177",
        "every call drops the same units",
        "dropout",
        one_mask,
        ("modes",),
    ),
    Fault(
        "mask_shared_by_four",
        SURFACE,
        "pytorch#198333",
        "four units that follow one another are dropped together",
        "dropout",
        mask_shared_by_four,
        ("modes",),
    ),
    Fault(
        "leaking_state",
        SURFACE,
        "keras#4756",
        "a batch starts from the state that the last one left",
        "adam",
        leaking,
        ("modes", "gradient", "zeroing", "reference_steps", "small_gradients"),
    ),
    Fault(
        "stale_weights",
        SURFACE,
        "mxnet#16037",
        "the kernel's copy of the weights is renewed every 4th call",
        "adam",
        stale,
        ("reference_steps", "small_gradients", "gradient"),
    ),
    Fault(
        "hard_sigmoid",
        SURFACE,
        "Keras < 2.3 default",
        "gates use a hard sigmoid",
        "adam",
        PythonLSTM(gate=hard_sigmoid).inject,
        ("layers", "modes", "reference_steps", "small_gradients"),
    ),
    Fault(
        "tf32",
        SURFACE,
        "pytorch#175830",
        "matrices are multiplied in TF32 instead of float32",
        "adam",
        in_precision(tf32),
        ("layers", "modes", "reference_steps", "gradient", "small_gradients"),
    ),
    Fault(
        "bfloat16",
        SURFACE,
        "pytorch#177834",
        "matrices are multiplied in bfloat16 instead of float32",
        "adam",
        in_precision(bfloat16),
        ("layers", "modes", "reference_steps", "gradient", "small_gradients"),
    ),
    *(
        Fault(name, SURFACE, SYNTHETIC, sentence, "dropout", inject, ("modes",))
        for name, sentence, inject in (
            (
                "unscaled_mask",
                "what dropout keeps is not scaled",
                PythonLSTM(masked=unscaled).inject,
            ),
            (
                "kept_for_dropped",
                "dropout keeps the share that it should drop",
                PythonLSTM(masked=kept_for_dropped).inject,
            ),
            ("repeated_dropout", "nn.Dropout drops the same units every call", repeated_dropout),
            ("mask_shared_by_timesteps", "one mask serves all timesteps", shared_mask(0)),
            ("mask_shared_by_units", "one draw decides for all units", shared_mask(1)),
            ("mask_shared_by_records", "one mask serves all records", shared_mask(2)),
        )
    ),
    Fault(
        "state_ignored",
        SURFACE,
        SYNTHETIC,
        "the initial state is taken for zero",
        "adam",
        state_ignored,
        ("layers",),
    ),
)
