"""Targets at each step of a record: what belongs to which step."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import numpy as np

from harness.diagnosis.observations import Array, Floats

ROWS = 1000
"""Steps looked at: enough for an explained share of 0.05."""

COLUMNS = 200
WORDS = 60
"""Different tokens that each get a column; of more, their numbers are all that is left."""


def per_step(inputs: Array, targets: Array) -> Array | None:
    """Targets as `[records, steps]`, where there is one for each step of the inputs.

    ``None`` where there is not, and where targets are the inputs of a later or the same step, as
    of a language model: what stands beside such a step holds its answer.
    """
    if (
        inputs.ndim < 2
        or inputs.shape[1] < 2
        or (inputs.ndim == 2 and inputs.dtype.kind not in "iu")
    ):
        return None
    count, steps = inputs.shape[:2]
    if targets.size != count * steps:
        return None
    whole = targets.shape[:2] == (count, steps) or targets.shape[0] == count * steps
    if not whole:
        return None
    each = np.asarray(targets).reshape(count, steps)
    return None if continues(inputs, each) else each


def continues(inputs: Array, targets: Array) -> bool:
    """Whether targets `[records, steps]` are the inputs of the same or a later step."""
    values = inputs if inputs.ndim == 2 else inputs.reshape(*inputs.shape[:2], -1)[:, :, 0]
    steps = values.shape[1]
    for by in range(min(3, steps)):
        now, later = targets[:, : steps - by], values[:, by:]
        if float(np.mean(np.isclose(now, later, atol=1e-5))) > 0.9:
            return True
    return False


def side_by_side(
    inputs: Array, targets: Array, ignored: int | None, offsets: tuple[int, ...] = (-1, 0, 1)
) -> tuple[dict[str, Floats], Array] | None:
    """Rows of what stands at and beside each step, and their targets.

    Args:
        inputs: `[records, steps, ...]`.
        targets: `[records, steps]`.
        ignored: a class that is left out.
        offsets: steps beside each one.

    Returns:
        Columns `[rows, ...]` by name, and targets `[rows]`; ``None`` without any row.
    """
    steps = inputs.shape[1]
    records = max(1, min(len(inputs), 4 * ROWS // steps))
    values = _columns(inputs[:records])
    beside = [np.roll(values, -by, axis=1) for by in offsets]
    for by, moved in zip(offsets, beside, strict=True):
        moved[:, steps - by if by > 0 else 0 : steps if by > 0 else -by] = 0
    rows = np.concatenate(beside, 2).reshape(records * steps, -1)
    wanted = targets[:records].reshape(-1)
    kept = np.flatnonzero(wanted != ignored if ignored is not None else np.ones(len(wanted), bool))
    kept = np.random.default_rng(0).permutation(kept)[:ROWS]
    if not len(kept) or not np.isfinite(rows[kept]).all():
        return None
    columns = rows[kept]
    middle, spread = columns.mean(0), columns.std(0)
    varied = spread > 1e-12
    if not varied.any():
        return None
    columns = np.clip((columns[:, varied] - middle[varied]) / spread[varied], -8, 8)
    return {"all": columns[:, :COLUMNS]}, wanted[kept]


def _columns(inputs: Array) -> Floats:
    """`[records, steps, columns]`: one for each token, or the values."""
    if inputs.ndim == 2:
        names = np.unique(inputs)
        if len(names) <= WORDS:
            return np.asarray(inputs[:, :, None] == names, np.float64)
    flat = inputs.reshape(*inputs.shape[:2], -1)[:, :, :COLUMNS]
    return np.asarray(flat, np.float64)
