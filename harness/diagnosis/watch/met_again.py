"""Records that are met again: whether they come with the target that they had."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from harness.diagnosis.observations import Array
from harness.diagnosis.watch.keras_data import flat


def relabelled(keys: Array, labels: Array) -> float:
    """Share of records that are met again with the target of another one.

    What is made anew each time, as the return that a network expects, was never another's.

    Args:
        keys: `[records met]` numbers that stand for inputs.
        labels: `[records met]` numbers that stand for their targets.
    """
    by_key = np.argsort(keys, kind="stable")
    keys, labels = keys[by_key], labels[by_key]
    again = keys[1:] == keys[:-1]
    if not again.any():
        return 0.0
    values, times = np.unique(labels, return_counts=True)
    changed = (labels[1:] != labels[:-1])[again]
    known = times[np.searchsorted(values, labels[1:])][again] > 1
    return float(np.mean(changed & known))


def relabelled_arrays(met: Sequence[tuple[Any, Any]]) -> float:
    """The same of batches of inputs and targets, in whatever they are nested.

    Nothing is said where one pass holds the same inputs several times: they belong to different
    records then, as those of a few values each do.

    Args:
        met: batches in the order in which they were met, more than one pass over the records.
    """
    keys, labels = (_numbers([batch[side] for batch in met]) for side in (0, 1))
    if len(keys) != len(labels) or not len(keys):
        return 0.0
    passes = int(np.median(np.unique(keys, return_counts=True)[1]))
    first = keys[: len(keys) // passes]
    told = len(np.unique(first)) > APART * len(first)
    return relabelled(keys, labels) if told else 0.0


APART = 0.95
"""Share of the records of a pass that are told apart by their inputs: copies are in many sets."""


def _numbers(batches: list[Any]) -> Array:
    """A number for each record `[records]`, the same for equal ones."""
    rows = [
        b"".join(np.ascontiguousarray(part[at]).tobytes() for part in parts)
        for parts in map(flat, batches)
        for at in range(len(parts[0]) if parts else 0)
    ]
    return np.unique(np.array(rows, object), return_inverse=True)[1] if rows else np.zeros(0, int)
