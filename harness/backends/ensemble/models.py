"""What the two ways to run the models of many seeds share: their parameters and their head."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import pairwise
from typing import Self

import numpy as np
import torch
from torch import Tensor

from harness.initial import Floats, Weights
from harness.scenario import Model


class BatchedModels(ABC):
    """The models of all seeds, their parameters a matrix. Subclasses are final.

    Attributes:
        parameters: `[seeds, parameters]`, layer after layer; the layers are views of it.
        gradients: as ``parameters``, written by ``backward``.
        slices: each layer's columns, by its name, input first.
        head, head_gradient: views of both, `[seeds, outputs, units + 1]`, the bias last.
        evaluated: how many records are evaluated at a time.
    """

    evaluated: int

    def __init__(self, model: Model, features: int, outputs: int, parameters: Tensor) -> None:
        self.model, self.features, self.outputs = model, features, outputs
        self.parameters, self.gradients = parameters, torch.empty_like(parameters)
        biases = 1 if model.initialiser.one_bias else 2
        sizes = [4 * b * (a + b + biases) for a, b in pairwise((features, *model.units))]
        ends = np.cumsum([0, *sizes]).tolist()
        self.slices = {f"lstm.{n}": slice(a, b) for n, (a, b) in enumerate(pairwise(ends))}
        self.slices["head"] = slice(ends[-1], parameters.shape[1])
        self.head, self.head_gradient = self._views("head", outputs)

    @classmethod
    def pack(cls, weights: Weights, model: Model) -> Floats:
        """Return one seed's starting weights as a row of the parameter matrix.

        Where one bias is trained the other is zero (see `harness.initial`), so it is left out.
        """
        names = [
            "weight_ih",
            "weight_hh",
            "bias_ih",
            *([] if model.initialiser.one_bias else ["bias_hh"]),
        ]
        rows = [
            cls.packed_layer([weights[f"lstm.{layer}.{name}"] for name in names])
            for layer in range(len(model.units))
        ]
        head = np.concatenate([weights["head.weight"], weights["head.bias"][:, None]], axis=1)
        return np.concatenate([*rows, head.ravel()])

    @classmethod
    @abstractmethod
    def activations(cls, widths: Sequence[int], batches: set[int], evaluated: set[int]) -> int:
        """Return how many numbers a seed and timestep keep in memory.

        Args:
            widths: of the inputs and of each layer.
            batches: the sizes of the batches that it is trained on.
            evaluated: how many records the sets have that it is evaluated on.
        """

    @staticmethod
    @abstractmethod
    def packed_layer(parts: Sequence[Floats]) -> Floats:
        """Return a layer's kernels (input, recurrent) and biases as its part of a row."""

    @abstractmethod
    def forward(self, x: Tensor, masks: Sequence[Tensor]) -> Tensor:
        """Map `[timesteps, seeds, features, batch]` to logits or values `[seeds, outputs, batch]`.

        ``masks`` are the factors of each layer's outputs (dropout), broadcast; empty for none.
        """

    @abstractmethod
    def backward(self, x: Tensor, upstream: Tensor, masks: Sequence[Tensor]) -> None:
        """Write ``gradients``.

        Args:
            x: input of the forward pass just done.
            upstream: gradient of that pass's result, `[seeds, outputs, batch]`.
            masks: as in that pass.
        """

    @abstractmethod
    def evaluate(self, x: Tensor) -> Tensor:
        """Map as ``forward`` does, without masks, and keep nothing for a backward pass."""

    def keep(self, rows: Tensor) -> Self:
        """Return the models of the seeds with these row numbers only."""
        return type(self)(self.model, self.features, self.outputs, self.parameters[rows])

    def layer_norms(self, values: Tensor) -> Tensor:
        """Return the Euclidean norms `[seeds, layers]` of ``values``, laid out as parameters."""
        # in float64, as eager's: the squares of a diverging seed may leave float32
        dtype = None if values.device.type == "mps" else torch.float64  # which mps has not
        columns = [values[:, part] for part in self.slices.values()]
        norms = [torch.linalg.vector_norm(part, dim=1, dtype=dtype) for part in columns]
        return torch.stack(norms, 1)

    def _views(self, layer: str, rows: int) -> tuple[Tensor, Tensor]:
        columns = self.slices[layer]
        weight, gradient = self.parameters[:, columns], self.gradients[:, columns]
        return weight.view(len(weight), rows, -1), gradient.view(len(weight), rows, -1)

    def _head_forward(self, last: Tensor) -> Tensor:
        """Map the last timestep's outputs `[seeds, units, batch]` to those of the model."""
        return torch.baddbmm(self.head[:, :, -1:], self.head[:, :, :-1], last)

    def _head_backward(self, last: Tensor, upstream: Tensor) -> Tensor:
        """Write the head's gradient; return that of ``last``."""
        self.head_gradient[:, :, :-1] = torch.bmm(upstream, last.transpose(1, 2))
        self.head_gradient[:, :, -1] = upstream.sum(2)
        return torch.bmm(self.head[:, :, :-1].transpose(1, 2), upstream)
