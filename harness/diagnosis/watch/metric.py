"""Accuracies that a script computes in another way than its outputs ask for."""
# ruff: noqa: PLR2004 - the numbers are counts of axes

import math

import torch

from harness.diagnosis.observations import Reading
from harness.diagnosis.watch.records import Decision, Evaluation, Pair, Training
from harness.diagnosis.watch.scores import of_one_unit

MANY = 20
"""Distinct targets from which they are quantities, not classes."""


def readings(
    training: Training, evaluations: list[Evaluation], decisions: list[Decision]
) -> tuple[Reading, ...]:
    """Accuracies that the script computed in another way than its outputs ask for.

    Args:
        training: how outputs and targets meet in the loss.
        evaluations: forward passes without gradient, and what they were compared with.
        decisions: for classes, wherever they were made.
    """
    pair = training.pair
    if pair is None:
        return ()
    found = [
        misread(pair.kind, evaluation.parts[0], *evaluation.compared)
        or (_padded(pair.ignored, *evaluation.compared) if evaluation.counted else None)
        for evaluation in evaluations[-3:]
        if evaluation.compared is not None
    ]
    found += [_decided(pair, decision) for decision in decisions]
    return tuple(reading for reading in found if reading is not None)


def _padded(ignored: int | None, left: torch.Tensor, right: torch.Tensor) -> Reading | None:
    """Targets that the loss leaves out are counted."""
    if ignored is None or left.shape != right.shape or left.dtype.is_floating_point:
        return None
    left_out = max((side == ignored for side in (left, right)), key=lambda where: int(where.sum()))
    if not bool(left_out.any()) or bool(left_out.all()):
        return None
    right_ones = left == right
    value, correct = (float(w.double().mean()) for w in (right_ones, right_ones[~left_out]))
    why = (
        f"{float(left_out.double().mean()):.0%} of the targets are padding, which the loss ignores"
    )
    return Reading("accuracy", value, correct, why)


def _decided(pair: Pair, decision: Decision) -> Reading | None:
    """A decision along the wrong axis, for one unit, or at the wrong threshold."""
    shape = tuple(decision.values.shape)
    if decision.kind == "argmax" and len(shape) > 1:
        return _axis(pair, shape, decision.setting % len(shape))
    if decision.kind in {"gt", "round"} and pair.kind == "bce_logits" and decision.setting == 0.5:
        values = decision.values
        between = float(((values > 0) & (values <= 0.5)).double().mean())
        if between > 0.08:
            why = f"logits are cut at 0.5, their threshold is 0: {between:.0%} lie between"
            return Reading("accuracy", None, None, why)
    return None


def _axis(pair: Pair, shape: tuple[int, ...], axis: int) -> Reading | None:
    if shape[axis] == 1 and axis == len(shape) - 1 and math.prod(shape) > 1:
        return of_one_unit(numbers=pair.kind in {"mse", "mae"})
    classes = pair.output.shape[1] if pair.output.dim() > 1 else 0
    if pair.kind not in {"cross_entropy", "nll"} or classes not in shape:
        return None
    over_records = axis == 0 and len(shape) == 2 and shape[1] == classes
    if not over_records and shape[axis] == classes:
        return None
    what = "records of a batch" if axis == 0 else "steps of a record"
    why = f"argmax runs over the {shape[axis]} {what}, not over {classes} classes"
    return Reading("accuracy", None, None, why)


def misread(
    kind: str, output: torch.Tensor, left: torch.Tensor, right: torch.Tensor
) -> Reading | None:
    """What is wrong with a comparison of decisions with labels, if anything is.

    Args:
        kind: family of the loss.
        output: the network's output.
        left: one side of the comparison.
        right: the other side.
    """
    try:
        value = float((left == right).double().mean())
    except RuntimeError:
        return None
    checks = (_broadcast, _cut, _equal_numbers, _over_batch)
    found = (check(kind, output, left, right, value) for check in checks)
    return next((reading for reading in found if reading is not None), None)


def _flat(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.reshape(-1).double()


def _same(one: torch.Tensor, two: torch.Tensor) -> bool:
    return one.numel() == two.numel() and bool((_flat(one) == _flat(two)).all())


def _broadcast(
    kind: str, output: torch.Tensor, left: torch.Tensor, right: torch.Tensor, value: float
) -> Reading | None:
    del kind, output
    compared = (left == right).shape
    if min(left.numel(), right.numel()) < 2 or math.prod(compared) <= max(
        left.numel(), right.numel()
    ):
        return None
    paired = left.numel() == right.numel()
    correct = float((_flat(left) == _flat(right)).double().mean()) if paired else value
    why = (
        f"{tuple(left.shape)} is compared with {tuple(right.shape)}: broadcast to {tuple(compared)}"
    )
    return Reading("accuracy", value, correct, why)


def _cut(
    kind: str, output: torch.Tensor, left: torch.Tensor, right: torch.Tensor, value: float
) -> Reading | None:
    """Logits that are cut as if they were probabilities."""
    flat = _flat(output)
    if kind != "bce_logits" or not flat.numel() == left.numel() == right.numel():
        return None
    for one, other in ((left, right), (right, left)):
        if _same(one, flat > 0):
            return None
        correct = float(((flat > 0) == (_flat(other) > 0.5)).double().mean())
        for name, made in (("> 0.5", flat > 0.5), ("round()", flat.round())):
            if _same(one, made):
                why = f"logits are cut by {name}; their threshold is 0"
                return Reading("accuracy", value, correct, why)
    return None


def _equal_numbers(
    kind: str, output: torch.Tensor, left: torch.Tensor, right: torch.Tensor, value: float
) -> Reading | None:
    """Quantities that are compared for equality."""
    flat = _flat(output)
    if kind not in {"mse", "mae"} or not flat.numel() == left.numel() == right.numel():
        return None
    for one, other in ((left, right), (right, left)):
        quantities = len(torch.unique(other)) > MANY
        if quantities and (_same(one, flat) or _same(one, flat.round())):
            why = "numbers of a regression are compared for equality"
            return Reading("accuracy", value, value, why)
    return None


def _over_batch(
    kind: str, output: torch.Tensor, left: torch.Tensor, right: torch.Tensor, value: float
) -> Reading | None:
    """The largest output is looked for over the records, not over the classes."""
    if (
        kind not in {"cross_entropy", "nll"}
        or output.dim() != 2
        or output.shape[0] == output.shape[1]
    ):
        return None
    if not any(_same(side, output.argmax(0)) for side in (left, right)):
        return None
    return Reading("accuracy", value, value, "argmax runs over the batch, not over the classes")
