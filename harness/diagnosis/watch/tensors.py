"""Small questions that are asked of a program's tensors, which are only read."""

from dataclasses import replace
from typing import Any

import numpy as np
import torch

from harness.diagnosis.watch.records import Pair


def first_tensor(value: Any) -> torch.Tensor | None:
    """The first tensor of a nested structure."""
    if isinstance(value, torch.Tensor):
        return value
    if isinstance(value, torch.nn.utils.rnn.PackedSequence):
        return value.data
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, (tuple, list)):
        return next((t for t in map(first_tensor, value) if t is not None), None)
    return getattr(value, "logits", None)


def all_tensors(value: Any) -> list[torch.Tensor]:
    """Every tensor of a nested structure of tuples, lists and dicts."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, torch.nn.utils.rnn.PackedSequence):
        return [value.data]
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, (tuple, list)):
        return [tensor for part in value for tensor in all_tensors(part)]
    return []


def parts_of(output: Any) -> tuple[torch.Tensor, ...]:
    """Every tensor of what a network returned."""
    found = all_tensors(output) or [t for t in (first_tensor(output),) if t is not None]
    return tuple(found)


def kept_parts(output: Any) -> tuple[torch.Tensor, ...]:
    """The same without a graph."""
    return tuple(tensor.detach() for tensor in parts_of(output))


def copied(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Arguments whose tensors are copies without a graph."""
    return tuple(a.detach().clone() if isinstance(a, torch.Tensor) else a for a in args)


def detached(pair: Pair) -> Pair:
    """A copy without a graph."""
    return replace(
        pair,
        output=pair.output.detach().clone(),
        target=pair.target.detach().clone(),
        value=pair.value.detach(),
    )


def without_graph(pair: Pair) -> Pair:
    """The same values, no copies, without a graph."""
    return replace(
        pair,
        output=pair.output.detach(),
        target=pair.target.detach(),
        value=pair.value.detach(),
    )


def non_finite_record(tensor: torch.Tensor) -> str:
    """The first record with a value that is not finite, in words; empty if there is none."""
    if not tensor.is_floating_point() or bool(torch.isfinite(tensor).all()):
        return ""
    rows = ~torch.isfinite(tensor.detach()).reshape(tensor.shape[0] if tensor.dim() else 1, -1)
    return f"record {int(rows.any(1).nonzero()[0])} of the batch"


class Keys:
    """One number a record, equal for equal records: a projection on one fixed random direction."""

    def __init__(self) -> None:
        self._directions: dict[tuple[int, torch.device], torch.Tensor] = {}

    def of(self, records: torch.Tensor) -> torch.Tensor:
        """Keys `[records]` of records `[records, ...]`, in single precision.

        Sums of one record may differ in the last bit of double precision with the size of its
        batch; rounded to single precision they are equal.
        """
        flat = records.detach().reshape(records.shape[0] if records.dim() else 1, -1)
        columns = flat.shape[1]
        direction = self._directions.get((columns, flat.device))
        if direction is None:
            values = np.random.default_rng(columns).standard_normal(columns)
            direction = torch.as_tensor(values).to(flat.device)
            self._directions[columns, flat.device] = direction
        return torch.nan_to_num(flat.double()).matmul(direction).float()


def rows_summed(target: torch.Tensor) -> torch.Tensor:
    """One number a record that tells targets apart: a sum of its first eight values, each weighed.

    Shares sum to one, and so do the places of a class: a plain sum would not tell them apart.
    """
    rows = target.detach().reshape(target.shape[0] if target.dim() else 1, -1)
    rows = rows[:, :8].double()
    return rows.matmul(torch.arange(1.0, rows.shape[1] + 1, dtype=rows.dtype, device=rows.device))
