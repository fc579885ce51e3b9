"""How many records there are, how often each was met, and in which order."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.diagnosis.observations import Array
from harness.diagnosis.watch.records import Training


@dataclass(frozen=True)
class Order:
    """The records of a training in the order they were met.

    Attributes:
        records: different ones; ``None`` where it was not kept.
        epochs: times that each was met.
        shuffled: whether the order differs between epochs.
        relabelled: share of records that come with another target when they are met again.
    """

    records: int | None = None
    epochs: int | None = None
    shuffled: bool | None = None
    relabelled: float = 0.0


def order(training: Training, loaders: list[Any]) -> Order:
    """Recognise records by their keys."""
    if not training.keys or any(k.shape != v.shape for k, v in training.keys):
        return Order()
    keys = np.concatenate([k.cpu().numpy() for k, _ in training.keys])
    labels = np.concatenate([v.cpu().numpy() for _, v in training.keys])
    names, counts = np.unique(keys, return_counts=True)
    records = len(names)
    if len(keys) < 1.5 * records:
        return Order(records, 1, _loader_shuffles(loaders))
    epochs = round(len(keys) / records * len(training.losses) / len(training.keys))
    length = int(np.median(counts)) and len(keys) // int(np.median(counts))
    one, two = keys[:length], keys[length : 2 * length]
    same = len(one) == len(two) and np.mean(one == two) > 0.95
    whole = len(training.keys[0][0]) >= records
    changed = _relabelled(keys, labels) if records > 0.5 * length else 0.0
    return Order(records, epochs, None if whole else not same, changed)


def _relabelled(keys: Array, labels: Array) -> float:
    by_key = np.argsort(keys, kind="stable")
    keys, labels = keys[by_key], labels[by_key]
    again = keys[1:] == keys[:-1]
    return float(np.mean(labels[1:][again] != labels[:-1][again])) if again.any() else 0.0


def _loader_shuffles(loaders: list[Any]) -> bool | None:
    if not loaders:
        return None
    return any(type(loader.sampler).__name__ != "SequentialSampler" for loader in loaders)


def usual_batch(training: Training) -> int | None:
    """Records in most batches."""
    sizes = training.batch_sizes
    return max(set(sizes), key=sizes.count) if sizes else None


def batches_an_epoch(training: Training, records: int | None) -> int:
    """Batches in which each record is met once; 32 where their number is not known."""
    return max(1, math.ceil(records / max(usual_batch(training) or 1, 1))) if records else 32
