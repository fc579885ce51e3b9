"""Faults in losses that a file names: smoothing, weights, one logit, Huber's delta."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from unittest.mock import patch

from torch import Tensor
from torch.nn import functional

from harness.selftest.fault import Fault, Inject
from harness.selftest.loss import SURFACE, Loss, instead_of_cross_entropy

PROBES = ("loss", "reference_steps")


def _other(name: str, wrong: Callable[..., Tensor]) -> Inject:
    """Give ``wrong`` the right loss of that name and its arguments."""

    def inject() -> AbstractContextManager[object]:
        return patch.object(functional, name, partial(wrong, getattr(functional, name)))

    return inject


def not_taken_off(
    right: Loss, outputs: Tensor, targets: Tensor, label_smoothing: float = 0.0, **named: Any
) -> Tensor:
    """Take a class's share, not the whole smoothing, off a label: it sums to more than 1."""
    share, classes = label_smoothing / outputs.shape[1], outputs.shape[1]
    everywhere = right(outputs, targets, label_smoothing=1.0, **named)
    return (1 - share) * right(outputs, targets, **named) + share * classes * everywhere


def spread_whole(
    right: Loss, outputs: Tensor, targets: Tensor, label_smoothing: float = 0.0, **named: Any
) -> Tensor:
    """Add to every class its share of a whole label, however much is smoothed."""
    everywhere = right(outputs, targets, label_smoothing=1.0, **named)
    return (1 - label_smoothing) * right(outputs, targets, **named) + everywhere


def over_records(
    right: Loss, outputs: Tensor, targets: Tensor, weight: Tensor | None = None, **named: Any
) -> Tensor:
    """Divide the weighted sum by how many records there are."""
    loss = right(outputs, targets, weight=weight, **named)
    return loss if weight is None else loss * weight[targets].mean()


def unweighted(right: Loss, *given: Any, pos_weight: Tensor | None = None, **named: Any) -> Tensor:
    """Lose the weight of label 1."""
    del pos_weight
    return right(*given, **named)


def clamped_wrongly(
    right: Loss, outputs: Tensor, targets: Tensor, *given: Any, **named: Any
) -> Tensor:
    """Take the larger of the logit and 0 where its negative is meant: large ones overflow."""
    del right, given, named
    larger = outputs.clamp(min=0)
    rest = ((-larger).exp() + (-outputs - larger).exp()).log()
    return (outputs - outputs * targets + larger + rest).mean()


def one_sided(right: Loss, outputs: Tensor, targets: Tensor, *given: Any, **named: Any) -> Tensor:
    """Give large errors below the target no loss."""
    del right, given
    delta, error = named["delta"], outputs - targets
    near, far = error.abs() <= delta, error > delta
    loss: Tensor = (near * error**2 / 2 + far * delta * (error.abs() - delta / 2)).mean()
    return loss


def divided(right: Loss, outputs: Tensor, targets: Tensor, *given: Any, **named: Any) -> Tensor:
    """Divide by delta, as the smooth L1 loss does."""
    del right, given
    return functional.smooth_l1_loss(outputs, targets, beta=named["delta"])


BY = {"logit_overflows": ("loss",)}
"""By which probes a fault is seen that not all of `PROBES` meet: no case trains to such a logit."""

FAULTS = tuple(
    Fault(name, SURFACE, source, sentence, case, inject, BY.get(name, PROBES))
    for name, source, sentence, case, inject in (
        (
            "smoothing_not_taken_off",
            "pytorch-randaugment#30",
            "smoothed labels sum to more than 1",
            "smoothed",
            partial(instead_of_cross_entropy, not_taken_off),
        ),
        (
            "smoothing_of_a_whole_label",
            "ConvE#55",
            "every class gets a share of a whole label, not of what is smoothed",
            "smoothed",
            partial(instead_of_cross_entropy, spread_whole),
        ),
        (
            "weights_not_normalised",
            "pytorch#25571",
            "a weighted loss is divided by the number of records",
            "weighted",
            partial(instead_of_cross_entropy, over_records),
        ),
        (
            "positive_weight_lost",
            "Paddle PR 65859",
            "the weight of positive labels is lost",
            "bce_weighted",
            _other("binary_cross_entropy_with_logits", unweighted),
        ),
        (
            "logit_overflows",
            "pytorch PR 2221",
            "the loss of a sure negative logit overflows",
            "bce",
            _other("binary_cross_entropy_with_logits", clamped_wrongly),
        ),
        (
            "huber_one_sided",
            "on-policy#47",
            "large errors below the target cost nothing",
            "huber",
            _other("huber_loss", one_sided),
        ),
        (
            "huber_divided",
            "keras-cv#920",
            "Huber's loss is divided by its delta",
            "huber",
            _other("huber_loss", divided),
        ),
    )
)
