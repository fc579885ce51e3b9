"""Other pairings of inputs with targets that the script's own arrays allow."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

from typing import Any

import numpy as np

from harness.diagnosis.observations import Array
from harness.diagnosis.watch.lookup import row_bytes
from harness.diagnosis.windows import holds, overlap

MOST = 24
"""Pairings tried at most."""

OTHER = 0.25
"""Mean distance of quantiles, in standard deviations: a hundred records differ by 0.1 by chance."""


def alternatives(
    inputs: Array | None, targets: Array | None, namespace: dict[str, Any], loaders: list[Any]
) -> tuple[tuple[str, Array, Array], ...]:
    """Name, inputs and targets of each pairing: what lies in the script under other names.

    Args:
        inputs: `[records, ...]` trained on, in the order they were met.
        targets: `[records, ...]`.
        namespace: the script's variables.
        loaders: its data loaders.
    """
    if inputs is None or targets is None:
        return ()
    arrays = {
        name: made for name, value in namespace.items() if (made := _numpy(value)) is not None
    }
    paired = dict(zip(row_bytes(inputs), targets, strict=False))
    xs = {n: a for n, a in arrays.items() if a.shape[1:] == inputs.shape[1:]}
    found: list[tuple[str, Array, Array]] = []
    stored = _stored(loaders)
    for name, x in [*xs.items(), *stored]:
        for other, y in [*arrays.items(), *stored]:
            fits = len(y) == len(x) and y.shape[1:] == targets.shape[1:]
            if not fits or y is x or y.ndim > 2 or not _alike(y, targets):
                continue
            windows = overlap(x)
            if windows and holds(x, y):
                continue
            found.append((f"{name} with {other}", x, y))
            shifts = () if windows else (-2, -1, 1, 2)
            found.extend((f"{other} shifted by {by}", x, np.roll(y, by, 0)) for by in shifts)
            found.extend(_permuted(name, other, x, y, arrays))
    return tuple(f for f in found[:MOST] if not _same_pairing(paired, f[1], f[2]))


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
    levels = []
    for values in (one, two):
        flat = values.reshape(-1).astype(np.float64)
        spread = float(flat.std())
        if not np.isfinite(spread) or spread == 0:
            return False
        levels.append((np.quantile(flat, np.linspace(0.05, 0.95, 19)) - flat.mean()) / spread)
    return float(np.abs(levels[0] - levels[1]).mean()) < OTHER


def _permuted(
    name: str, other: str, x: Array, y: Array, arrays: dict[str, Array]
) -> list[tuple[str, Array, Array]]:
    found = []
    for label, order in arrays.items():
        if (
            order.ndim == 1
            and len(order) == len(y)
            and order.dtype.kind in "iu"
            and np.array_equal(np.sort(order), np.arange(len(y)))
        ):
            found.append((f"{name} with {other}[{label}]", x, y[order]))
            found.append((f"{name}[{label}] with {other}", x[order], y))
    return found


def _stored(loaders: list[Any]) -> list[tuple[str, Array]]:
    found = []
    for loader in loaders[:4]:
        for tensor in getattr(loader.dataset, "tensors", ()) or ():
            value = _numpy(tensor)
            if value is not None:
                found.append(("the data set's tensor", value))
    return found


def _numpy(value: Any) -> Array | None:
    if type(value).__module__.startswith("torch"):
        if getattr(value, "requires_grad", False) or not hasattr(value, "detach"):
            return None
        value = value.detach().cpu()
        value = value.numpy() if value.dtype.is_floating_point or value.dtype.is_signed else None
    if (
        isinstance(value, np.ndarray)
        and value.ndim
        and value.dtype.kind in "fiu"
        and 24 <= len(value) <= 200_000
    ):
        return value
    return None
