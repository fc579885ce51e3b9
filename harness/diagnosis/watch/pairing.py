"""Other pairings of inputs with targets that the script's own arrays allow."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

from collections.abc import Sequence
from typing import Any

import numpy as np

from harness.diagnosis.observations import Array
from harness.diagnosis.watch.lookup import mostly_among, row_bytes
from harness.diagnosis.watch.series import FEWEST, following
from harness.diagnosis.windows import holds, overlap

MOST_LOADERS = 6
MOST_PARTS = 8
"""Tensors of a data set: of more, they are its records."""

MOST = 24
"""Pairings tried at most."""

OTHER = 0.25
"""Mean distance of quantiles, in standard deviations: a hundred records differ by 0.1 by chance."""


def alternatives(
    inputs: Array | None,
    targets: Array | None,
    namespace: dict[str, Any],
    loaders: list[Any],
    beside: Sequence[Array] = (),
) -> tuple[tuple[str, Array, Array], ...]:
    """Name, inputs and targets of each pairing: what lies in the script under other names.

    Args:
        inputs: `[records, ...]` trained on, in the order they were met.
        targets: `[records, ...]`.
        namespace: the script's variables.
        loaders: its data loaders.
        beside: what else the network is given for these records, and asked of them: more of the
            same pairing, not another.
    """
    if inputs is None or targets is None:
        return ()
    arrays = {
        name: made for name, value in namespace.items() if (made := _numpy(value)) is not None
    }
    orders = arrays | {name: np.array(v) for name, v in namespace.items() if _is_order(v)}
    paired = dict(zip(row_bytes(inputs), targets, strict=False))
    xs = {n: a for n, a in arrays.items() if a.shape[1:] == inputs.shape[1:]}
    found: list[tuple[str, Array, Array]] = []
    own = _stored(loaders)
    xs |= {n: a for n, a in own.items() if a[0].size == inputs[0].size}
    xs = {n: a for n, a in xs.items() if not any(_are_those(a, b) for b in beside)}
    met = [a for a in xs.values() if mostly_among(a[:MOST_ROWS], inputs)]
    xs = {n: a for n, a in xs.items() if not any(_rescaled(a, b) for b in met)}
    ys = {n: a for n, a in (arrays | own).items() if not any(_are_those(a, b) for b in beside)}
    for name, x in xs.items():
        for other, y in ys.items():
            fits = len(y) == len(x) and y.shape[1:] == targets.shape[1:]
            if not fits or y is x or y.ndim > 2 or not _alike(y, targets):
                continue
            windows = overlap(x)
            if windows and holds(x, y):
                continue
            found.append((f"{name} with {other}", x, y))
            shifts = () if windows else (-2, -1, 1, 2)
            found.extend((f"{other} shifted by {by}", x, np.roll(y, by, 0)) for by in shifts)
            found.extend(_permuted(name, other, x, y, orders))
    found += following(inputs, targets, arrays)
    given = set(paired) if targets.shape == inputs.shape else set()
    return tuple(
        (label, *_finite(x, y))
        for label, x, y in found[:MOST]
        if not _same_pairing(paired, x, y) and given.isdisjoint(row_bytes(y[:FEWEST]))
    )


def _finite(x: Array, y: Array) -> tuple[Array, Array]:
    """Records without missing values, which a script drops before it trains."""
    if x.dtype.kind != "f":
        return x, y
    whole = np.isfinite(x.reshape(len(x), -1)).all(1)
    return (x, y) if whole.all() else (x[whole], y[whole])


def mixed(inputs: Array | None, namespace: dict[str, Any], loaders: list[Any], batch: int) -> str:
    """Name of the array from several of whose records each record of the inputs was put together.

    A view with swapped axes does that. Told by values that occur once only; nothing is said where
    a record is there as it is.

    Args:
        inputs: `[records, ...]` trained on.
        namespace: the script's variables.
        loaders: its data loaders.
        batch: records in one; arrays of no more hold what a loop has made of a batch.
    """
    if inputs is None or inputs.dtype.kind != "f" or len(inputs) < FEWEST_MIXED:
        return ""
    arrays = _named(namespace, loaders)
    fit = {
        n: a
        for n, a in arrays.items()
        if a.dtype.kind == "f" and a[0].size == inputs[0].size and len(a) > batch
    }
    asked = row_bytes(inputs[:FEWEST_MIXED])
    if any(set(asked) & set(row_bytes(a)) for a in fit.values()):
        return ""
    return next((n for n, a in fit.items() if all(_owners(r, a) > 1 for r in inputs[:3])), "")


FEWEST_MIXED = 8


def viewed(inputs: Array | None, namespace: dict[str, Any], loaders: list[Any]) -> str:
    """How inputs differ from an array that holds the same records with axes in another order.

    Args:
        inputs: `[records, ...]` trained on.
        namespace: the script's variables.
        loaders: its data loaders.
    """
    if inputs is None or inputs.ndim < 3 or len(inputs) < FEWEST_MIXED:
        return ""
    asked = set(row_bytes(inputs[:FEWEST_MIXED]))
    if len(asked) == 1:
        return ""
    arrays = _named(namespace, loaders, fewest=2)
    before = {  # what an array is a view of is kept, though no name is left for it
        f"{name} as it was": array.base
        for name, array in arrays.items()
        if isinstance(array.base, np.ndarray) and array.base.ndim > 1
    }
    for name, array in {**arrays, **before}.items():
        shape = (array.size // max(inputs[0].size, 1), *inputs.shape[1:])
        if array.size % inputs[0].size or not renamed(array.shape, shape):
            continue
        if asked <= set(row_bytes(array.reshape(shape))):
            return f"{name} is {list(array.shape)}, and {list(shape)} where its records are taken"
    return ""


def renamed(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two shapes hold the same axes in another order, those of length one left out."""
    long = [[length for length in shape if length > 1] for shape in (one, other)]
    return long[0] != long[1] and sorted(long[0]) == sorted(long[1])


def _named(namespace: dict[str, Any], loaders: list[Any], fewest: int = FEWEST) -> dict[str, Array]:
    arrays = {n: a for n, v in namespace.items() if (a := _numpy(v, fewest)) is not None}
    return arrays | _stored(loaders)


def _owners(record: Array, array: Array) -> int:
    """Records of an array that all values of one record occur in, by those that occur once."""
    values, at, times = np.unique(
        array.astype(np.float32).ravel(), return_index=True, return_counts=True
    )
    wanted = record.astype(np.float32).ravel()
    found = np.minimum(np.searchsorted(values, wanted), len(values) - 1)
    if not np.array_equal(values[found], wanted):
        return 0
    once = found[times[found] == 1]
    return len(np.unique(at[once] // array[0].size)) if len(once) >= FEWEST_MIXED else 0


def _rescaled(one: Array, other: Array) -> bool:
    """Whether records are others in another unit, in the same order: as before they were scaled."""
    if one is other or one.shape != other.shape or len(one) < FEWEST or np.array_equal(one, other):
        return False
    sides = (a[:MOST_ROWS].reshape(min(len(a), MOST_ROWS), -1) for a in (one, other))
    first, second = (a.astype(np.float64) - a.mean(0) for a in sides)
    size = np.sqrt((first**2).sum(0) * (second**2).sum(0))
    varied = size > 0
    if not np.isfinite(size).all() or not varied.any():
        return False
    along = (first * second).sum(0)[varied] / size[varied]
    return bool((np.abs(along) > IN_STEP).all())


IN_STEP = 0.9999
"""Correlation of numbers that differ by their unit only, and by rounding."""


def _same_pairing(paired: dict[bytes, Array], x: Array, y: Array) -> bool:
    """Whether records have the targets that they were trained on: then it is no other pairing."""
    met = [(paired.get(row), target) for row, target in zip(row_bytes(x), y, strict=True)]
    same = [np.allclose(one, two, atol=1e-5) for one, two in met if one is not None]
    return len(same) > len(x) / 20 and float(np.mean(same)) > 0.9


def _alike(one: Array, two: Array) -> bool:
    """Whether two sets of targets spread in the same way, whatever their unit.

    What spreads differently is another quantity, such as the last value of each input.
    """
    if one.dtype.kind not in "fiu" or two.dtype.kind not in "fiu":
        return False
    if _are_classes(one) != _are_classes(two):
        return False  # probabilities that classes were drawn from, or another output's classes
    levels = []
    for values in (one, two):
        flat = values.reshape(-1).astype(np.float64)
        spread = float(flat.std())
        if not np.isfinite(spread) or spread == 0:
            return False
        levels.append((np.quantile(flat, np.linspace(0.05, 0.95, 19)) - flat.mean()) / spread)
    return float(np.abs(levels[0] - levels[1]).mean()) < OTHER


def _are_those(array: Array, others: Array) -> bool:
    """Whether records begin with the same ones as others, or are found among them as rows."""
    if array.shape[1:] != others.shape[1:]:
        return False
    count = min(len(array), len(others))
    if count >= FEWEST and np.array_equal(array[:count], others[:count]):
        return True
    return others[0].size > 1 and mostly_among(array[:MOST_ROWS], others)


MOST_ROWS = 400
"""Rows that are looked for among others."""

CLASSES = 20
"""Different values from which targets are numbers, not classes."""

MOST_ASKED = 4800
"""Targets asked for their different values."""


def _are_classes(values: Array) -> bool:
    names = np.unique(values[:MOST_ASKED])
    return len(names) <= CLASSES and bool((names == np.round(names)).all())


def _is_order(value: Any) -> bool:
    """Whether a list holds each of the first numbers once."""
    return (
        isinstance(value, list)
        and len(value) >= FEWEST
        and all(type(each) is int for each in value)
        and sorted(value) == list(range(len(value)))
    )


def _permuted(
    name: str, other: str, x: Array, y: Array, orders: dict[str, Array]
) -> list[tuple[str, Array, Array]]:
    found = []
    for label, order in orders.items():
        if (
            order.ndim == 1
            and len(order) == len(y)
            and order.dtype.kind in "iu"
            and np.array_equal(np.sort(order), np.arange(len(y)))
        ):
            found.append((f"{name} with {other}[{label}]", x, y[order]))
            found.append((f"{name}[{label}] with {other}", x[order], y))
    return found


def stored(loaders: list[Any]) -> list[tuple[str, Any]]:
    """Names and values of what the data sets of loaders hold, whatever class they are of."""
    found = []
    for at, loader in enumerate(loaders[:MOST_LOADERS]):
        for name, value in getattr(_innermost(loader.dataset), "__dict__", {}).items():
            parts = value if isinstance(value, (list, tuple)) and len(value) <= MOST_PARTS else ()
            label = f"data set {at + 1}'s {name}"
            found += [(label, value), *((f"{label}[{k}]", part) for k, part in enumerate(parts))]
    return found


def _innermost(source: Any) -> Any:
    """The data set that another one shows a part of."""
    inner = getattr(source, "dataset", None)
    return source if inner is None else _innermost(inner)


def _stored(loaders: list[Any]) -> dict[str, Array]:
    named = [(name, _numpy(value)) for name, value in stored(loaders)]
    return {name: value for name, value in named if value is not None}


def _numpy(value: Any, fewest: int = FEWEST) -> Array | None:
    if type(value).__module__.startswith("torch"):
        if getattr(value, "requires_grad", False) or not hasattr(value, "detach"):
            return None
        value = value.detach().cpu()
        value = value.numpy() if value.dtype.is_floating_point or value.dtype.is_signed else None
    if (
        isinstance(value, np.ndarray)
        and value.ndim
        and value.dtype.kind in "fiu"
        and fewest <= len(value) <= 200_000
    ):
        return value
    return None
