"""One timestep of each cell, forward and backward, from the formulas."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from harness.reference.activation import ACTIVATIONS, Array
from harness.scenario.vocabulary import ActivationName, CellName

State = tuple[Array, ...]
"""In the order of the cell's record, the output first: each `[batch, values]`."""


class Activated(Protocol):
    """What a cell needs to know of its layer."""

    @property
    def gate(self) -> ActivationName:
        """The activation of its gates."""

    @property
    def cell(self) -> ActivationName:
        """The activation of its candidate."""


class Step(ABC):
    """One timestep of a cell; its gates are stacked as its record says."""

    @abstractmethod
    def forward(
        self, layer: Activated, given: Array, recurrent: Array, before: State
    ) -> tuple[State, Any]:
        """Return the state, not projected, and what the way back needs.

        Args:
            layer: names the activations.
            given: `[batch, gates * units]`, what the inputs contribute.
            recurrent: the same of the output before.
            before: the state that the timestep starts from.
        """

    @abstractmethod
    def backward(
        self, layer: Activated, kept: Any, before: State, d_state: State
    ) -> tuple[Array, Array, State]:
        """Return the gradients of ``given``, ``recurrent``, and of ``before`` beyond ``recurrent``.

        Of what a projected output contributes only by ``recurrent``, that is 0.
        """


class LSTM(Step):
    """Gers et al. 2000, without peepholes.

    ``c' = f * c + i * g`` and ``h' = o * cell(c')``, with ``i, f, o = gate(...)`` and
    ``g = cell(...)``.
    """

    def forward(
        self, layer: Activated, given: Array, recurrent: Array, before: State
    ) -> tuple[State, Any]:
        """See `Step.forward`."""
        gate, cell = ACTIVATIONS[layer.gate].value, ACTIVATIONS[layer.cell].value
        z = _split(given + recurrent, 4)
        a = gate(z)
        a[2] = cell(z[2])
        i, f, g, o = a
        memory = f * before[1] + i * g
        squashed = cell(memory)
        return (o * squashed, memory), (z, a, memory, squashed)

    def backward(
        self, layer: Activated, kept: Any, before: State, d_state: State
    ) -> tuple[Array, Array, State]:
        """See `Step.backward`."""
        gate, cell = ACTIVATIONS[layer.gate].slope, ACTIVATIONS[layer.cell].slope
        z, a, memory, squashed = kept
        i, f, g, o = a
        d_hidden, d_memory = d_state
        d_memory = d_memory + d_hidden * o * cell(memory, squashed)
        d_a = np.stack([d_memory * g, d_memory * before[1], d_memory * i, d_hidden * squashed])
        slope = gate(z, a)
        slope[2] = cell(z[2], g)
        d_z = _joined(d_a * slope)
        return d_z, d_z, (np.zeros_like(before[0]), d_memory * f)


class GRU(Step):
    """Cho et al. 2014 with the reset gate after the product, as cuDNN computes it.

    ``h' = (1 - u) * n + u * h``, ``r, u = gate(...)``, ``n = cell(given + r * recurrent)``.
    """

    def forward(
        self, layer: Activated, given: Array, recurrent: Array, before: State
    ) -> tuple[State, Any]:
        """See `Step.forward`."""
        gate, cell = ACTIVATIONS[layer.gate].value, ACTIVATIONS[layer.cell].value
        x, h = _split(given, 3), _split(recurrent, 3)
        z = x[:2] + h[:2]
        reset, update = a = gate(z)
        inner = x[2] + reset * h[2]
        new = cell(inner)
        return ((1 - update) * new + update * before[0],), (z, a, h[2], inner, new)

    def backward(
        self, layer: Activated, kept: Any, before: State, d_state: State
    ) -> tuple[Array, Array, State]:
        """See `Step.backward`."""
        gate, cell = ACTIVATIONS[layer.gate].slope, ACTIVATIONS[layer.cell].slope
        z, a, recurrent, inner, new = kept
        (d_hidden,), (reset, update) = d_state, a
        d_inner = d_hidden * (1 - update) * cell(inner, new)
        d_gates = np.stack([d_inner * recurrent, d_hidden * (before[0] - new)]) * gate(z, a)
        d_x = _joined(np.stack([*d_gates, d_inner]))
        d_h = _joined(np.stack([*d_gates, d_inner * reset]))
        return d_x, d_h, (d_hidden * update,)


class RNN(Step):
    """Elman 1990: ``h' = cell(given + recurrent)``."""

    def forward(
        self, layer: Activated, given: Array, recurrent: Array, before: State
    ) -> tuple[State, Any]:
        """See `Step.forward`."""
        del before
        z = given + recurrent
        hidden = ACTIVATIONS[layer.cell].value(z)
        return (hidden,), (z, hidden)

    def backward(
        self, layer: Activated, kept: Any, before: State, d_state: State
    ) -> tuple[Array, Array, State]:
        """See `Step.backward`."""
        d_z = d_state[0] * ACTIVATIONS[layer.cell].slope(*kept)
        return d_z, d_z, (np.zeros_like(before[0]),)


STEPS: Mapping[CellName, Step] = {"lstm": LSTM(), "gru": GRU(), "rnn": RNN()}


def _split(stacked: Array, gates: int) -> Array:
    """Return `[gates, batch, units]` of `[batch, gates * units]`."""
    return stacked.reshape(len(stacked), gates, -1).swapaxes(0, 1)


def _joined(gates: Array) -> Array:
    """Return `[batch, gates * units]` of `[gates, batch, units]`."""
    return gates.swapaxes(0, 1).reshape(gates.shape[1], -1)
