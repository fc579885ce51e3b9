"""Records that are met again: in which order, in whose company, with which target."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

from collections.abc import Sequence
from typing import Any

import numpy as np

from harness.diagnosis.observations import Array
from harness.diagnosis.watch.keras_data import flat


def comes_again(batches: list[Array]) -> bool:
    """Whether the same batches come again in the same order; records may occur twice in each."""
    names = [batch.tobytes() for batch in batches]
    periods = {
        at - first  # the very first batch may have been met in another way
        for first in range(min(3, len(names)))
        for at in range(first + 2, first + len(names) // 2 + 1)
        if at < len(names) and names[at] == names[first]
    }
    same = [[one == two for one, two in zip(names, names[at:], strict=False)] for at in periods]
    return any(float(np.mean(each)) > 0.95 for each in same)


def regrouped(batches: list[Array]) -> bool:
    """Whether records come in another company each epoch, so that none can belong to another.

    Steps of a sequence and nodes of a graph come together whenever they come. What is met more
    often than others is a word, which has no company of its own.
    """
    _, at, names, counts = np.unique(
        np.concatenate(batches), return_index=True, return_inverse=True, return_counts=True
    )
    if np.mean(np.abs(counts - np.median(counts)) <= 1) < 0.9:
        return False
    sizes = [len(batch) for batch in batches]
    first = np.repeat(np.arange(len(batches)), sizes)[at][names]  # the batch each was first met in
    parts = np.split(first, np.cumsum(sizes)[:-1])
    again = [part for now, part in enumerate(parts) if len(part) > 2 and (part < now).all()]
    together = [np.unique(part, return_counts=True)[1].max() / len(part) for part in again]
    return bool(together) and float(np.median(together)) < 0.75


def relabelled(keys: Array, labels: Array) -> float:
    """Share of records that are met again with the target of another one.

    What is made anew each time, as the return that a network expects, was never another's.

    Args:
        keys: `[records met]` numbers that stand for inputs.
        labels: `[records met]` numbers that stand for their targets.
    """
    if np.unique(keys, return_counts=True)[1].max(initial=0) > len(keys) / 2:
        return 0.0  # most look alike, and are told apart by nothing
    by_key = np.argsort(keys, kind="stable")
    keys, labels = keys[by_key], labels[by_key]
    again = keys[1:] == keys[:-1]
    if not again.any():
        return 0.0
    values, times = np.unique(labels, return_counts=True)
    changed = (labels[1:] != labels[:-1])[again]
    known = times[np.searchsorted(values, labels[1:])][again] > 1
    return float(np.mean(changed & known))


def order_of(batches: Sequence[Any]) -> tuple[bool | None, bool]:
    """Whether batches of inputs come in a new order each time, and in another company.

    Not known of a single pass, nor where each batch holds all records.

    Args:
        batches: in the order in which they were met, each in whatever it is nested.
    """
    keys = _numbers(batches)
    sizes = [len(parts[0]) if (parts := flat(batch)) else 0 for batch in batches]
    records = len(np.unique(keys))
    if len(keys) < 1.5 * records or max(sizes, default=0) >= records:
        return None, False
    met = np.split(keys, np.cumsum(sizes)[:-1])
    return not comes_again(met), regrouped(met)


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


def _numbers(batches: Sequence[Any]) -> Array:
    """A number for each record `[records]`, the same for equal ones."""
    rows = [
        b"".join(np.ascontiguousarray(part[at]).tobytes() for part in parts)
        for parts in map(flat, batches)
        for at in range(len(parts[0]) if parts else 0)
    ]
    return np.unique(np.array(rows, object), return_inverse=True)[1] if rows else np.zeros(0, int)
