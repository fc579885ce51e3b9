"""Norms of many small tensors, layer by layer, in a handful of operations."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from harness.history import Floats

TINY = 1e-30
"""In place of a norm of 0, so that a ratio to it is large instead of undefined."""


def as_numpy(tensor: Tensor) -> NDArray[Any]:
    """Return a tensor's numbers; those of bfloat16, which NumPy has not, as float32."""
    values = tensor.detach().cpu()
    return (values.float() if values.dtype == torch.bfloat16 else values).numpy()


class LayerNorms:
    """Euclidean norms of the layers' parameters and gradients.

    One concatenation and one copy for all tensors: on layers this small, one operation per tensor
    costs as much as a tenth of a training step.
    """

    def __init__(self, layers: Sequence[Sequence[Tensor]]) -> None:
        self.parameters = [parameter for layer in layers for parameter in layer]
        sizes = [sum(parameter.numel() for parameter in layer) for layer in layers]
        self.starts = list(accumulate(sizes, initial=0))[:-1]

    def gradient(self) -> Floats:
        """Return the norm of each layer's gradient `[layers]`; none is 0."""
        return self._norms(
            self._flat([torch.zeros_like(p) if p.grad is None else p.grad for p in self.parameters])
        )

    def weights(self) -> Floats:
        """Return all weights in a row, to hand back to `update_ratio`."""
        return self._flat(self.parameters)

    def update_ratio(self, before: Floats) -> Floats:
        """Return the norm of each layer's change since ``before`` over that of its weights."""
        moved = self._norms(self.weights() - before)
        return np.asarray(moved / np.maximum(self._norms(before), TINY))

    def _flat(self, tensors: Sequence[Tensor]) -> Floats:
        if not tensors:
            return np.zeros(0)
        flat = torch.cat([tensor.detach().reshape(-1) for tensor in tensors])
        return as_numpy(flat).astype(np.float64)

    def _norms(self, flat: Floats) -> Floats:
        if not self.starts:
            return np.zeros(0)
        with np.errstate(over="ignore", invalid="ignore"):  # a diverged layer's norm is a result
            return np.asarray(np.sqrt(np.add.reduceat(flat * flat, self.starts)))
