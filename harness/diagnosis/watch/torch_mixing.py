"""Whether the records of one batch touch each other, and where an axis is mistaken for another."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from typing import Any

import torch
from torch import nn

from harness.diagnosis.watch.records import Batch
from harness.diagnosis.watch.torch_replay import Replay, undisturbed


@dataclass(frozen=True)
class Mixing:
    """What a batch shows.

    Attributes:
        leak: change of one record's output, in standard deviations of the outputs, when the other
            records of its batch change.
        across: kind of a layer that runs along the axis of the records, or none.
    """

    leak: float = 0.0
    across: str = ""


def mixing(replay: Replay, *, regrouped: bool) -> Mixing:
    """Ask a network twice for a batch whose last record stays as it is.

    Args:
        replay: the network, and batches.
        regrouped: whether records come in another company each epoch, so that rows without an
            axis of time are no steps of one sequence.
    """
    batches = [b for b in replay.batches if _records(b) > 2][:2]
    if not batches or replay.pipe is None:
        return Mixing()
    batch, another = batches[0], batches[-1] if len(batches) > 1 else None
    others = another.args if another is not None else ()
    args = [
        _others_changed(value, _records(batch), other)
        for value, other in zip_longest(batch.args, others[: len(batch.args)])
    ]
    module, found = replay.module, list[str]()
    note = partial(_note, batch=batch, regrouped=regrouped, found=found)
    try:
        with undisturbed(module), torch.no_grad(), _listening(module, note):
            module.eval()
            before, after = (replay.drawn_alike(given) for given in (batch.args, args))
    except Exception:  # noqa: BLE001 - the user's own module may refuse anything
        return Mixing()
    if before.shape[:1] != batch.target.shape[:1] or before.shape != after.shape:
        return Mixing()
    spread = float((before - before.mean(0)).abs().mean()) + 1e-12
    return Mixing(float((before[-1] - after[-1]).abs().mean()) / spread, next(iter(found), ""))


def _records(batch: Batch) -> int:
    return int(batch.target.shape[0]) if batch.target.dim() else 0


def _others_changed(value: Any, records: int, another: Any) -> Any:
    """A tensor of the batch, all its records but the last one taken from another batch.

    The last one, as a recurrent network only looks back. Of one batch alone the others are its
    first record again and again: attention meets the same set in any order.
    """
    if not isinstance(value, torch.Tensor) or value.dim() < 2 or records not in value.shape[:2]:
        return value
    axis = 0 if value.shape[0] == records else 1
    alike = isinstance(another, torch.Tensor) and another.shape == value.shape
    changed = (another if alike else value.narrow(axis, 0, 1).expand_as(value)).clone()
    changed.select(axis, -1).copy_(value.select(axis, -1))
    return changed


@contextmanager
def _listening(module: nn.Module, note: Callable[..., None]) -> Iterator[None]:
    """Note layers with an axis of time that they run along, as they meet the batch."""
    kinds = (nn.RNNBase, nn.MultiheadAttention, nn.TransformerEncoderLayer)
    handles = [
        child.register_forward_pre_hook(note)
        for child in module.modules()
        if isinstance(child, kinds)
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _note(
    layer: Any, args: tuple[Any, ...], *, batch: Batch, regrouped: bool, found: list[str]
) -> None:
    met = args[0] if args else None
    if isinstance(met, torch.Tensor) and _along(layer, met, batch.target, regrouped=regrouped):
        found.append(type(layer).__name__)


def _along(layer: Any, met: torch.Tensor, target: torch.Tensor, *, regrouped: bool) -> bool:
    """Whether a layer runs along the records: without another axis, or with one beside it."""
    if met.dim() == 2:
        return regrouped and met.shape[0] == target.shape[0]
    if met.dim() != 3:
        return False
    attends = getattr(layer, "self_attn", layer)
    along, other = (1, 0) if attends.batch_first else (0, 1)
    records, beside = met.shape[along], met.shape[other]
    each_step = target.dim() > 1 and target.shape[1] == beside  # then the first axis may be time
    return bool(records == target.shape[0] and 1 < beside != records and not each_step)
