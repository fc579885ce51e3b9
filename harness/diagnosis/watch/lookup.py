"""Targets of records, looked up in the script's own arrays: whatever way it computes its scores."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from harness.diagnosis.observations import Array
from harness.diagnosis.watch.records import Training
from harness.diagnosis.watch.tensors import Keys, rows_summed

MOST_RECORDS = 50_000
"""Records of one array: more take seconds."""


@dataclass(frozen=True)
class Pairs:
    """An array of inputs by key, and the targets of the same rows."""

    rows: dict[float, int]
    targets: Array


class Lookup:
    """Pairs of arrays that lie in a script, if they agree with what was trained on.

    Args:
        training: whose records are known.
        namespace: the script's variables.
        loaders: its data loaders.
    """

    def __init__(self, training: Training, namespace: dict[str, Any], loaders: list[Any]) -> None:
        self.keys = Keys()
        self.pairs: list[Pairs] = []
        first = next((b for b in training.batches if b.inputs is not None), None)
        if first is None or not training.keys:
            return
        known = _known(training)
        arrays = [a for v in namespace.values() if (a := _tensor(v)) is not None]
        for loader in loaders[:6]:
            arrays += [t for t in getattr(loader.dataset, "tensors", ()) if t.dim()]
        columns = first.inputs[0].numel()  # type: ignore[index]  # it was picked for having some
        wanted = first.target[0].numel() if first.target.dim() else 1
        inputs = [a for a in arrays if a[0].numel() == columns]
        targets = [a for a in arrays if a[0].numel() == wanted]
        for x in inputs:
            self._pair(x, [y for y in targets if len(y) == len(x) and y is not x], known)

    def _pair(
        self, x: torch.Tensor, targets: list[torch.Tensor], known: dict[float, float]
    ) -> None:
        if not targets:
            return
        keys = self.keys.of(x).tolist()
        rows = {key: at for at, key in reversed(list(enumerate(keys)))}
        met = [(at, known[key]) for key, at in rows.items() if key in known]
        agreeing = targets
        if met:
            at = torch.tensor([a for a, _ in met])
            labels = torch.tensor([label for _, label in met], dtype=torch.float64)
            agreeing = [y for y in targets if _agrees(rows_summed(y)[at], labels)]
        if len({id(y) for y in agreeing}) == 1 or (met and agreeing):
            self.pairs.append(Pairs(rows, agreeing[0].numpy()))

    def targets(self, inputs: torch.Tensor | None) -> Array | None:
        """Targets `[records, ...]` of inputs; ``None`` unless every record is found."""
        if inputs is None or not self.pairs or not inputs.dim():
            return None
        keys = self.keys.of(inputs.cpu()).tolist()
        for pairs in self.pairs:
            at = [pairs.rows.get(key) for key in keys]
            if None not in at:
                return np.asarray(pairs.targets[np.array(at, int)])
        return None


def _known(training: Training) -> dict[float, float]:
    """Key of each record that was trained on, and its target as one number."""
    known: dict[float, float] = {}
    for keys, labels in training.keys:
        if len(keys) == len(labels):
            known.update(zip(keys.tolist(), labels.tolist(), strict=True))
    return known


def _agrees(one: torch.Tensor, two: torch.Tensor) -> bool:
    close = torch.isclose(one, two, rtol=1e-4, atol=1e-4)
    return float(close.double().mean()) > 0.95


def _tensor(value: Any) -> torch.Tensor | None:
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
        value = torch.from_numpy(np.ascontiguousarray(value))
        value = value.float() if value.dtype == torch.float64 else value
    if not isinstance(value, torch.Tensor) or value.requires_grad or value.is_sparse:
        return None
    value = value.detach().cpu()
    return value if value.dim() and 2 <= len(value) <= MOST_RECORDS and value[0].numel() else None
