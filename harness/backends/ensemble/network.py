"""The LSTM stacks of many seeds as one model: each timestep of all seeds is one matrix product."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Self, final

import numpy as np
import torch
from torch import Tensor

from harness.backends.ensemble.activations import ACTIVATIONS
from harness.backends.ensemble.layer import Layer
from harness.backends.ensemble.tape import Shape, Tape
from harness.initial import Floats, Weights
from harness.scenario import Model

GATES = [2, 0, 1, 3]
"""PyTorch's gates (input, forget, cell, output) in this model's order: those that the cell's
gradient reaches first are neighbours, and so are those with the gate activation."""

EVALUATED = 64
"""Records evaluated at a time: activations stay in the cache, memory is the same for any number."""


@final
class BatchedNetwork:
    """The models of all seeds, their parameters a matrix.

    Attributes:
        parameters: `[seeds, parameters]`, layer after layer; the layers are views of it.
        gradients: as ``parameters``, written by ``backward``.
        slices: each layer's columns, by its name, input first.
        head, head_gradient: views of both, `[seeds, outputs, units + 1]`, the bias last.
    """

    def __init__(
        self,
        model: Model,
        features: int,
        outputs: int,
        parameters: Tensor,
        *,
        each_step: bool = False,
    ) -> None:
        self.model, self.features, self.outputs = model, features, outputs
        self.each_step = each_step
        self.parameters, self.gradients = parameters, torch.empty_like(parameters)
        widths, biases = (features, *model.units), 1 if model.one_bias else 2
        shapes = [
            Shape(units, inputs, biases, first=n == 0)
            for n, (inputs, units) in enumerate(pairwise(widths))
        ]
        ends = np.cumsum([0, *(4 * shape.units * shape.rows for shape in shapes)]).tolist()
        self.slices = {f"lstm.{n}": slice(a, b) for n, (a, b) in enumerate(pairwise(ends))}
        self.slices["head"] = slice(ends[-1], parameters.shape[1])
        self.head, self.head_gradient = self._views("head", outputs)
        gate, cell = ACTIVATIONS[model.gate_activation], ACTIVATIONS[model.cell_activation]
        self.layers = [
            Layer(shape, *self._views(f"lstm.{n}", shape.rows), gate, cell)
            for n, shape in enumerate(shapes)
        ]
        self._tapes: dict[tuple[int, int], list[Tape]] = {}

    @classmethod
    def pack(cls, weights: Weights, model: Model) -> Floats:
        """Return one seed's starting weights as a row of the parameter matrix.

        Where one bias is trained the other is zero (see `harness.initial`), so it is left out.
        """
        biases = ["bias_ih"] if model.one_bias else ["bias_ih", "bias_hh"]
        rows = [
            _packed_layer(
                [weights[f"lstm.{n}.{name}"] for name in ("weight_ih", "weight_hh", *biases)]
            )
            for n in range(len(model.units))
        ]
        head = np.concatenate([weights["head.weight"], weights["head.bias"][:, None]], axis=1)
        return np.concatenate([*rows, head.ravel()])

    @staticmethod
    def activations(widths: Sequence[int], batches: set[int], evaluated: set[int]) -> int:
        """Return how many numbers are kept in memory for each seed and timestep.

        They are the tapes, one per size; those of batches with the backward pass's arrays.

        Args:
            widths: of the inputs and of each layer.
            batches: the sizes of the batches that it is trained on.
            evaluated: how many records the sets have that it is evaluated on.
        """
        sizes = {size for n in evaluated for size in (min(n, EVALUATED), n % EVALUATED)}
        trained = sum(2 * a + 13 * b + 2 for a, b in pairwise(widths))
        forward = sum(a + 7 * b + 2 for a, b in pairwise(widths))
        return trained * sum(batches) + forward * sum(sizes - batches)

    def forward(self, x: Tensor, masks: Sequence[Tensor]) -> Tensor:
        """Map `[timesteps, seeds, features, batch]` to logits or values `[seeds, outputs, batch]`.

        With targets at each step, the last axis has all steps of the first record, then the next.
        ``masks`` are the factors of each layer's outputs (dropout), broadcast; empty for none.
        """
        for n, (layer, tape) in enumerate(zip(self.layers, self._tape(x), strict=True)):
            tape.inputs.copy_(x)
            x = layer.forward(tape)
            x = x * masks[n] if masks else x
        return torch.baddbmm(self.head[:, :, -1:], self.head[:, :, :-1], self._read(x))

    def backward(self, x: Tensor, upstream: Tensor, masks: Sequence[Tensor]) -> None:
        """Write ``gradients``.

        Args:
            x: input of the forward pass just done.
            upstream: gradient of that pass's result, `[seeds, outputs, batch]`.
            masks: as in that pass.
        """
        tapes = self._tape(x)
        others, final = self._through_head(tapes[-1].outputs, upstream, masks)
        for n in reversed(range(len(self.layers))):
            below = self.layers[n].backward(tapes[n], others, final)
            if masks and n:
                below = [part * mask for part, mask in zip(below, masks[n - 1], strict=True)]
            *others, final = below

    def evaluate(self, x: Tensor) -> Tensor:
        """Map as ``forward`` does, without masks, and `EVALUATED` records at a time.

        The tapes of these sizes never get the arrays of a backward pass.
        """
        parts = [self.forward(part, []) for part in torch.split(x, EVALUATED, 3)]
        return torch.cat(parts, dim=2)

    def keep(self, rows: Tensor) -> Self:
        """Return the models of the seeds with these row numbers only."""
        kept = self.parameters[rows]
        return type(self)(self.model, self.features, self.outputs, kept, each_step=self.each_step)

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

    def _read(self, hidden: Tensor) -> Tensor:
        """Return what the head is given of all outputs `[timesteps, seeds, units, batch]`."""
        return hidden.permute(1, 2, 3, 0).flatten(2) if self.each_step else hidden[-1]

    def _through_head(
        self, hidden: Tensor, upstream: Tensor, masks: Sequence[Tensor]
    ) -> tuple[Sequence[Tensor | None], Tensor]:
        """Write the head's gradient; return that of each step's output but the last, and of it."""
        timesteps, seeds, units, batch = hidden.shape
        if not self.each_step:
            last = hidden[-1] * masks[-1][-1] if masks else hidden[-1]
            final = self._head_backward(last, upstream)
            return [None] * (timesteps - 1), final * masks[-1][-1] if masks else final
        read = self._read(hidden * masks[-1] if masks else hidden)
        below = self._head_backward(read, upstream).view(seeds, units, batch, timesteps)
        below = below.permute(3, 0, 1, 2).contiguous()
        *others, final = (below * masks[-1] if masks else below).unbind(0)
        return others, final

    def _head_backward(self, last: Tensor, upstream: Tensor) -> Tensor:
        """Write the head's gradient; return that of ``last``, its inputs."""
        self.head_gradient[:, :, :-1] = torch.bmm(upstream, last.transpose(1, 2))
        self.head_gradient[:, :, -1] = upstream.sum(2)
        return torch.bmm(self.head[:, :, :-1].transpose(1, 2), upstream)

    def _tape(self, x: Tensor) -> list[Tape]:
        timesteps, batch = x.shape[0], x.shape[3]
        if (timesteps, batch) not in self._tapes:
            self._tapes[timesteps, batch] = [
                Tape(layer.shape, timesteps, self.parameters, batch) for layer in self.layers
            ]
        return self._tapes[timesteps, batch]


def _packed_layer(parts: Sequence[Floats]) -> Floats:
    """Return a layer's kernels (input, recurrent) and biases as `[rows of z, 4 * units]`, flat."""
    kernel, recurrent, *biases = parts
    block = np.concatenate([recurrent, kernel, *(bias[:, None] for bias in biases)], axis=1)
    gates = block.reshape(4, -1, block.shape[1])[GATES]
    return gates.reshape(block.shape).T.ravel()
