"""One LSTM layer of many seeds at once: its recurrence and its backward pass, written by hand.

Arrays are `[timesteps, seeds, values, batch]`: the batch last, so that the four gates are
contiguous slices of one matrix product and everything elementwise runs over long rows.
Backpropagation is written out because that is faster than autograd; `benchmarks/ensemble.py`
measures both.

A layer's whole input is one matrix ``z``: rows for the inputs, for the previous hidden state, and
a row of ones a bias. Its weight `[seeds, 4 * units, rows of z]` therefore holds both kernels and
the biases, and one matrix product makes all gates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from harness.backends.batched_activations import Activation


@dataclass(frozen=True)
class Shape:
    """The sizes of one layer; gates are stacked candidate, input, forget, output.

    Attributes:
        inputs, units, biases: rows of ``z`` for each, in this order.
        first: whether this is the first layer, whose inputs need no gradient.
    """

    inputs: int
    units: int
    biases: int
    first: bool

    @property
    def rows(self) -> int:
        """Rows of ``z``."""
        return self.inputs + self.units + self.biases

    @property
    def hidden(self) -> slice:
        """The rows of ``z`` that hold the previous hidden state."""
        return slice(self.inputs, self.inputs + self.units)

    @property
    def differentiated(self) -> slice:
        """The rows of ``z`` whose gradient is needed."""
        return slice(self.inputs if self.first else 0, self.inputs + self.units)


class Tape:
    """What a layer's forward pass leaves for its backward pass, reused from step to step.

    Attributes:
        z: `[timesteps + 1, seeds, rows, batch]`; the last entry holds only the final state.
        gates: `[timesteps, seeds, 4 * units, batch]`, activated.
        cells: `[timesteps + 1, seeds, units, batch]`, cell states from the zero start on.
        squashed: `[timesteps, seeds, units, batch]`, activated cell states.
    """

    def __init__(self, shape: Shape, timesteps: int, weight: Tensor, batch: int) -> None:
        self.shape = shape
        seeds, units = len(weight), shape.units
        self.z = weight.new_ones(timesteps + 1, seeds, shape.rows, batch)
        self.z[0, :, shape.hidden] = 0
        self.gates = weight.new_empty(timesteps, seeds, 4 * units, batch)
        self.cells = weight.new_zeros(timesteps + 1, seeds, units, batch)
        self.squashed = weight.new_empty(timesteps, seeds, units, batch)

    @cached_property
    def scratch(self) -> "Scratch":
        """The backward pass's arrays; a tape that is only evaluated with never has them."""
        return Scratch(self, self.shape.differentiated)


class Scratch:
    """The arrays of a backward pass: fresh ones would cost a page fault every 4 KiB.

    Attributes:
        delta: gradient before the gate activations, as ``Tape.gates``.
        through: what a hidden state's gradient is scaled by on its way to the cell.
        transposed: ``Tape.z`` with its last axes swapped, `[timesteps, seeds, batch, rows]`: the
            product with it is faster than one that transposes as it reads, copy included.
        below: gradient of the differentiated rows of ``Tape.z``.
        gradient: of the weights, contiguous for the matrix product's sake.
    """

    def __init__(self, tape: Tape, differentiated: slice) -> None:
        timesteps, seeds, _, batch = tape.gates.shape
        rows = tape.z.shape[2]
        self.delta = torch.empty_like(tape.gates)
        self.through = torch.empty_like(tape.squashed)
        self.transposed = tape.z.new_empty(timesteps, seeds, batch, rows)
        needed = differentiated.stop - differentiated.start
        self.below = tape.z.new_empty(timesteps, seeds, needed, batch)
        self.gradient = tape.z.new_empty(seeds, tape.gates.shape[2], rows)


class Layer:
    """One layer: views of the model's weights and gradients `[seeds, 4 * units, rows]`."""

    def __init__(
        self, shape: Shape, weight: Tensor, gradient: Tensor, gate: Activation, cell: Activation
    ) -> None:
        self.shape, self.weight, self.gradient = shape, weight, gradient
        self.gate, self.cell = gate, cell

    def forward(self, tape: Tape) -> Tensor:
        """Run over ``tape.z``, whose input rows are filled; return all outputs, a view of it."""
        units, hidden = self.shape.units, self.shape.hidden
        for t, gates in enumerate(tape.gates.unbind()):
            after, squashed = tape.cells[t + 1], tape.squashed[t]
            torch.bmm(self.weight, tape.z[t], out=gates)
            candidate, enter, forget, output = gates.chunk(4, dim=1)
            self.cell.apply(candidate, candidate)
            self.gate.apply(gates[:, units:], gates[:, units:])
            torch.mul(forget, tape.cells[t], out=after)
            after.addcmul_(enter, candidate)
            self.cell.apply(after, squashed)
            torch.mul(output, squashed, out=tape.z[t + 1, :, hidden])
        return tape.z[1:, :, hidden]

    def backward(self, tape: Tape, upper: Sequence[Tensor | None], final: Tensor) -> Tensor:
        """Write this layer's gradient.

        Args:
            tape: of the forward pass.
            upper: gradient of each timestep's output but the last `[seeds, units, batch]`;
                ``None`` is zero.
            final: gradient of the last timestep's output.

        Returns:
            Gradient of the inputs `[timesteps, seeds, inputs, batch]`; empty for the first layer.
        """
        shape, scratch, last = self.shape, tape.scratch, len(tape.gates) - 1
        self._scale(tape)
        back = self.weight[:, :, shape.differentiated].transpose(1, 2)
        below, recurrent = scratch.below, scratch.below[:, :, -shape.units :]
        scratch.transposed.copy_(tape.z[:-1].transpose(2, 3))
        cell: Tensor | None = None
        hidden = final
        for t in range(last, -1, -1):
            delta = scratch.delta[t]
            cell = self._cell_gradient(cell, hidden, scratch.through[t])
            gates = delta.view(len(delta), 4, shape.units, -1)
            gates[:, :3].mul_(cell.unsqueeze(1))
            gates[:, 3].mul_(hidden)
            cell.mul_(tape.gates[t, :, 2 * shape.units : 3 * shape.units])
            if t == last:
                torch.bmm(delta, scratch.transposed[t], out=scratch.gradient)
            else:
                scratch.gradient.baddbmm_(delta, scratch.transposed[t])
            if t or not shape.first:
                torch.bmm(back, delta, out=below[t])
            if t:
                above = upper[t - 1]
                hidden = recurrent[t] if above is None else above + recurrent[t]
        self.gradient.copy_(scratch.gradient)
        return below[:, :, : -shape.units]

    def _scale(self, tape: Tape) -> None:
        """Write the factors of the gradients of cell (three gates) and hidden state (output)."""
        units, scratch = self.shape.units, tape.scratch
        self.cell.slope(tape.gates[:, :, :units], scratch.delta[:, :, :units])
        self.gate.slope(tape.gates[:, :, units:], scratch.delta[:, :, units:])
        candidate, enter, forget, output = scratch.delta.chunk(4, dim=2)
        gates = tape.gates.chunk(4, dim=2)
        candidate.mul_(gates[1])
        enter.mul_(gates[0])
        forget.mul_(tape.cells[:-1])
        output.mul_(tape.squashed)
        self.cell.slope(tape.squashed, scratch.through)
        scratch.through.mul_(gates[3])

    def _cell_gradient(self, carried: Tensor | None, hidden: Tensor, through: Tensor) -> Tensor:
        """Return the cell state's gradient, in place of ``carried`` where there is one."""
        if carried is None:
            return hidden * through
        return carried.addcmul_(hidden, through)
