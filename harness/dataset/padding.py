"""Records of several lengths in one array, and targets at each step: which numbers are there.

What lies beyond a record's end is NaN among inputs and values, and `IGNORED` among classes. It
counts in no loss and in no metric; a backend replaces it before it computes.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.scenario.data import Targets

Array = NDArray[Any]

IGNORED = -1
"""The class of a step that is not there; no class is negative."""


def present(targets: Array) -> NDArray[np.bool_]:
    """Tell for each target `[records]` or `[records, timesteps]` whether it is there."""
    whole = np.issubdtype(targets.dtype, np.integer)
    there = targets != IGNORED if whole else ~np.isnan(targets)
    return np.asarray(there)


def lengths_of(x: Array) -> NDArray[np.int64]:
    """Return the number of steps `[records]` of inputs `[records, timesteps, features]`."""
    return np.asarray((~np.isnan(x[..., 0])).sum(axis=1), np.int64)


def pad(x: Array, y: Array, lengths: Array, targets: Targets) -> tuple[Array, Array]:
    """Return inputs and targets of records that end where ``lengths`` `[records]` says.

    Args:
        x: `[records, timesteps, features]`, float64.
        y: `[records, timesteps]`.
        lengths: at least 1.
        targets: whether those of all steps are asked for, or each record's last.
    """
    beyond = np.arange(x.shape[1]) >= lengths[:, None]
    x = np.where(beyond[..., None], np.nan, x)
    if targets == "last":
        return x, y[np.arange(len(y)), lengths - 1]
    return x, without(y, beyond)


def without(y: Array, beyond: NDArray[np.bool_]) -> Array:
    """Return targets `[records, timesteps]` or with one more axis, but for those beyond an end."""
    y = y.copy()
    y[beyond] = IGNORED if np.issubdtype(y.dtype, np.integer) else np.nan
    return y


def counted(outputs: Array, targets: Array, width: int) -> tuple[Array, Array]:
    """Return what losses and metrics are of: one row a record, or a step of one that is there.

    Args:
        outputs: `[records, outputs]`, or `[records, timesteps, outputs]` with targets at each step.
        targets: of `[records]` or `[records, timesteps]`, vectors with one more axis.
        width: numbers in a target that is a vector; 0 where each is one number.

    Returns:
        Outputs `[rows, outputs]` and targets `[rows]`, or `[rows, width]`.
    """
    there = present(targets[..., 0] if width else targets)
    return outputs[there], targets[there]
