"""One layer of many seeds at once: its recurrence and its backward pass, written by hand.

Backpropagation is written out because that is faster than autograd; `benchmarks/ensemble.py`
measures both. The weight `[seeds, rows of z, gates * units]` holds both kernels and the biases, so
one matrix product makes all gates; the gates come last because the product that makes the weight's
gradient is then the fastest.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from harness.backends.ensemble.activations import Activation
from harness.backends.ensemble.tape import Shape, Tape, Timestep
from harness.initial import Floats


class Layer(ABC):
    """One direction of a layer: views of weights and gradients `[seeds, rows, gates * units]`."""

    GATES = 4
    """Blocks of ``units`` numbers that its weights make at a timestep."""

    def __init__(
        self, shape: Shape, weight: Tensor, gradient: Tensor, gate: Activation, cell: Activation
    ) -> None:
        self.shape, self.weight, self.gradient = shape, weight, gradient
        self.gate, self.cell = gate, cell
        # the first timestep's, and all later ones'
        self.forwards = [weight[:, shape.given(t)].transpose(1, 2) for t in (0, 1)]
        self.backwards = [weight[:, shape.differentiated(t)] for t in (0, 1)]

    @abstractmethod
    def forward(self, tape: Tape) -> Tensor:
        """Run over ``tape.inputs``; return all outputs `[timesteps, seeds, units, batch]`."""

    @abstractmethod
    def backward(
        self, tape: Tape, upstream: Sequence[Tensor | None], final: Tensor
    ) -> list[Tensor]:
        """Write this layer's gradient.

        Args:
            tape: of the forward pass.
            upstream: gradient of each timestep's output but the last `[seeds, units, batch]`;
                ``None`` is zero.
            final: gradient of the last timestep's output.

        Returns:
            Gradient of each timestep's inputs `[seeds, inputs, batch]`; empty for the first layer.
        """

    @staticmethod
    @abstractmethod
    def packed(kernel: Floats, recurrent: Floats, biases: Sequence[Floats]) -> Floats:
        """Return a layer's starting weights as `[rows of z, gates * units]`."""

    def settle(self) -> None:  # noqa: B027  # most layers have nothing to put back
        """Put back to zero what is laid out as a weight and is none."""

    def _products(self, tape: Tape, t: int) -> None:
        """Carry a timestep's ``delta`` to the gradients of the weights and of ``z``."""
        scratch, given = tape.scratch, tape.timesteps[t].given
        now = scratch.timesteps[t]
        if t:
            scratch.gradient.baddbmm_(given, now.transposed)
        else:
            torch.bmm(given, now.transposed, out=scratch.start)
            scratch.gradient[:, self.shape.given(0)] += scratch.start
        if now.below.numel():
            torch.bmm(self.backwards[t > 0], now.delta, out=now.below)


class LSTM(Layer):
    """An LSTM, its gates stacked candidate, input, forget, output.

    Those that the cell's gradient reaches first are neighbours, and so are those with the gate
    activation.
    """

    ORDER = (2, 0, 1, 3)
    """PyTorch's gates (input, forget, cell, output) in this order."""

    @staticmethod
    def packed(kernel: Floats, recurrent: Floats, biases: Sequence[Floats]) -> Floats:
        """See `Layer.packed`."""
        block = np.concatenate([recurrent, kernel, *(bias[:, None] for bias in biases)], axis=1)
        gates = block.reshape(4, -1, block.shape[1])[list(LSTM.ORDER)]
        return gates.reshape(block.shape).T

    def forward(self, tape: Tape) -> Tensor:
        """See `Layer.forward`."""
        for t, now in enumerate(tape.timesteps):
            torch.bmm(self.forwards[t > 0], now.given, out=now.gates)
            candidate, input_, forget, output = now.parts
            self.cell.apply(candidate, candidate)
            self.gate.apply(now.sigmoids, now.sigmoids)
            torch.mul(input_, candidate, out=now.after)
            if t or self.shape.carries:
                now.after.addcmul_(forget, now.before)
            self.cell.apply(now.after, now.squashed)
            torch.mul(output, now.squashed, out=now.raw)
            self._project(now)
        return tape.outputs

    def backward(
        self, tape: Tape, upstream: Sequence[Tensor | None], final: Tensor
    ) -> list[Tensor]:
        """See `Layer.backward`."""
        self._scale(tape)
        timesteps = tape.scratch.timesteps
        tape.scratch.gradient.zero_()
        hidden = self._before_projection(tape, len(timesteps) - 1, final)
        cell = hidden * timesteps[-1].through
        for t in reversed(range(len(timesteps))):
            now = timesteps[t]
            now.from_cell.mul_(cell.unsqueeze(1))
            now.from_hidden.mul_(hidden)
            self._products(tape, t)
            if t:
                above = upstream[t - 1]
                hidden = now.recurrent if above is None else above + now.recurrent
                hidden = self._before_projection(tape, t - 1, hidden)
                cell.mul_(tape.timesteps[t].parts[2]).addcmul_(hidden, timesteps[t - 1].through)
        self.gradient.copy_(tape.scratch.gradient)
        return [timestep.inputs for timestep in timesteps]

    def _project(self, now: Timestep) -> None:
        """Put out what the gates let through, which a plain layer has done."""

    def _before_projection(self, tape: Tape, t: int, output: Tensor) -> Tensor:
        """Return the gradient of what is projected, given that of a timestep's output."""
        del tape, t
        return output

    def _scale(self, tape: Tape) -> None:
        """Write the factors of the gradients of cell (three gates) and hidden state (output)."""
        units, scratch = self.shape.units, tape.scratch
        self.cell.slope(tape.gates[:, :, :units], scratch.delta[:, :, :units])
        self.gate.slope(tape.gates[:, :, units:], scratch.delta[:, :, units:])
        candidate, input_, forget, output = scratch.delta.chunk(4, dim=2)
        gates = tape.gates.chunk(4, dim=2)
        candidate.mul_(gates[1])
        input_.mul_(gates[0])
        forget.mul_(tape.cells[:-1])
        output.mul_(tape.squashed)
        self.cell.slope(tape.squashed, scratch.through)
        scratch.through.mul_(gates[3])
