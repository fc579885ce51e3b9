"""The stack that scenarios declare: recurrent layers, and a head on their end or on each step."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from harness.reference import recurrent, stack
from harness.reference.activation import Array
from harness.scenario import Model
from harness.scenario.vocabulary import ActivationName, CellName

Weights = dict[str, Array]
"""By the names of `harness.initial`: ``lstm.0.weight_ih`` ... ``head.bias``."""

Passes = list[list[recurrent.Pass]]


class Architecture(NamedTuple):
    """What of a declared model the arithmetic depends on, besides its weights."""

    kind: CellName
    depth: int
    both_ways: bool
    gate: ActivationName
    cell: ActivationName
    each_step: bool = False

    @classmethod
    def of(cls, model: Model, *, each_step: bool) -> "Architecture":
        """Return that of a declared model."""
        activations = model.gate_activation, model.cell_activation
        return cls(model.kind, len(model.units), model.bidirectional, *activations, each_step)

    def names(self, level: int) -> list[str]:
        """Return what the names of a layer's weights begin with, by direction."""
        name = f"{self.kind}.{level}"
        return [name, f"{name}.reverse"] if self.both_ways else [name]

    def level(self, weights: Weights, level: int) -> list[recurrent.Layer]:
        """Return the directions of layer ``level``."""
        parts = (*recurrent.PARAMETERS, "weight_hr")
        return [
            recurrent.Layer.of(
                self.kind,
                (self.gate, self.cell),
                {part: weights[f"{name}.{part}"] for part in parts if f"{name}.{part}" in weights},
                backwards=bool(number),
            )
            for number, name in enumerate(self.names(level))
        ]

    def forward(
        self, weights: Weights, x: Array, starts: stack.States | None = None
    ) -> tuple[Array, Passes]:
        """Map ``x`` `[batch, timesteps, features]` to outputs `[batch, outputs]`.

        With targets at each step, to `[batch, timesteps, outputs]`. Layers start from zero unless
        they are given a state each. Beyond a record's end ``x`` is NaN.
        """
        levels = [self.level(weights, level) for level in range(self.depth)]
        if starts is None:
            starts = [[recurrent.zero_state(each, len(x)) for each in level] for level in levels]
        x, live = x.swapaxes(0, 1), None
        if (beyond := np.isnan(x)).any():
            x, live = np.where(beyond, 0, x), ~beyond[..., :1]
        passes = stack.forward(levels, x, starts, live)
        return self.read(passes) @ weights["head.weight"].T + weights["head.bias"], passes

    def read(self, passes: Passes) -> Array:
        """Return what the head reads: each step, or each direction where it has read all."""
        if self.each_step:
            return stack.outputs(passes[-1]).swapaxes(0, 1)
        return np.concatenate([run.state[0] for run in passes[-1]], axis=1)

    def backward(self, weights: Weights, passes: Passes, d_outputs: Array) -> Weights:
        """Return the gradient of every weight, given that of the outputs, in their shape.

        That of the lowest layer's inputs `[timesteps, batch, features]` is ``inputs``.
        """
        read = self.read(passes)
        flat = d_outputs.reshape(-1, d_outputs.shape[-1])
        gradients = {
            "head.weight": flat.T @ read.reshape(-1, read.shape[-1]),
            "head.bias": flat.sum(axis=0),
        }
        ends: list[Sequence[recurrent.State]] = [
            [tuple(map(np.zeros_like, run.state)) for run in level] for level in passes
        ]
        d_sequence, d_read = (
            np.zeros_like(stack.outputs(passes[-1])),
            d_outputs @ weights["head.weight"],
        )
        if self.each_step:
            d_sequence = d_read.swapaxes(0, 1)
        else:
            parts = np.split(d_read, len(passes[-1]), axis=1)
            ends[-1] = [(part, *end[1:]) for part, end in zip(parts, ends[-1], strict=True)]
        found = stack.backward(passes, d_sequence, ends)
        gradients["inputs"] = np.sum([each.x for each in found[0]], axis=0)
        for level, directions in enumerate(found):
            for name, each in zip(self.names(level), directions, strict=True):
                gradients |= {f"{name}.{part}": values for part, values in each.weights.items()}
        return gradients
