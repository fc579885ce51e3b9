"""Faults in which records are trained on, in which order, with which labels."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from harness.backends import loop
from harness.backends.torch import eager
from harness.dataset import Dataset
from harness.dataset import build as right
from harness.scenario import Case
from harness.selftest.fault import SYNTHETIC, Fault, Inject

SURFACE = "data"


Order = NDArray[np.int64]


def ordered(wrong: Callable[[int, int, int], Order]) -> Inject:
    """Visit the records in the order that ``wrong`` makes of seed, epoch and their number."""

    def order(seed: int, epoch: int, records: int, *, shuffle: bool) -> Order:
        del shuffle
        return wrong(seed, epoch, records)

    return lambda: patch.object(loop, "epoch_order", order)


def stored(_seed: int, _epoch: int, records: int) -> Order:
    """Return the order in which records are stored."""
    return np.arange(records)


def same_every_epoch(seed: int, _epoch: int, records: int) -> Order:
    """Return one random order for all epochs."""
    return np.random.default_rng(seed).permutation(records)


def one_twice(seed: int, epoch: int, records: int) -> Order:
    """Return a random order that has one record twice, or another one not."""
    order = np.random.default_rng((seed, epoch)).permutation(records)
    order[0] = order[1]
    return order


def last_batch_dropped() -> AbstractContextManager[object]:
    """Leave out the batch that is not full."""
    right = eager.EagerRun.batches

    def batches(run: eager.EagerRun, epoch: int) -> tuple[Tensor, ...]:
        size = run.case.training.batch_size
        return tuple(batch for batch in right(run, epoch) if len(batch) == size)

    return patch.object(eager.EagerRun, "batches", batches)


def labels_shifted() -> AbstractContextManager[object]:
    """Give every record the label of its neighbour."""

    def build(case: Case, seed: int) -> Dataset:
        dataset = right(case, seed)
        return replace(dataset, y=np.roll(dataset.y, 1))

    return patch.object(eager, "build_dataset", build)


def targets_shifted() -> AbstractContextManager[object]:
    """Compare every output with the target of its neighbour in the batch."""
    right = eager.EagerRun.loss_of

    def loss_of(run: eager.EagerRun, outputs: Tensor, targets: Tensor) -> Tensor:
        return right(run, outputs, targets.roll(1))

    return patch.object(eager.EagerRun, "loss_of", loss_of)


FAULTS = (
    Fault(
        "not_shuffled",
        SURFACE,
        "pytorch#31771",
        "records come in their stored order, sorted by label, every epoch",
        "sorted",
        ordered(stored),
        ("small_gradients", "reference_steps", "batches"),
    ),
    Fault(
        "last_batch_dropped",
        SURFACE,
        "meta-pytorch/data#302",
        "the last, partial batch of an epoch is dropped",
        "adam",
        last_batch_dropped,
        ("batches", "reference_steps", "small_gradients"),
    ),
    Fault(
        "labels_shifted",
        SURFACE,
        "pytorch#83270",
        "labels are out of step with their records",
        "adam",
        labels_shifted,
        ("batches", "reference_steps", "small_gradients"),
    ),
    *(
        Fault(name, SURFACE, SYNTHETIC, sentence, "adam", inject, probes)
        for name, sentence, inject, probes in (
            (
                "same_order_every_epoch",
                "every epoch has the order of the first",
                ordered(same_every_epoch),
                ("batches", "reference_steps"),
            ),
            (
                "record_twice",
                "one record comes twice and another one not at all",
                ordered(one_twice),
                ("batches", "reference_steps"),
            ),
            (
                "targets_shifted",
                "targets are out of step with the outputs of a batch",
                targets_shifted,
                ("batches",),
            ),
        )
    ),
)
