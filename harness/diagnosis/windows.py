"""Whether records belong to one series, and so hold their neighbours' targets."""

import numpy as np

from harness.diagnosis.observations import Array

ROWS = 24
"""Records looked at."""

ALIKE = 0.999
"""Correlation of what two windows share, whatever each was shifted and scaled by; neighbouring
parts of a random walk correlate too, but hardly one in ten that much."""

SHORTEST = 3

COLUMNS = 64
MOST_ROWS = 500


def overlap(inputs: Array) -> bool:
    """Whether most records `[records, steps, ...]` begin within the one before, or quote it.

    Targets that are moved by a record then lie in the inputs, or beside them: that they can be
    learnt says nothing of how records were paired.
    """
    return _windows(inputs) or _lagged(inputs)


def _lagged(inputs: Array) -> bool:
    """Whether a column `[records, columns]` is another one, a record later: a value of before."""
    if inputs.ndim != 2 or inputs.dtype.kind != "f" or not 1 < inputs.shape[1] <= COLUMNS:  # noqa: PLR2004 - records and columns
        return False
    rows = inputs[:MOST_ROWS].astype(np.float64)
    now, before = (part - part.mean(0) for part in (rows[1:], rows[:-1]))
    size = np.outer(np.sqrt((now**2).sum(0)), np.sqrt((before**2).sum(0)))
    alike = np.abs(now.T @ before) > ALIKE * np.where(size > 0, size, np.inf)
    np.fill_diagonal(alike, val=False)  # what hardly changes from record to record
    return bool(alike.any())


def _windows(inputs: Array) -> bool:
    if inputs.ndim < 2 or inputs.shape[1] <= SHORTEST or inputs.dtype.kind not in "fiu":  # noqa: PLR2004 - records and steps
        return False
    rows = inputs[:ROWS].astype(np.float64).reshape(len(inputs[:ROWS]), inputs.shape[1], -1)
    longest = inputs.shape[1] - SHORTEST
    return any(_share(rows[:-1, step:], rows[1:, :-step]) for step in range(1, longest + 1))


def _share(ends: Array, begins: Array) -> bool:
    one, two = (part - part.mean(1, keepdims=True) for part in (ends, begins))
    size = np.sqrt((one**2).sum((1, 2)) * (two**2).sum((1, 2)))
    if not (size > 0).any():
        return False
    alike = (one * two).sum((1, 2))[size > 0] / size[size > 0]
    return float(np.mean(alike > ALIKE)) > 0.5  # noqa: PLR2004 - most


GIVEN = 0.995
"""Correlation from which a target is one of the input's own values, or a difference of two."""


def holds(inputs: Array, targets: Array) -> bool:
    """Whether each record `[steps, ...]` holds its target already, as a value or as a change."""
    if targets.size != len(inputs):
        return False
    flat = inputs.reshape(len(inputs), inputs.shape[1], -1).astype(np.float64)
    columns = np.concatenate([flat, np.diff(flat, axis=1)], 1).reshape(len(inputs), -1)
    centred = columns - columns.mean(0)
    wanted = targets.reshape(-1).astype(np.float64)
    wanted = wanted - wanted.mean()
    size = np.sqrt((centred**2).sum(0) * (wanted**2).sum())
    kept = size > 0
    return bool((np.abs(wanted @ centred[:, kept]) > GIVEN * size[kept]).any())
