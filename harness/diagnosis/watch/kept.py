"""Copies of batches, as far as there is room, and the order in which records were met."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import torch

from harness.diagnosis.watch.pairs import broadcast, stack
from harness.diagnosis.watch.records import KEPT, Batch, Call, Pair, Pending, Training
from harness.diagnosis.watch.tensors import Keys, copied, kept_parts, rows_summed

CAP_STEPS = 3000
"""Steps whose record order is kept."""

MOST_BATCHES = 400


class Keeper:
    """Decides what of a batch is kept.

    Args:
        order: keep which records are met when, and what the inputs are.
    """

    def __init__(self, *, order: bool) -> None:
        self.order = order
        self.keys = Keys()

    def keep(self, training: Training, pending: Pending, pairs: list[Pair], *, close: bool) -> None:
        """Copy the batch of one update.

        Args:
            training: where it is kept.
            pending: passes and losses of the update.
            pairs: its outputs and targets.
            close: whether this update is looked at closely.
        """
        ordered = self.order and training.steps < CAP_STEPS
        if not close and not ordered:
            return
        training.broadcast |= broadcast(pairs[0])
        calls = _of_the_loss(pending.calls, pairs[0].target)
        inputs = _inputs(calls) if len(pairs) == 1 else first_input(calls)
        target = _by_record(pairs[0].target, inputs)
        training.batch_sizes.append(int(target.shape[0]) if target.dim() else 1)
        if inputs is not None:
            inputs = _record_first(training, inputs, training.batch_sizes[-1])
        if inputs is not None and ordered:
            training.keys.append((self.keys.of(inputs), rows_summed(target)))
            training.partly |= _of_several(calls, training.batch_sizes[-1])
        output, target = stack(pairs, together=len(pending.backwards) == 1)
        size = (inputs.numel() if inputs is not None else 0) + output.numel() + target.numel()
        if size > KEPT:
            return
        room = training.kept + size <= KEPT and len(training.batches) < MOST_BATCHES
        batch = _batch(training, calls, inputs if room else None, output, target)
        training.recent.append(batch)
        if room:
            training.batches.append(batch)
            training.kept += size


def _of_the_loss(calls: list[Call], target: torch.Tensor) -> list[Call]:
    """Calls with the loss's records; others may be an evaluation that was made with a graph."""
    if len(calls) < 2 or not target.dim():
        return calls
    given = [(call, t) for call in calls if (t := first_input([call])) is not None]
    for axis in (0, 1):  # records come first, unless layers take time first
        fit = [call for call, t in given if t.shape[axis : axis + 1] == target.shape[:1]]
        if fit:
            return fit
    return calls


def _of_several(calls: list[Call], records: int) -> bool:
    """Whether networks were given several tensors of the records, as a user and an item.

    Steps that a loop gives one by one, to the same network, are one record; masks and lengths say
    nothing of their own.
    """
    given = {
        (id(call.module), at): t
        for call in calls
        for at, t in enumerate(call.inputs())
        if t.dim() and t.shape[0] == records and t.dtype != torch.bool
    }
    long = max((t.dim() for t in given.values()), default=0)
    told = {t.data_ptr() for t in given.values() if t.is_floating_point() or t.dim() == long}
    return len(told) > 1


def first_input(calls: list[Call]) -> torch.Tensor | None:
    """What the first network was given that no other one computed."""
    return next((t for call in calls for t in call.inputs()), None)


def _inputs(calls: list[Call]) -> torch.Tensor | None:
    """What a network was given: `[records, steps, ...]` where a loop asks it step by step."""
    first = first_input(calls)
    steps = [first_input([call]) for call in calls if call.module is calls[0].module]
    each = [t for t in steps if first is not None and t is not None and t.shape == first.shape]
    if first is None or len(each) < max(2, len(steps)) or not first.dim():
        return first
    return torch.stack([t.detach() for t in each], 1)


def _by_record(target: torch.Tensor, inputs: torch.Tensor | None) -> torch.Tensor:
    """Targets `[records, steps]`, where a loss met those of all steps, or of some, as rows."""
    if inputs is None or inputs.dim() < 2 or target.dim() != 1 or not inputs.shape[0]:
        return target
    records, steps = inputs.shape[:2]
    each, left = divmod(len(target), records)
    return target.reshape(records, each) if not left and 1 < each <= steps else target


def _record_first(training: Training, inputs: torch.Tensor, records: int) -> torch.Tensor:
    """Inputs `[records, ...]`: recurrent layers take `[steps, records, ...]` unless told."""
    if inputs.dim() < 2:
        return inputs
    if inputs.shape[0] != records and inputs.shape[1] == records:
        training.time_first = True
    return inputs.transpose(0, 1) if training.time_first else inputs


def _batch(
    training: Training,
    calls: list[Call],
    inputs: torch.Tensor | None,
    output: torch.Tensor,
    target: torch.Tensor,
) -> Batch:
    alone = len(calls) == 1 and inputs is not None
    looked_at = bool(calls) and len(training.batches) < 2
    return Batch(
        training.steps,
        inputs.detach().clone() if inputs is not None else None,
        copied(calls[0].args) if alone else (),
        output.clone(),
        target.clone(),
        kept_parts(calls[-1].output) if looked_at else (),
    )
