"""The LSTM stacks of many seeds as one model, its parameters a matrix `[seeds, parameters]`."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from harness.backends.batched_activations import ACTIVATIONS
from harness.backends.batched_layer import Layer
from harness.backends.batched_tape import Shape, Tape
from harness.initial import Floats, Weights
from harness.scenario import Model

GATES = [2, 0, 1, 3]
"""PyTorch's gates (input, forget, cell, output) in this model's order: those that the cell's
gradient reaches first are neighbours, and so are those with the gate activation."""


def pack(weights: Weights, model: Model) -> Floats:
    """Return one seed's starting weights as a row of the parameter matrix.

    Where one bias is trained the other is zero (see `harness.initial`), so it is left out.
    """
    rows = []
    for layer, units in enumerate(model.units):
        parts = {name: weights[f"lstm.{layer}.{name}"] for name in ("weight_hh", "weight_ih")}
        columns = [*parts.values(), weights[f"lstm.{layer}.bias_ih"][:, None]]
        if not model.one_bias:
            columns.append(weights[f"lstm.{layer}.bias_hh"][:, None])
        block = np.concatenate(columns, axis=1)
        rows.append(block.reshape(4, units, -1)[GATES].reshape(4 * units, -1).T.ravel())
    head = np.concatenate([weights["head.weight"], weights["head.bias"][:, None]], axis=1)
    return np.concatenate([*rows, head.ravel()])


class BatchedNetwork:
    """The models of all seeds.

    Attributes:
        parameters: `[seeds, parameters]`, layer after layer; the layers are views of it.
        gradients: as ``parameters``, written by ``backward``.
        slices: each layer's columns, by its name, input first.
    """

    def __init__(self, model: Model, features: int, outputs: int, parameters: Tensor) -> None:
        self.model, self.features, self.outputs = model, features, outputs
        self.parameters, self.gradients = parameters, torch.empty_like(parameters)
        widths, biases = (features, *model.units), 1 if model.one_bias else 2
        shapes = [
            Shape(units, widths[n], biases, first=n == 0) for n, units in enumerate(model.units)
        ]
        ends = np.cumsum([0, *(4 * s.units * s.rows for s in shapes)]).tolist()
        columns = [slice(a, b) for a, b in pairwise(ends)]
        self.slices = {f"lstm.{n}": part for n, part in enumerate(columns)}
        self.slices["head"] = slice(ends[-1], parameters.shape[1])
        gate, cell = ACTIVATIONS[model.gate_activation], ACTIVATIONS[model.cell_activation]
        self.layers = [
            Layer(s, *self._views(part, s.rows), gate, cell)
            for s, part in zip(shapes, columns, strict=True)
        ]
        self.head, self.head_gradient = self._views(self.slices["head"], outputs)
        self._tapes: dict[tuple[int, int], list[Tape]] = {}

    def keep(self, rows: Tensor) -> "BatchedNetwork":
        """Return the model of the seeds with these row numbers only."""
        return BatchedNetwork(self.model, self.features, self.outputs, self.parameters[rows])

    def _views(self, columns: slice, rows: int) -> tuple[Tensor, Tensor]:
        weight, gradient = self.parameters[:, columns], self.gradients[:, columns]
        return weight.view(len(weight), rows, -1), gradient.view(len(weight), rows, -1)

    def forward(self, x: Tensor, masks: Sequence[Tensor]) -> Tensor:
        """Map `[timesteps, seeds, features, batch]` to logits or values `[seeds, outputs, batch]`.

        ``masks`` are the factors of each layer's outputs (dropout), broadcast; empty for none.
        """
        for n, (layer, tape) in enumerate(zip(self.layers, self._tape(x), strict=True)):
            tape.inputs.copy_(x)
            x = layer.forward(tape)
            x = x * masks[n] if masks else x
        return self._head(x[-1])

    def backward(self, x: Tensor, outer: Tensor, masks: Sequence[Tensor]) -> None:
        """Write ``gradients``.

        Args:
            x: input of the forward pass just done.
            outer: gradient of that pass's result, `[seeds, outputs, batch]`.
            masks: as in that pass.
        """
        tapes = self._tape(x)
        last = tapes[-1].outputs[-1]
        last = last * masks[-1][-1] if masks else last
        self.head_gradient[:, :, :-1] = torch.bmm(outer, last.transpose(1, 2))
        self.head_gradient[:, :, -1] = outer.sum(2)
        final = torch.bmm(self.head[:, :, :-1].transpose(1, 2), outer)
        final = final * masks[-1][-1] if masks else final
        upper: Sequence[Tensor | None] = [None] * (len(x) - 1)
        for n in reversed(range(len(self.layers))):
            below = self.layers[n].backward(tapes[n], upper, final)
            if masks and n:
                below = [part * mask for part, mask in zip(below, masks[n - 1], strict=True)]
            *upper, final = below

    def layer_norms(self, values: Tensor) -> Tensor:
        """Return the Euclidean norms `[seeds, layers]` of ``values``, laid out as parameters."""
        columns = [values[:, part] for part in self.slices.values()]
        return torch.stack([torch.linalg.vector_norm(part, dim=1) for part in columns], 1)

    def _head(self, last: Tensor) -> Tensor:
        return torch.baddbmm(self.head[:, :, -1:], self.head[:, :, :-1], last)

    def _tape(self, x: Tensor) -> list[Tape]:
        timesteps, batch = x.shape[0], x.shape[3]
        if (timesteps, batch) not in self._tapes:
            self._tapes[timesteps, batch] = [
                Tape(layer.shape, timesteps, self.parameters, batch) for layer in self.layers
            ]
        return self._tapes[timesteps, batch]
