"""Faults of half precision: the loss' scale, what overflows, and numbers that are zero in it."""

from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor

from harness.backends.torch.precision import Precision
from harness.selftest.fault import SYNTHETIC, Fault

SURFACE = "half precision"

Optimizer = torch.optim.Optimizer


def not_scaled() -> AbstractContextManager[object]:
    """Leave the loss as it is."""

    def backward(precision: Precision, loss: Tensor, _optimizer: Optimizer) -> None:
        if precision.scaler is not None:
            precision.scaler.scale(loss.detach())
        torch.autograd.backward(loss)

    return patch.object(Precision, "backward", backward)


def not_unscaled() -> AbstractContextManager[object]:
    """Clip, and look at, gradients of the scaled loss; divide in the step."""

    def backward(precision: Precision, loss: Tensor, _optimizer: Optimizer) -> None:
        scaler = precision.scaler
        torch.autograd.backward(loss if scaler is None else scaler.scale(loss))

    return patch.object(Precision, "backward", backward)


def scale_of_the_next_step() -> AbstractContextManager[object]:
    """Divide by a scale that has grown since the loss was multiplied."""
    right = torch.amp.GradScaler.scale

    def scale(scaler: Any, loss: Tensor) -> Tensor:
        scaled: Tensor = right(scaler, loss)
        grown = scaler._growth_tracker is not None and scaler.get_scale() > scaler._init_scale  # noqa: SLF001  # it has no public name
        return scaled / 2 if grown else scaled

    return patch.object(torch.amp.GradScaler, "scale", scale)


def overflow_taken() -> AbstractContextManager[object]:
    """Update by gradients that are not finite."""

    def step(_scaler: Any, optimizer: Optimizer, *_: Any) -> None:
        optimizer.step()

    return patch.object(torch.amp.GradScaler, "_maybe_opt_step", step)


def scale_never_lowered() -> AbstractContextManager[object]:
    """Keep the scale where gradients overflow."""

    def update(scaler: Any, *_: Any) -> None:
        scaler._per_optimizer_states.clear()  # noqa: SLF001  # it has no public name

    return patch.object(torch.amp.GradScaler, "update", update)


def zero_epsilon() -> AbstractContextManager[object]:
    """Round Adam's epsilon to float16, in which it is zero."""
    right = torch.optim.Adam.__init__

    def init(self: Any, parameters: Any, *arguments: Any, **named: Any) -> None:
        named["eps"] = float(torch.tensor(named.get("eps", 1e-8)).half())
        right(self, parameters, *arguments, **named)

    return patch.object(torch.optim.Adam, "__init__", init)


FAULTS = (
    *(
        Fault(name, SURFACE, source, sentence, "float16", inject, ("precision",))
        for name, source, sentence, inject in (
            (
                "loss_not_scaled",
                "Open-Rig3R#35",
                "the loss is not scaled up, and small gradients are lost",
                not_scaled,
            ),
            (
                "clipped_before_unscaling",
                "pytorch/examples#1196, milesial/Pytorch-UNet#468",
                "gradients are clipped as those of the scaled loss",
                not_unscaled,
            ),
            (
                "scale_of_the_next_step",
                "deepspeedai/DeepSpeed PR 8588",
                "once the scale has grown gradients are divided by twice what they were scaled by",
                scale_of_the_next_step,
            ),
            (
                "overflow_taken",
                SYNTHETIC,
                "gradients that overflowed update weights",
                overflow_taken,
            ),
            ("scale_never_lowered", SYNTHETIC, "an overflow leaves the scale", scale_never_lowered),
        )
    ),
    Fault(
        "epsilon_is_zero",
        SURFACE,
        "soumith/cudnn.torch#377, google-deepmind/optax#1754",
        "Adam's epsilon is zero in float16, and a weight without gradient becomes NaN",
        "adam",
        zero_epsilon,
        ("optimizer", "small_gradients"),
    ),
)
