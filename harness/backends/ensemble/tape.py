"""What the forward and backward pass of one batched LSTM layer are written to, step after step.

Arrays are `[timesteps, seeds, values, batch]`: the batch last, so that the four gates are
contiguous slices of one matrix product and everything elementwise runs over long rows. They are
made once per batch size, and so are the views of a timestep that the passes work on: fresh arrays
would cost a page fault every 4 KiB, fresh views a tenth of a small model's time.

A layer's whole input is one matrix ``z``: rows for the previous hidden state, for the inputs, and
a row of ones per bias. The state before the first timestep is zero: its rows are left out there,
unless the state of another batch is carried.
"""

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor


@dataclass(frozen=True)
class Shape:
    """The sizes of one layer.

    Attributes:
        units, inputs, biases: rows of ``z`` for each, in this order; of a projected layer fewer.
        first: whether this is the first layer, whose inputs need no gradient.
        carries: whether it may start from the state that the batch before left.
        gates: how many blocks of ``units`` its weights make.
        projection: to how many numbers the output is projected; 0: it is not.
    """

    units: int
    inputs: int
    biases: int
    first: bool
    carries: bool = False
    gates: int = 4
    projection: int = 0

    @property
    def outputs(self) -> int:
        """How many numbers it puts out, and gets back at the next timestep."""
        return self.projection or self.units

    @property
    def weights(self) -> int:
        """How many numbers the matrix of its gates has."""
        return self.gates * self.units * self.rows

    @property
    def rows(self) -> int:
        """Rows of ``z``."""
        return self.outputs + self.inputs + self.biases

    @property
    def below(self) -> slice:
        """The rows of ``z`` that hold the inputs."""
        return slice(self.outputs, self.outputs + self.inputs)

    def given(self, timestep: int) -> slice:
        """The rows of ``z`` that are not zero."""
        return slice(0 if timestep or self.carries else self.outputs, self.rows)

    def differentiated(self, timestep: int) -> slice:
        """The rows of ``z`` whose gradient is needed; none for the first layer's start."""
        start = 0 if timestep else self.outputs
        return slice(start, self.outputs + (0 if self.first else self.inputs))


class Tape:
    """What a layer's forward pass leaves for its backward pass.

    Attributes:
        z: `[timesteps + 1, seeds, rows, batch]`; the last entry holds only the final state.
        gates: `[timesteps, seeds, gates * units, batch]`, activated.
        cells: `[timesteps + 1, seeds, units, batch]`, cell states from the start on.
        squashed: `[timesteps, seeds, units, batch]`, activated cell states.
        raw: likewise, what is projected; ``None`` where nothing is.
        inputs, outputs: views of ``z``, `[timesteps, seeds, values, batch]`.
        timesteps: views of each timestep.
    """

    def __init__(self, shape: Shape, timesteps: int, weight: Tensor, batch: int) -> None:
        self.shape = shape
        seeds, units = len(weight), shape.units
        self.z = weight.new_ones(timesteps + 1, seeds, shape.rows, batch)
        self.gates = weight.new_empty(timesteps, seeds, shape.gates * units, batch)
        self.cells = weight.new_zeros(timesteps + 1, seeds, units, batch)
        self.squashed = weight.new_empty(timesteps, seeds, units, batch)
        self.raw = torch.empty_like(self.squashed) if shape.projection else None
        self.inputs, self.outputs = self.z[:-1, :, shape.below], self.z[1:, :, : shape.outputs]
        self.timesteps = [Timestep(self, t) for t in range(timesteps)]

    @cached_property
    def scratch(self) -> "Scratch":
        """The backward pass's arrays; evaluations never make them."""
        return Scratch(self)


class Timestep:
    """One timestep of a tape.

    Attributes:
        given: rows of ``z`` that are not zero.
        gates: all, `[seeds, gates * units, batch]`; ``parts`` each, ``sigmoids`` all but the first.
        before, after: cell state.
        squashed: the activated cell state.
        hidden: where the output goes, for the next timestep to read; ``raw`` before its projection.
    """

    def __init__(self, tape: Tape, t: int) -> None:
        units = tape.shape.units
        self.given = tape.z[t, :, tape.shape.given(t)]
        self.gates, self.sigmoids = tape.gates[t], tape.gates[t, :, units:]
        self.parts = self.gates.chunk(tape.shape.gates, dim=1)
        self.before, self.after = tape.cells[t], tape.cells[t + 1]
        self.squashed, self.hidden = tape.squashed[t], tape.z[t + 1, :, : tape.shape.outputs]
        self.raw = self.hidden if tape.raw is None else tape.raw[t]


class Scratch:
    """The arrays of a backward pass.

    Attributes:
        delta: gradient before the gate activations, as ``Tape.gates``.
        through: what a hidden state's gradient is scaled by on its way to the cell.
        gradient: of the weights, as they are laid out.
        start: the first timestep's share in that, of the rows that are not zero there.
        timesteps: views and results of each timestep.
    """

    def __init__(self, tape: Tape) -> None:
        timesteps, seeds, gates, _ = tape.gates.shape
        self.delta = torch.empty_like(tape.gates)
        self.through = torch.empty_like(tape.squashed)
        self.gradient = tape.z.new_zeros(seeds, tape.shape.rows, gates)
        self.start = torch.empty_like(self.gradient[:, tape.shape.given(0)])
        self.timesteps = [BackwardTimestep(tape, self, t) for t in range(timesteps)]


class BackwardTimestep:
    """One timestep of a backward pass.

    Attributes:
        delta, transposed: gradient before the gate activations, and with its last axes swapped.
        from_cell: of ``delta``, the gates that an LSTM's cell gradient reaches, all but the last,
            `[seeds, 3, units, batch]`.
        from_hidden: the last gate's part.
        through: as in ``Scratch``.
        below: gradient of the rows of ``z`` that need one; contiguous, since a matrix product's
            result that is not is slow.
        recurrent, inputs: its views, of hidden state and inputs.
    """

    def __init__(self, tape: Tape, scratch: Scratch, t: int) -> None:
        shape = tape.shape
        self.delta = scratch.delta[t]
        self.transposed = self.delta.transpose(1, 2)
        seeds, _, batch = self.delta.shape
        gates = self.delta.view(seeds, shape.gates, shape.units, batch)
        self.from_cell, self.from_hidden = gates[:, :-1], gates[:, -1]
        self.through = scratch.through[t]
        needed = shape.differentiated(t)
        self.below = self.delta.new_empty(seeds, needed.stop - needed.start, batch)
        self.recurrent = self.below[:, : shape.outputs]
        self.inputs = self.below[:, shape.outputs if t else 0 :]
