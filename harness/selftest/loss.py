"""Faults in what is minimised."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor
from torch.nn import functional

from harness.selftest.fault import SYNTHETIC, Fault

SURFACE = "loss"

ACCUMULATED, SMOOTHING = 4, 0.1

Loss = Callable[..., Tensor]


def instead_of_cross_entropy(wrong: Callable[..., Tensor]) -> AbstractContextManager[object]:
    """Give ``wrong`` the right loss and its arguments."""
    return patch.object(functional, "cross_entropy", partial(wrong, functional.cross_entropy))


def softmax_first(right: Loss, outputs: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """Take probabilities for logits."""
    return right(outputs.softmax(dim=1), *arguments, **named)


def divided(right: Loss, *arguments: Any, **named: Any) -> Tensor:
    """Divide by accumulation steps that are not made."""
    return right(*arguments, **named) / ACCUMULATED


def smoothed(right: Loss, *arguments: Any, **named: Any) -> Tensor:
    """Smooth labels."""
    return right(*arguments, **named | {"label_smoothing": SMOOTHING})


def two_classes_only(right: Loss, outputs: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """Give no gradient to the third class and those after it."""
    cut = torch.cat([outputs[:, :2], outputs[:, 2:].detach()], dim=1)
    return right(cut, *arguments, **named)


def clamped(right: Loss, outputs: Tensor, *arguments: Any, **named: Any) -> Tensor:
    """Clamp outputs, and so the loss of sure answers."""
    return right(outputs.clamp(-10, 10), *arguments, **named)


FAULTS = (
    Fault(
        "softmax_twice",
        SURFACE,
        "lightning-bolts#654",
        "softmax is applied before the cross entropy, which applies it again",
        "adam",
        partial(instead_of_cross_entropy, softmax_first),
        ("loss", "reference_steps", "small_gradients"),
    ),
    Fault(
        "divided_loss",
        SURFACE,
        "transformers#34191",
        "the loss is divided by 4",
        "sgd",
        partial(instead_of_cross_entropy, divided),
        ("loss", "small_gradients", "reference_steps"),
    ),
    Fault(
        "label_smoothing",
        SURFACE,
        "fastai#1814",
        "labels are smoothed though nobody asked for it",
        "adam",
        partial(instead_of_cross_entropy, smoothed),
        ("loss", "reference_steps", "small_gradients"),
    ),
    *(
        Fault(name, SURFACE, SYNTHETIC, sentence, "adam", inject, ("loss",))
        for name, sentence, inject in (
            (
                "two_classes_only",
                "classes beyond the second get no gradient",
                partial(instead_of_cross_entropy, two_classes_only),
            ),
            (
                "clamped_outputs",
                "outputs are clamped before the loss",
                partial(instead_of_cross_entropy, clamped),
            ),
        )
    ),
)
