"""A plain recurrent layer of many seeds at once, whose one gate is its output."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from harness.backends.ensemble.layer import Layer
from harness.backends.ensemble.tape import Tape
from harness.initial import Floats


class RNN(Layer):
    """Elman 1990: its activation is the cell's."""

    GATES = 1

    @staticmethod
    def packed(kernel: Floats, recurrent: Floats, biases: Sequence[Floats]) -> Floats:
        """See `Layer.packed`."""
        return np.concatenate([recurrent, kernel, *(bias[:, None] for bias in biases)], axis=1).T

    def forward(self, tape: Tape) -> Tensor:
        """See `Layer.forward`."""
        for t, now in enumerate(tape.timesteps):
            torch.bmm(self.forwards[t > 0], now.given, out=now.gates)
            self.cell.apply(now.gates, now.gates)
            now.hidden.copy_(now.gates)
        return tape.outputs

    def backward(
        self, tape: Tape, upstream: Sequence[Tensor | None], final: Tensor
    ) -> list[Tensor]:
        """See `Layer.backward`."""
        timesteps = tape.scratch.timesteps
        self.cell.slope(tape.gates, tape.scratch.delta)
        tape.scratch.gradient.zero_()
        hidden = final
        for t in reversed(range(len(timesteps))):
            now = timesteps[t]
            now.delta.mul_(hidden)
            self._products(tape, t)
            if t:
                above = upstream[t - 1]
                hidden = now.recurrent if above is None else above + now.recurrent
        self.gradient.copy_(tape.scratch.gradient)
        return [timestep.inputs for timestep in timesteps]
