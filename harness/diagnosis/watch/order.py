"""How many records there are, how often each was met, and in which order."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import torch

from harness.diagnosis.watch.met_again import comes_again, regrouped, relabelled
from harness.diagnosis.watch.records import Batch, Training


@dataclass(frozen=True)
class Order:
    """The records of a training in the order they were met.

    Attributes:
        records: different ones; ``None`` where it was not kept.
        epochs: times that each was met.
        shuffled: whether the order differs between epochs.
        relabelled: share of records that come with another target when they are met again.
        regrouped: whether records are met again in another batch, beside others than before.
        batch: records in most batches.
    """

    records: int | None = None
    epochs: int | None = None
    shuffled: bool | None = None
    relabelled: float = 0.0
    regrouped: bool = False
    batch: int | None = None

    @property
    def batches_an_epoch(self) -> int:
        """Batches in which each record is met once; 32 where their number is not known."""
        return max(1, math.ceil(self.records / max(self.batch or 1, 1))) if self.records else 32


def order(training: Training, loaders: list[Any]) -> Order:
    """Recognise records by their keys."""
    if _one_sentence_each(training):
        return replace(_of_batches(training), batch=1)
    return replace(_of_records(training, loaders), batch=usual_batch(training))


def _one_sentence_each(training: Training) -> bool:
    """Whether each batch is one record: the tokens of a sentence, of one length or another."""
    sizes = training.batch_sizes
    first = next((b.inputs for b in training.batches if b.inputs is not None), None)
    if first is None or first.dim() != 1 or first.is_floating_point() or len(set(sizes)) < 3:
        return False
    return 2 * max(map(sizes.count, set(sizes))) < len(sizes)


def _of_batches(training: Training) -> Order:
    """Each batch is a record."""
    batches = [k.cpu().numpy() for k, _ in training.keys]
    names = [batch.tobytes() for batch in batches]
    labels = [v.cpu().numpy().tobytes() for _, v in training.keys]
    records = len(set(names))
    epochs = max(1, round(len(training.losses) / records))
    again = relabelled(*(np.unique(each, return_inverse=True)[1] for each in (names, labels)))
    return Order(records, epochs, None if epochs == 1 else not comes_again(batches), again)


def _of_records(training: Training, loaders: list[Any]) -> Order:
    if not training.keys or any(k.shape != v.shape for k, v in training.keys):
        return Order()
    batches = [k.cpu().numpy() for k, _ in training.keys]
    keys = np.concatenate(batches)
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
    told = records > 0.5 * length and not training.partly
    changed = relabelled(keys, labels) if told else 0.0
    again = same or (not whole and comes_again(batches))
    return Order(records, epochs, None if whole else not again, changed, regrouped(batches))


def continues(training: Training) -> bool:
    """Whether batches are consecutive parts of a few long records, as of a language model.

    Each row then begins where the same row of the batch before ended: its first step is the
    last one's target.
    """
    met = [(b.inputs, _last_steps(b)) for b in training.batches if b.inputs is not None]
    same = [
        bool(torch.isclose(last.double(), after[:, 0].reshape(last.shape).double()).all())
        for (_, last), (after, _) in pairwise(met)
        if last is not None and after.dim() > 1 and after[:, 0].numel() == last.numel()
    ]
    return bool(same) and float(np.mean(same)) > 0.6


def _last_steps(batch: Batch) -> torch.Tensor | None:
    """Targets of the last step of each record; ``None`` without one for each step."""
    inputs, target = batch.inputs, batch.target
    assert inputs is not None  # noqa: S101  # as it was asked for
    if inputs.dim() < 2 or target.numel() != inputs.shape[0] * inputs.shape[1]:
        return None
    return target.reshape(inputs.shape[0], inputs.shape[1])[:, -1]


def _loader_shuffles(loaders: list[Any]) -> bool | None:
    if not loaders:
        return None
    return any(type(loader.sampler).__name__ != "SequentialSampler" for loader in loaders)


def usual_batch(training: Training) -> int | None:
    """Records in most batches."""
    sizes = training.batch_sizes
    return max(set(sizes), key=sizes.count) if sizes else None
