"""Evaluations that a script makes without `no_grad`: no gradient is ever taken of them."""

from typing import TYPE_CHECKING, Any

import torch

from harness.diagnosis.watch.kept import first_input
from harness.diagnosis.watch.records import Call, Pair, Pending

if TYPE_CHECKING:
    from harness.diagnosis.watch.torch_recorder import Recorder

Asked = tuple[Call, list[Pair]]
"""A pass, and the losses that its output met."""


def hear(recorder: "Recorder", loss: torch.Tensor | None) -> None:
    """Have the evaluations among what is pending written down as such.

    Args:
        recorder: what listens.
        loss: gradients of it are about to be computed; ``None``: the program has ended.
    """
    for call, pairs in set_apart(recorder.pending, loss):
        recorder.scores.evaluated(call, recorder.made.updates)
        for pair in pairs:
            recorder.scores.loss_seen(pair)


def set_apart(pending: Pending, objective: torch.Tensor | None) -> list[Asked]:
    """Take evaluations out of what has happened since the last backward pass.

    They come before the pass that is trained on, through the same network: at rest while that one
    is not, or with a loss that is no part of what is minimised.

    Args:
        pending: what happened.
        objective: what gradients are about to be computed of; ``None``: of nothing any more.
    """
    first_call, first_pair, _ = pending.met
    calls, pairs = pending.calls[first_call:], pending.pairs[first_pair:]
    kept = _of_the_objective(objective, pairs) if objective is not None else []
    left = [pair for pair in pairs if not any(pair is other for other in kept)]
    later: dict[int, bool] = {}  # of modules that run again: whether in training mode
    trained, found = list[Call](), list[Asked]()
    for call in reversed(calls):
        own = next((pair for pair in reversed(left) if _met(call, pair)), None)
        again = id(call.module) in later
        rests = not call.training and later.get(id(call.module), False)
        if objective is None or (again and (own is not None or rests)):
            left = [pair for pair in left if pair is not own]
            found.insert(0, (call, [own] if own is not None else []))
        else:
            trained.insert(0, call)
        later[id(call.module)] = call.training or later.get(id(call.module), False)
    pending.calls[first_call:], pending.pairs[first_pair:] = trained, kept
    return found


def _met(call: Call, pair: Pair) -> bool:
    """Whether a loss has as many records as a pass."""
    given = first_input([call])
    return given is not None and pair.target.shape[:1] in {given.shape[:1], given.shape[1:2]}


def _of_the_objective(objective: torch.Tensor, pairs: list[Pair]) -> list[Pair]:
    """Losses that what is minimised was made of; all of them where none is found.

    Others belong to an evaluation that a script makes without `no_grad`.

    Args:
        objective: what gradients are about to be computed of.
        pairs: all losses since the last time.
    """
    wanted: set[Any] = {pair.value.grad_fn for pair in pairs} - {None}
    if not pairs or objective.grad_fn is None:
        return pairs
    found = set[Any]()
    waiting: list[Any] = [objective.grad_fn]
    met = set(waiting)
    while waiting and len(met) < MOST_NODES + 4 * len(pairs) and found != wanted:
        node = waiting.pop(0)
        if node in wanted:
            found.add(node)
            continue
        later = {each for each, _ in node.next_functions if each is not None} - met
        met |= later
        waiting += later
    return [pair for pair in pairs if pair.value.grad_fn in found] or pairs


MOST_NODES = 200
"""Nodes of a graph that are gone through, and four a loss: they lie near to what is minimised."""
