"""Scores that a script computes in NumPy, in another way than its outputs ask for."""
# ruff: noqa: PLR2004 - the numbers are counts of axes

from collections.abc import Iterator

import numpy as np

from harness.diagnosis.observations import Array, Observations, Reading
from harness.diagnosis.watch.operands import Operands

ALIKE = 0.99
"""Share of values by which an array is known as an output, or as its decisions: in batches of
another size a few are rounded to the other side."""


def readings(seen: Observations, operands: Operands) -> tuple[Reading, ...]:
    """What is wrong with scores of one training's outputs, told by what met in them.

    Args:
        seen: the training, with outputs for the records that it was evaluated on.
        operands: arrays that the script compared, subtracted, and asked for their largest value.
    """
    known = (seen.validation_outputs, seen.final_outputs)
    found: list[Reading] = []
    for output in (part for part in known if part is not None and len(part) > 1):
        found += _of_one_unit(seen, output, operands)
        found += _of_every_pair(output, operands)
    return tuple(found[-1:])


def _of_one_unit(seen: Observations, output: Array, operands: Operands) -> Iterator[Reading]:
    """The largest of one unit: the same for every record."""
    for values, axis in operands.largest:
        if values.shape != (len(output), 1) or axis not in {1, -1} or not _same(values, output):
            continue
        why = "argmax over the one unit of the output is always 0"
        numbers = seen.loss.kind in {"mse", "mae"}
        yield Reading("accuracy", None, None, why, "wrong_loss" if numbers else "wrong_metric")


def _of_every_pair(output: Array, operands: Operands) -> Iterator[Reading]:
    """Records met each other's targets: shapes that differ by an axis were broadcast."""
    for left, right in operands.compared:
        sides = ((left, right), (right, left))
        if not _grows(left, right) or not any(_decides(*pair, output) for pair in sides):
            continue
        said, paired = float((left == right).mean()), float((left.ravel() == right.ravel()).mean())
        yield Reading("accuracy", said, paired, _shapes(left, right, "compared with"))
    for left, right in operands.subtracted:
        if not _grows(left, right) or not any(_same(side, output) for side in (left, right)):
            continue
        yield Reading("error", None, None, _shapes(left, right, "subtracted with"))


def _shapes(left: Array, right: Array, verb: str) -> str:
    met = np.broadcast_shapes(left.shape, right.shape)
    return f"{left.shape} is {verb} {right.shape}: broadcast to {met}"


def _grows(left: Array, right: Array) -> bool:
    """Whether two arrays of one size meet in something larger."""
    try:
        shape = np.broadcast_shapes(left.shape, right.shape)
    except ValueError:
        return False
    return int(np.prod(shape)) > left.size


def _same(values: Array, output: Array) -> bool:
    """Whether values are the output, perhaps in another shape."""
    if values.size != output.size or values.dtype.kind != "f":
        return False
    return bool(np.isclose(values.ravel(), output.ravel(), rtol=1e-3, atol=1e-5).mean() > ALIKE)


def _decides(values: Array, labels: Array, output: Array) -> bool:
    """Whether values are decisions made of the output of one unit, and labels of two classes."""
    if values.size != output.size or len(np.unique(labels)) > 2:
        return False
    flat, made = values.ravel(), output.ravel()
    return any(
        float((flat == decided).mean()) > ALIKE
        for decided in (made > 0.5, made > 0, np.round(made))
    )
