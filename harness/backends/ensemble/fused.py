"""The LSTM stacks of many seeds, each layer of each seed one call of oneDNN's fused LSTM.

It is what `nn.LSTM` itself runs on a processor: a whole sequence in one call, on instructions that
PyTorch's own matrix products do not use on every processor. Only the optimiser, the loss, the head
and the records remain batched. For long sequences and wide layers this is faster than one product
a timestep for all seeds; `benchmarks/growth.py` measures where.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple, final

import numpy as np
import torch
from torch import Tensor

from harness.backends.ensemble.freed_memory import keep_freed
from harness.backends.ensemble.models import BatchedModels
from harness.initial import Floats
from harness.scenario import Case, Model

FORWARD: Any = torch.ops.aten.mkldnn_rnn_layer.default
BACKWARD: Any = torch.ops.aten.mkldnn_rnn_layer_backward.default
LSTM = 2
"""The kind of layer, as PyTorch numbers them for both."""

KEPT = 20
"""Numbers a unit, record and timestep that oneDNN keeps for its backward pass: 15 to 20."""

LEAST_WORK = 1600
"""Timesteps times units to the power of 1.5 from which a call a layer and seed costs less, for
batches of up to 32 records: fitted to where both took the same time, 8 to 64 units wide."""


def is_faster(case: Case, timesteps: int, device: str) -> bool:
    """Tell whether a case can be trained by `FusedNetwork`, and takes less time so."""
    model, training = case.model, case.training
    possible = (
        device == "cpu"
        and training.dtype == "float32"
        and model.usual_activations
        and torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
        # where it is switched off, nn.LSTM does without it too
        and bool(torch.backends.mkldnn.enabled)
    )
    larger = max(1.0, training.batch_size / 32) ** 0.5  # a call costs the same for any batch
    return possible and timesteps * max(model.units) ** 1.5 * larger >= LEAST_WORK


class Weights(NamedTuple):
    """One layer of one seed, or its gradient, in the order that oneDNN takes: views.

    `[4 * units, inputs]`, `[4 * units, units]`, and twice `[4 * units]`.
    """

    kernel: Tensor
    recurrent: Tensor
    bias: Tensor
    second_bias: Tensor


@dataclass(frozen=True)
class Pass:
    """A layer's forward pass over a sequence `[timesteps, batch, inputs]`, and what it leaves."""

    inputs: Tensor
    weights: Weights
    start: Tensor
    left: tuple[Tensor, ...]

    @classmethod
    def over(cls, inputs: Tensor, weights: Weights, *, training: bool) -> "Pass":
        """Run the layer from a zero state."""
        units = weights.recurrent.shape[1]
        start = inputs.new_zeros(1, inputs.shape[1], units)
        # not reversed, no lengths, one layer with biases, one direction, time first
        sizes: tuple[object, ...] = (False, [], LSTM, units, 1, True, False, False, training)
        return cls(inputs, weights, start, FORWARD(inputs, *weights, start, start, *sizes))

    @property
    def outputs(self) -> Tensor:
        """`[timesteps, batch, units]`."""
        return self.left[0]

    def backward(self, upstream: Tensor) -> tuple[Tensor, ...]:
        """Return the gradients of inputs, both kernels and both biases, given that of outputs."""
        *states, kept = self.left
        zero, units = self.start, self.start.shape[2]
        given = (self.inputs, *self.weights, zero, zero, *states)
        # the gradients of the final states are zero; sizes as above, in another order
        sizes: tuple[object, ...] = (False, LSTM, units, 1, True, True, False, [], False)
        gradients: tuple[Tensor, ...] = BACKWARD(*given, upstream, zero, zero, *sizes, kept)
        return gradients[:5]


@final
class FusedNetwork(BatchedModels):
    """Seeds' layers one after another, each as one call.

    Attributes:
        weights, written: the parameters and gradients of each seed's layers.
        passes: of each seed's layers, between forward and backward pass.
        last: outputs of the last timestep, `[seeds, units, batch]`.
    """

    evaluated = 512
    """One call for most sets; the outputs of a layer are in memory for one seed at a time."""

    def __init__(self, model: Model, features: int, outputs: int, parameters: Tensor) -> None:
        super().__init__(model, features, outputs, parameters)
        keep_freed()
        self.weights = [self._layers(row) for row in self.parameters]
        self.written = [self._layers(row) for row in self.gradients]
        self.passes: list[list[Pass]] = []
        self.last = parameters.new_empty(0)

    @classmethod
    def activations(cls, widths: Sequence[int], batches: set[int], evaluated: set[int]) -> int:
        """Count what the passes of a batch leave; evaluations leave nothing."""
        del evaluated
        return max(batches) * sum(a + (KEPT + 2) * b for a, b in pairwise(widths))

    @staticmethod
    def packed_layer(parts: Sequence[Floats]) -> Floats:
        """Return the parts one after another, flat."""
        return np.concatenate([part.ravel() for part in parts])

    def forward(self, x: Tensor, masks: Sequence[Tensor]) -> Tensor:
        """Map inputs to outputs."""
        factors, last = [_by_seed(mask) for mask in masks], []
        self.passes = []
        with torch.enable_grad():  # without it oneDNN keeps nothing for the backward pass
            for seed, inputs in enumerate(_by_seed(x)):
                passes: list[Pass] = []
                outputs = inputs
                for n, weights in enumerate(self.weights[seed]):
                    passes.append(Pass.over(outputs, weights, training=True))
                    outputs = passes[n].outputs
                    outputs = outputs * factors[n][seed] if masks else outputs
                self.passes.append(passes)
                last.append(outputs[-1].t())
        self.last = torch.stack(last)
        return self._head_forward(self.last)

    def backward(self, x: Tensor, upstream: Tensor, masks: Sequence[Tensor]) -> None:
        """Write ``gradients``; the passes hold what is needed of ``x``."""
        del x
        factors = [_by_seed(mask) for mask in masks]
        final = self._head_backward(self.last, upstream)
        for seed, (passes, written) in enumerate(zip(self.passes, self.written, strict=True)):
            upper = torch.zeros_like(passes[-1].outputs)
            upper[-1] = final[seed].t()
            for n in reversed(range(len(passes))):
                upper = upper * factors[n][seed] if masks else upper
                upper, *gradients = passes[n].backward(upper)
                for gradient, place in zip(gradients, written[n], strict=True):
                    place.copy_(gradient)
        self.passes = []

    def evaluate(self, x: Tensor) -> Tensor:
        """Map inputs to outputs, a seed at a time."""
        last = []
        for inputs, layers in zip(_by_seed(x), self.weights, strict=True):
            outputs = inputs
            for weights in layers:
                outputs = Pass.over(outputs, weights, training=False).outputs
            last.append(outputs[-1].t())
        return self._head_forward(torch.stack(last))

    def _layers(self, row: Tensor) -> list[Weights]:
        """Return the views of one seed's parameters or gradients.

        Where one bias is trained the other is a zero beside them, or a gradient that nobody reads.
        """
        layers, widths = [], (self.features, *self.model.units)
        for n, (inputs, units) in enumerate(pairwise(widths)):
            gates, columns = 4 * units, row[self.slices[f"lstm.{n}"]]
            sizes = [gates * inputs, gates * units, gates]
            if self.model.initialiser.one_bias:
                kernel, recurrent, bias = torch.split(columns, sizes)
                second = torch.zeros_like(bias)
            else:
                kernel, recurrent, bias, second = torch.split(columns, [*sizes, gates])
            kernels = kernel.view(gates, inputs), recurrent.view(gates, units)
            layers.append(Weights(*kernels, bias, second))
        return layers


def _by_seed(x: Tensor) -> Tensor:
    """Turn `[timesteps, seeds, values, batch]` into `[seeds, timesteps, batch, values]`."""
    return x.permute(1, 0, 3, 2).contiguous()
