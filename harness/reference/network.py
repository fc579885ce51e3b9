"""The stack that scenarios declare: LSTM layers and a dense head on the last output, or on each."""

from typing import NamedTuple

import numpy as np

from harness.reference import lstm, stack
from harness.reference.activation import Array
from harness.scenario.vocabulary import ActivationName

Weights = dict[str, Array]
"""By the names of `harness.initial`: ``lstm.0.weight_ih`` ... ``head.bias``."""


class Architecture(NamedTuple):
    """What of a declared model the arithmetic depends on, besides its weights."""

    depth: int
    gate: ActivationName
    cell: ActivationName
    each_step: bool = False

    def layer(self, weights: Weights, level: int) -> lstm.Layer:
        """Return layer ``level``, its two biases summed."""
        name = f"lstm.{level}"
        bias = weights[f"{name}.bias_ih"] + weights[f"{name}.bias_hh"]
        return lstm.Layer(
            weights[f"{name}.weight_ih"], weights[f"{name}.weight_hh"], bias, self.gate, self.cell
        )

    def forward(self, weights: Weights, x: Array) -> tuple[Array, list[lstm.Pass]]:
        """Map ``x`` `[batch, timesteps, features]` to outputs `[batch, outputs]`.

        With targets at each step, to `[batch, timesteps, outputs]`.
        """
        layers = [self.layer(weights, level) for level in range(self.depth)]
        starts = [lstm.zero_state(layer, len(x)) for layer in layers]
        passes = stack.forward(layers, x.swapaxes(0, 1), starts)
        read = passes[-1].outputs.swapaxes(0, 1) if self.each_step else passes[-1].outputs[-1]
        return read @ weights["head.weight"].T + weights["head.bias"], passes

    def backward(self, weights: Weights, passes: list[lstm.Pass], d_outputs: Array) -> Weights:
        """Return the gradient of every weight, given that of the outputs, in their shape."""
        hidden = passes[-1].outputs
        d_answers = np.zeros((*hidden.shape[:2], d_outputs.shape[-1]), d_outputs.dtype)
        d_answers[slice(None) if self.each_step else -1] = (
            d_outputs.swapaxes(0, 1) if self.each_step else d_outputs
        )
        gradients = {
            "head.weight": np.einsum("tbo,tbu->ou", d_answers, hidden),
            "head.bias": d_answers.sum(axis=(0, 1)),
        }
        d_sequence = d_answers @ weights["head.weight"]
        ends = [lstm.State(*map(np.zeros_like, run.state)) for run in passes]
        for level, layer in enumerate(stack.backward(passes, d_sequence, ends)):
            gradients |= {
                f"lstm.{level}.weight_ih": layer.weight_ih,
                f"lstm.{level}.weight_hh": layer.weight_hh,
                f"lstm.{level}.bias_ih": layer.bias,
                f"lstm.{level}.bias_hh": layer.bias,
            }
        return gradients
