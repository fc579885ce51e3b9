"""Records as Keras is given them: arrays, nested ones, data sets."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from harness.diagnosis.watch.lookup import row_bytes

MOST_RECORDS = 4000
"""Records of which the network's answer is looked at after training."""


def copied(value: Any) -> Any:
    """A copy of an array, or of those in a list or a dictionary; anything else as it is."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, dict):
        return {name: copied(part) for name, part in value.items()}
    return [copied(part) for part in value] if isinstance(value, (list, tuple)) else value


def flat(value: Any) -> list[Any]:
    """The arrays of a nested structure, in order."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [found for part in value for found in flat(part)]
    found = array(value)
    return [] if found is None else [found]


def array(value: Any) -> Any:
    """A NumPy array of whatever holds numbers; ``None`` for what does not."""
    if isinstance(value, (list, tuple)) and value and hasattr(value[0], "shape"):
        value = value[0]
    if isinstance(value, dict) and value:
        value = next(iter(value.values()))
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    try:
        found = np.asarray(value)
    except (TypeError, ValueError):
        return None
    return found if found.ndim and found.dtype.kind in "fiub" else None


def from_dataset(source: Any) -> tuple[Any, Any] | None:
    """Inputs and targets of a data set that can be read twice: PyDataset, DataLoader, tf.data."""
    if source is None or hasattr(source, "__next__"):
        return None
    pairs = []
    try:
        if hasattr(source, "__getitem__") and hasattr(source, "num_batches"):
            batches = (source[at] for at in range(min(source.num_batches or 0, 64)))
        elif hasattr(source, "dataset") and hasattr(source, "batch_sampler"):
            count = min(len(source.dataset), MOST_RECORDS)
            records = [source.dataset[at] for at in range(count)]
            return np.stack([array_of(r[0]) for r in records]), np.stack(
                [array_of(r[1]) for r in records]
            )
        else:
            return None
        pairs += [(batch[0], array(batch[1])) for batch in batches]
        return joined([p[0] for p in pairs]), np.concatenate([p[1] for p in pairs])
    except (TypeError, ValueError, IndexError, KeyError):
        return None


def overheard(source: Any, hear: Callable[[Any], None]) -> Iterator[Any]:
    """Batches of a generator as they come, each told before it is passed on."""
    for batch in source:
        hear(batch)
        yield batch


def batch_size(source: Any) -> int | None:
    """Records in a batch of a data set, if it says so or can be asked for its first."""
    size = getattr(source, "batch_size", None)
    if not isinstance(size, int) and hasattr(source, "num_batches"):
        size = len(flat(source[0][1])[0])
    return size if isinstance(size, int) else None


def shuffles(source: Any, *, asked: bool) -> bool:
    """Whether a data set comes in another order each epoch.

    Args:
        source: as it is given to ``fit``.
        asked: the argument ``shuffle``, which Keras heeds for batches of a PyDataset only.
    """
    if hasattr(source, "sampler"):
        return type(source.sampler).__name__ != "SequentialSampler"
    if not hasattr(source, "num_batches"):
        return True  # not known
    reordered = any("on_epoch_end" in vars(kind) for kind in _own_kinds(source))
    return asked or reordered or bool(getattr(source, "shuffle", False))


def _own_kinds(source: Any) -> list[type]:
    return [kind for kind in type(source).__mro__ if not kind.__module__.startswith("keras")][:-1]


def joined(batches: list[Any]) -> Any:
    """Batches of inputs as one, nested as they are."""
    first = batches[0]
    if isinstance(first, dict):
        return {name: joined([batch[name] for batch in batches]) for name in first}
    if isinstance(first, (list, tuple)):
        return [joined([batch[at] for batch in batches]) for at in range(len(first))]
    return np.concatenate([array_of(batch) for batch in batches])


def array_of(value: Any) -> Any:
    """A NumPy array, scalars included."""
    return np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)


def split(data: tuple[Any, Any], share: float) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Training and validation part, as ``validation_split`` cuts them."""
    x, y = data

    def cut(value: Any, part: slice) -> Any:
        if isinstance(value, (list, tuple)):
            return [cut(v, part) for v in value]
        if isinstance(value, dict):
            return {name: cut(v, part) for name, v in value.items()}
        return value[part]

    count = len(array(y))
    at = int(np.floor(count * (1 - share)))
    return (cut(x, slice(0, at)), cut(y, slice(0, at))), (
        cut(x, slice(at, None)),
        cut(y, slice(at, None)),
    )


def sample(data: tuple[Any, Any] | None) -> tuple[Any, Any]:
    """The first of its records, in whatever they are nested."""
    if data is None:
        return None, None
    try:
        return cut(data[0]), cut(data[1])
    except (TypeError, KeyError):
        return None, None


def cut(value: Any) -> Any:
    """The first records of arrays, in whatever they are nested."""
    if isinstance(value, (list, tuple)):
        return [cut(v) for v in value]
    if isinstance(value, dict):
        return {k: cut(v) for k, v in value.items()}
    return None if value is None else value[:MOST_RECORDS]


def reordered(one: Any, two: Any) -> bool:
    """Whether two arrays of inputs hold the same records in another order."""
    if not isinstance(one, np.ndarray) or not isinstance(two, np.ndarray):
        return False
    if one is two or one.shape != two.shape or np.array_equal(one, two):
        return False
    return sorted(row_bytes(one)) == sorted(row_bytes(two))
