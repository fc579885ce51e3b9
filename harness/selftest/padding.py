"""Faults in what becomes of records that end early, of token ids, and of targets at each step."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_packed_sequence

from harness.backends.torch import eager, network, padding
from harness.backends.torch.padding import counted
from harness.dataset.padding import IGNORED
from harness.selftest.fault import SYNTHETIC, Fault, Inject

SURFACE = "padding and ids"

Counted = Callable[[Tensor, Tensor, int], tuple[Tensor, Tensor]]


def filled(targets: Tensor) -> Tensor:
    """Give what lies beyond a record's end the target 0."""
    if targets.is_floating_point():
        return targets.nan_to_num(0.0)
    return targets.masked_fill(targets == IGNORED, 0)


def padding_counts() -> AbstractContextManager[object]:
    """Take steps beyond an end for steps with the target 0, in loss and metric."""
    right: Counted = counted
    return patch.object(eager, "counted", lambda o, t, width: right(o, filled(t), width))


def metric_counts_padding() -> AbstractContextManager[object]:
    """Take them so in the metric only."""
    right = eager.EagerRun._score  # noqa: SLF001  # where a set is measured

    def score(run: eager.EagerRun, x: Tensor, y: Tensor) -> tuple[float, float]:
        loss, _ = right(run, x, y)
        outputs, targets = counted(run.model(x), filled(y), run.data.width)
        return loss, run.metric(outputs.cpu().numpy(), targets.cpu().numpy(), loss)

    return patch.object(eager.EagerRun, "_score", score)


def divided_by_all() -> AbstractContextManager[object]:
    """Divide the loss by all steps, those beyond an end too."""
    right = eager.EagerRun.loss_of

    def loss_of(run: eager.EagerRun, outputs: Tensor, targets: Tensor) -> Tensor:
        there = counted(outputs, targets, run.data.width)[1]
        return right(run, outputs, targets) * there.numel() / targets.numel()

    return patch.object(eager.EagerRun, "loss_of", loss_of)


def not_packed() -> AbstractContextManager[object]:
    """Run layers over what lies beyond an end too."""

    def through(layer: nn.Module, x: Tensor, start: Any, _lengths: Tensor | None) -> Any:
        return layer(x, start)

    return patch.object(network, "through", through)


def last_of_the_batch() -> AbstractContextManager[object]:
    """Read the last timestep of the batch, which is not the last of each record."""
    right = network.Network.ending

    def ending(model: network.Network, x: Tensor, _lengths: Tensor | None = None) -> Tensor:
        return right(model, x)

    return patch.object(network.Network, "ending", ending)


def order_not_restored() -> AbstractContextManager[object]:
    """Leave the records of a packed batch in the order of their lengths."""
    right = pad_packed_sequence

    def unpacked(packed: Any, **options: Any) -> Any:
        return right(packed._replace(sorted_indices=None, unsorted_indices=None), **options)

    return patch.object(padding, "pad_packed_sequence", unpacked)


def first_record_only() -> AbstractContextManager[object]:
    """Give all records of a packed batch the outputs of the first."""
    right = pad_packed_sequence

    def unpacked(packed: Any, **options: Any) -> Any:
        outputs, lengths = right(packed, **options)
        return outputs[:1].expand_as(outputs), lengths

    return patch.object(padding, "pad_packed_sequence", unpacked)


def lengths_changed(wrong: Callable[[Tensor], Tensor]) -> Inject:
    """Tell the network other lengths than there are."""
    right = padding.lengths_of
    return lambda: patch.object(network, "lengths_of", lambda x: wrong(right(x)))


def embedded(**options: Any) -> Inject:
    """Look ids up with options that nobody asked for."""
    right = functional.embedding

    def embedding(ids: Tensor, table: Tensor, *_rest: Any) -> Tensor:
        return right(ids, table, **options)

    return lambda: patch.object(functional, "embedding", embedding)


def neighbours_vector() -> AbstractContextManager[object]:
    """Give each id the vector of the one before it."""
    right = functional.embedding

    def embedding(ids: Tensor, table: Tensor, *rest: Any) -> Tensor:
        return right((ids - 1).clamp(min=0), table, *rest)

    return patch.object(functional, "embedding", embedding)


def step_late() -> AbstractContextManager[object]:
    """Compare each step's output with the target of the step before."""
    right = eager.EagerRun.loss_of

    def loss_of(run: eager.EagerRun, outputs: Tensor, targets: Tensor) -> Tensor:
        if targets.dim() == 1:
            return right(run, outputs, targets)
        late = torch.cat([targets[:, :1], targets[:, :-1]], dim=1)
        return right(run, outputs, torch.where(targets == IGNORED, targets, late))

    return patch.object(eager.EagerRun, "loss_of", loss_of)


FAULTS = tuple(
    Fault(name, SURFACE, source, sentence, case, inject, probes)
    for name, source, sentence, case, inject, probes in (
        (
            "padding_counts",
            "keras#1539",
            "steps beyond a record's end count in loss and metric",
            "padded",
            padding_counts,
            ("reference_steps", "loss"),
        ),
        (
            "metric_counts_padding",
            "keras#4196",
            "steps beyond a record's end count in the metric",
            "padded_accuracy",
            metric_counts_padding,
            ("reference_steps",),
        ),
        (
            "loss_divided_by_padding",
            "keras#3086",
            "the loss is divided by all steps, those beyond an end too",
            "padded",
            divided_by_all,
            ("reference_steps", "loss"),
        ),
        (
            "padding_in_the_state",
            "pytorch#3662",
            "a layer that reads backwards begins in the padding",
            "padded_both_ways",
            not_packed,
            ("reference_steps", "modes"),
        ),
        (
            "last_of_the_batch",
            SYNTHETIC,
            "the head reads the batch's last timestep, not each record's",
            "padded_both_ways",
            last_of_the_batch,
            ("reference_steps", "modes"),
        ),
        (
            "order_not_restored",
            "mead-baseline#677",
            "a packed batch comes back in the order of its lengths",
            "padded",
            order_not_restored,
            ("reference_steps", "modes"),
        ),
        (
            "packed_first_record",
            "pytorch#95118",
            "of a packed batch only the first record is right",
            "padded",
            first_record_only,
            ("reference_steps", "modes"),
        ),
        (
            "lengths_sorted",
            SYNTHETIC,
            "lengths are sorted and records are not",
            "padded_both_ways",
            lengths_changed(lambda lengths: lengths.sort(descending=True)[0]),
            ("reference_steps", "modes"),
        ),
        (
            "lengths_one_short",
            SYNTHETIC,
            "each record ends one step early",
            "padded_both_ways",
            lengths_changed(lambda lengths: (lengths - 1).clamp(min=1)),
            ("reference_steps", "modes"),
        ),
        (
            "first_token_frozen",
            SYNTHETIC,
            "id 0 is taken for padding, and its vector gets no gradient",
            "embedded",
            embedded(padding_idx=0),
            ("reference_steps", "gradient"),
        ),
        (
            "frequent_tokens_damped",
            SYNTHETIC,
            "a vector's gradient is divided by how often its id occurs",
            "embedded",
            embedded(scale_grad_by_freq=True),
            ("reference_steps", "gradient"),
        ),
        (
            "neighbours_vector",
            SYNTHETIC,
            "each id gets the vector of its neighbour",
            "embedded",
            neighbours_vector,
            ("reference_steps", "modes"),
        ),
        (
            "step_late",
            SYNTHETIC,
            "targets are one step late",
            "padded",
            step_late,
            ("reference_steps", "loss"),
        ),
    )
)
