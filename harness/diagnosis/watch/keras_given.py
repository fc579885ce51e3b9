"""Records that Keras is given to train on: arrays, data sets, generators, batches one by one."""

from types import GeneratorType
from typing import Any

from harness.diagnosis.guard import Guard
from harness.diagnosis.watch.keras_data import (
    batch_size,
    copied,
    flat,
    from_dataset,
    overheard,
    reordered,
    sample,
    shuffles,
    split,
)
from harness.diagnosis.watch.keras_training import KerasTraining, note_weights

MOST_BATCHES = 400
"""Batches that are kept of those that come one by one."""


def note_data(training: KerasTraining, given: dict[str, Any], guard: Guard) -> None:
    """Remember what ``fit`` is given; a generator, which can be read once, is listened to."""
    x, y = given.get("x"), given.get("y")
    training.batch = given.get("batch_size") or 32
    before = training.data[0] if training.data is not None else None
    training.shuffle = bool(given.get("shuffle", True)) or reordered(before, x)
    note_weights(training, given)
    training.weights = given.get("sample_weight")
    share = given.get("validation_split") or 0.0
    if isinstance(x, GeneratorType):
        given["x"] = overheard(x, lambda batch: guard.ask(None, _heard, training, batch))
    elif y is None:
        training.data, training.source = from_dataset(x), x
        if training.data is not None:
            training.batch = batch_size(x) or training.batch
            training.shuffle = shuffles(x, asked=training.shuffle)
    else:
        training.data = (x, y)
    if share and training.data is not None:
        training.data, training.validation = split(training.data, share)
    if training.once is None and training.data is not None:
        training.once = copied(sample(training.data))
    if given.get("validation_data") is not None:
        new = given["validation_data"]
        training.validation = (
            (new[0], new[1]) if isinstance(new, (tuple, list)) else from_dataset(new)
        )


def _heard(training: KerasTraining, batch: Any) -> None:
    """Keep a generator's batch of inputs, targets, and perhaps weights."""
    if isinstance(batch, (tuple, list)) and len(batch) > 1:
        keep(training, batch[0], batch[1])
        training.weighted |= len(batch) > len(("inputs", "targets"))


def keep(training: KerasTraining, x: Any, y: Any) -> None:
    """Copy a batch that was trained on; its size is that of the largest."""
    training.batch = max(training.batch if training.batches else 0, len(flat(y)[0]))
    if len(training.batches) < MOST_BATCHES:
        training.batches.append((copied(x), copied(y)))
