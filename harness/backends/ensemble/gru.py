"""A GRU of many seeds at once, with the reset gate after the product, as cuDNN and PyTorch have it.

The candidate's two parts are gates of their own, since one is multiplied by the reset gate before
they are added: what inputs give it, and what the output before does. In the weights
`[seeds, rows of z, 4 * units]` each has rows that stay zero, for they get no gradient.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from harness.backends.ensemble.layer import Layer
from harness.backends.ensemble.tape import Tape
from harness.initial import Floats


class GRU(Layer):
    """A GRU: reset gate, update gate, candidate of the inputs, candidate of the output before."""

    @staticmethod
    def packed(kernel: Floats, recurrent: Floats, biases: Sequence[Floats]) -> Floats:
        """See `Layer.packed`; a GRU has two biases or none."""
        nothing = np.zeros((len(kernel) // 3, 1))

        def given(part: Floats) -> Floats:
            return np.concatenate([part, nothing * part[:1]])

        def carried(part: Floats) -> Floats:
            *gates, new = np.split(part, 3)
            return np.concatenate([*gates, nothing * part[:1], new])

        added = [
            place(bias[:, None]) for place, bias in zip((given, carried), biases, strict=False)
        ]
        return np.concatenate([carried(recurrent), given(kernel), *added], axis=1).T

    def forward(self, tape: Tape) -> Tensor:
        """See `Layer.forward`."""
        units = self.shape.units
        for t, now in enumerate(tape.timesteps):
            torch.bmm(self.forwards[t > 0], now.given, out=now.gates)
            both = now.gates[:, : 2 * units]
            self.gate.apply(both, both)
            reset, update, new, carried = now.gates.chunk(4, dim=1)
            new.addcmul_(reset, carried)
            self.cell.apply(new, new)
            torch.addcmul(new, update, new, value=-1, out=now.hidden)
            if t or self.shape.carries:
                now.hidden.addcmul_(update, tape.z[t, :, :units])
        return tape.outputs

    def backward(
        self, tape: Tape, upstream: Sequence[Tensor | None], final: Tensor
    ) -> list[Tensor]:
        """See `Layer.backward`."""
        units, scratch = self.shape.units, tape.scratch
        self.gate.slope(tape.gates[:, :, : 2 * units], scratch.delta[:, :, : 2 * units])
        slope = scratch.delta[:, :, 2 * units : 3 * units]
        self.cell.slope(tape.gates[:, :, 2 * units : 3 * units], slope)
        scratch.gradient.zero_()
        hidden = final
        for t in reversed(range(len(scratch.timesteps))):
            through = self._timestep(tape, t, hidden)
            self._products(tape, t)
            if t:
                above = upstream[t - 1]
                hidden = through.add_(scratch.timesteps[t].recurrent)
                hidden = hidden if above is None else hidden.add_(above)
        self._zero_rows(scratch.gradient)
        self.gradient.copy_(scratch.gradient)
        return [timestep.inputs for timestep in scratch.timesteps]

    def settle(self) -> None:
        """Put rows back to zero, which an optimizer may have moved: by 0 / 0, if epsilon is 0."""
        self._zero_rows(self.weight)

    def _timestep(self, tape: Tape, t: int, hidden: Tensor) -> Tensor:
        """Write a timestep's ``delta``; return what the output before gets past all gates."""
        units = self.shape.units
        reset, update, new, carried = tape.timesteps[t].gates.chunk(4, dim=1)
        d_reset, d_update, d_new, d_carried = tape.scratch.delta[t].chunk(4, dim=1)
        through = hidden * update
        d_new.mul_(hidden - through)
        change = tape.z[t, :, :units] - new if t or self.shape.carries else -new
        d_update.mul_(change).mul_(hidden)
        torch.mul(d_new, reset, out=d_carried)
        d_reset.mul_(d_new).mul_(carried)
        return through

    def _zero_rows(self, gradient: Tensor) -> None:
        """Leave out what no weight of a GRU is: `[seeds, rows, 4 * units]`."""
        units, inputs = self.shape.units, self.shape.inputs
        given, carried = slice(2 * units, 3 * units), slice(3 * units, None)
        gradient[:, :units, given] = 0
        gradient[:, units : units + inputs + 1, carried] = 0
        gradient[:, units + inputs + 1 :, given] = 0
