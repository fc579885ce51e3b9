"""Scores that a script computes in NumPy, in another way than its outputs ask for."""
# ruff: noqa: PLR2004 - the numbers are counts of axes

from collections.abc import Iterator

import numpy as np

from harness.diagnosis.facts import ALONG
from harness.diagnosis.observations import Array, Observations, Reading
from harness.diagnosis.scales import ELSEWHERE, apart, correlation
from harness.diagnosis.watch.operands import Operands

ALIKE = 0.99
"""Share of values by which an array is known as an output, or as its decisions: in batches of
another size a few are rounded to the other side."""


def of_one_unit(*, numbers: bool) -> Reading:
    """The largest of one unit, of a network that tells classes or puts out numbers."""
    why = "argmax over the one unit of the output is always 0"
    return Reading("accuracy", None, None, why, "wrong_loss" if numbers else "wrong_metric")


def readings(seen: Observations, operands: Operands) -> tuple[Reading, ...]:
    """What is wrong with scores of one training's outputs, told by what met in them.

    Args:
        seen: the training, with outputs for the records that it was evaluated on.
        operands: arrays that the script compared, subtracted, and asked for their largest value.
    """
    known = (
        (seen.validation_outputs, seen.validation_targets),
        (seen.final_outputs, seen.targets),
    )
    found: list[Reading] = []
    for output, target in known:
        if output is None or len(output) <= 1:
            continue
        found += _of_the_largest(seen, output, operands)
        found += _of_units(seen, output, operands)
        if target is not None:
            found += _of_differences(output, target, operands)
            found += _of_decisions(seen, output, target, operands)
    return tuple(found[-1:])


def _of_the_largest(seen: Observations, output: Array, operands: Operands) -> Iterator[Reading]:
    """The largest of one unit, which is the same for every record, of all records, or of steps."""
    made = np.moveaxis(output, 1, -1) if output.ndim > 2 else output  # classes were second
    asked = [
        (values, axis % values.ndim)
        for values, axis in operands.largest
        if values.shape == made.shape and (_same(values, made) or _same_shares(values, made))
    ]
    classes = made.ndim - 1
    astray = asked and classes not in {axis for _, axis in asked}  # else the best ones are meant
    for values, axis in asked:
        length, units = values.shape[axis], values.shape[classes]
        if units == 1 and axis == classes:
            yield of_one_unit(numbers=seen.loss.kind in {"mse", "mae"})
        elif astray and seen.loss.kind in {"nll", "cross_entropy"}:
            what = f"{length} records" if axis == 0 else f"{length} steps of a record"
            why = f"argmax runs over the {what}, not over {units} classes"
            yield Reading("accuracy", None, None, why)


def _of_units(seen: Observations, output: Array, operands: Operands) -> Iterator[Reading]:
    """Outputs are subtracted from what they tell, and lie nowhere near: one of them is scaled."""
    if seen.loss.kind not in {"mse", "mae"} or seen.targets is None:
        return
    for left, right in operands.subtracted:
        for one, other in ((left, right), (right, left)):
            if (
                _same(one, output)
                and apart(other, seen.targets) > ELSEWHERE
                and correlation(one, other) > ALONG
            ):
                why = "outputs are subtracted from targets in another unit than was trained on"
                yield Reading("error", None, None, why)


def _of_differences(output: Array, target: Array, operands: Operands) -> Iterator[Reading]:
    """Every output is subtracted from every target."""
    for sides in operands.subtracted:
        if _grows(*sides) and _are(sides, output, target):
            yield Reading("error", None, None, _broadcast(*sides, "subtracted with"))


def _of_decisions(
    seen: Observations, output: Array, target: Array, operands: Operands
) -> Iterator[Reading]:
    """Decisions that meet every label, or are made at a probability's threshold of logits."""
    made = output.ravel()
    cuts = {"0.5": made > 0.5, "0": made > 0, "round": np.round(made)}
    for sides in operands.compared:
        name = next((name for name, cut in cuts.items() if _are(sides, cut, target)), "")
        left, right = sides
        if name and _grows(left, right):
            said, paired = (left == right).mean(), (left.ravel() == right.ravel()).mean()
            why = _broadcast(left, right, "compared with")
            yield Reading("accuracy", float(said), float(paired), why)
        elif name and seen.loss.kind == "bce_logits" and not _are(sides, cuts["0"], target):
            said = (left.ravel() == right.ravel()).mean()
            correct = float((cuts["0"] == (target.ravel() > 0.5)).mean())
            yield Reading("accuracy", float(said), correct, "logits are cut at 0.5, not at 0")


def _broadcast(left: Array, right: Array, verb: str) -> str:
    met = np.broadcast_shapes(left.shape, right.shape)
    return f"{left.shape} is {verb} {right.shape}: broadcast to {met}"


def _grows(left: Array, right: Array) -> bool:
    """Whether two arrays of one size meet in something larger."""
    try:
        shape = np.broadcast_shapes(left.shape, right.shape)
    except ValueError:
        return False
    return int(np.prod(shape)) > left.size


def _are(sides: tuple[Array, Array], made: Array, target: Array) -> bool:
    """Whether one side is what was made of the output, and the other one the targets."""
    one, other = sides
    return any(_same(a, made) and _same(b, target) for a, b in ((one, other), (other, one)))


def _same(values: Array, known: Array) -> bool:
    """Whether values are the known ones, perhaps in another shape."""
    if values.size != known.size or values.dtype.kind not in "fiub":
        return False
    one, two = (part.ravel().astype(np.float64) for part in (values, known))
    return bool(np.isclose(one, two, rtol=1e-3, atol=1e-5).mean() > ALIKE)


def _same_shares(values: Array, output: Array) -> bool:
    """Whether values are the shares whose logarithms are known."""
    return bool(output.dtype.kind == "f" and output.max() <= 0) and _same(values, np.exp(output))
