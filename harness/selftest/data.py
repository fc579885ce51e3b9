"""Faults in which records are trained on, in which order, with which labels."""

from contextlib import AbstractContextManager
from dataclasses import replace
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from harness.backends.torch import eager
from harness.dataset import Dataset
from harness.dataset import build as right
from harness.scenario import Case
from harness.selftest.fault import Fault

SURFACE = "data"


def unshuffled() -> AbstractContextManager[object]:
    """Visit the records as they are stored."""

    def order(_seed: int, _epoch: int, records: int, *, shuffle: bool) -> NDArray[np.int64]:
        del shuffle
        return np.arange(records)

    return patch.object(eager, "epoch_order", order)


def last_batch_dropped() -> AbstractContextManager[object]:
    """Leave out the batch that is not full."""
    right = eager.Run.batches

    def batches(run: eager.Run, epoch: int) -> tuple[Tensor, ...]:
        size = run.case.training.batch_size
        return tuple(batch for batch in right(run, epoch) if len(batch) == size)

    return patch.object(eager.Run, "batches", batches)


def labels_shifted() -> AbstractContextManager[object]:
    """Give every record the label of its neighbour."""

    def build(case: Case, seed: int) -> Dataset:
        dataset = right(case, seed)
        return replace(dataset, y=np.roll(dataset.y, 1))

    return patch.object(eager, "build_dataset", build)


FAULTS = (
    Fault(
        "not_shuffled",
        SURFACE,
        "pytorch#31771",
        "records come in their stored order, sorted by label, every epoch",
        "sorted",
        unshuffled,
    ),
    Fault(
        "last_batch_dropped",
        SURFACE,
        "meta-pytorch/data#302",
        "the last, partial batch of an epoch is dropped",
        "adam",
        last_batch_dropped,
    ),
    Fault(
        "labels_shifted",
        SURFACE,
        "pytorch#83270",
        "labels are out of step with their records",
        "adam",
        labels_shifted,
    ),
)
