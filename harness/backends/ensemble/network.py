"""The LSTM stacks of many seeds as one model, run timestep by timestep."""

from collections.abc import Sequence
from itertools import pairwise
from typing import final

import numpy as np
from torch import Tensor

from harness.backends.ensemble.activations import ACTIVATIONS
from harness.backends.ensemble.layer import Layer
from harness.backends.ensemble.models import BatchedModels
from harness.backends.ensemble.tape import Shape, Tape
from harness.initial import Floats
from harness.scenario import Model

GATES = [2, 0, 1, 3]
"""PyTorch's gates (input, forget, cell, output) in this model's order: those that the cell's
gradient reaches first are neighbours, and so are those with the gate activation."""


@final
class BatchedNetwork(BatchedModels):
    """Each timestep of all seeds is one matrix product: the fastest for short sequences."""

    evaluated = 64
    """Activations stay in the cache, memory is the same for any number of records."""

    def __init__(self, model: Model, features: int, outputs: int, parameters: Tensor) -> None:
        super().__init__(model, features, outputs, parameters)
        widths, biases = (features, *model.units), 1 if model.initialiser.one_bias else 2
        shapes = [
            Shape(units, widths[n], biases, first=n == 0) for n, units in enumerate(model.units)
        ]
        gate, cell = ACTIVATIONS[model.gate_activation], ACTIVATIONS[model.cell_activation]
        self.layers = [
            Layer(shape, *self._views(f"lstm.{n}", shape.rows), gate, cell)
            for n, shape in enumerate(shapes)
        ]
        self._tapes: dict[tuple[int, int], list[Tape]] = {}

    @classmethod
    def activations(cls, widths: Sequence[int], batches: set[int], evaluated: set[int]) -> int:
        """Count the tapes, one a size; those of batches with the backward pass's arrays."""
        sizes = {size for n in evaluated for size in (min(n, cls.evaluated), n % cls.evaluated)}
        trained = sum(2 * a + 13 * b + 2 for a, b in pairwise(widths))
        forward = sum(a + 7 * b + 2 for a, b in pairwise(widths))
        return trained * sum(batches) + forward * sum(sizes - batches)

    @staticmethod
    def packed_layer(parts: Sequence[Floats]) -> Floats:
        """Return `[rows of z, 4 * units]`, flat."""
        kernel, recurrent, *biases = parts
        block = np.concatenate([recurrent, kernel, *(bias[:, None] for bias in biases)], axis=1)
        gates = block.reshape(4, -1, block.shape[1])[GATES]
        return gates.reshape(block.shape).T.ravel()

    def forward(self, x: Tensor, masks: Sequence[Tensor]) -> Tensor:
        """Map inputs to outputs."""
        for n, (layer, tape) in enumerate(zip(self.layers, self._tape(x), strict=True)):
            tape.inputs.copy_(x)
            x = layer.forward(tape)
            x = x * masks[n] if masks else x
        return self._head_forward(x[-1])

    def backward(self, x: Tensor, upstream: Tensor, masks: Sequence[Tensor]) -> None:
        """Write ``gradients``."""
        tapes = self._tape(x)
        last = tapes[-1].outputs[-1]
        last = last * masks[-1][-1] if masks else last
        final = self._head_backward(last, upstream)
        final = final * masks[-1][-1] if masks else final
        others: Sequence[Tensor | None] = [None] * (len(x) - 1)
        for n in reversed(range(len(self.layers))):
            below = self.layers[n].backward(tapes[n], others, final)
            if masks and n:
                below = [part * mask for part, mask in zip(below, masks[n - 1], strict=True)]
            *others, final = below

    def evaluate(self, x: Tensor) -> Tensor:
        """Map inputs to outputs; their tapes never get the arrays of a backward pass."""
        return self.forward(x, [])

    def _tape(self, x: Tensor) -> list[Tape]:
        timesteps, batch = x.shape[0], x.shape[3]
        if (timesteps, batch) not in self._tapes:
            self._tapes[timesteps, batch] = [
                Tape(layer.shape, timesteps, self.parameters, batch) for layer in self.layers
            ]
        return self._tapes[timesteps, batch]
