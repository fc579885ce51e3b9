"""One LSTM layer, forward and backward through time (Gers et al. 2000, without peepholes).

Gates are stacked input, forget, cell, output, as in `harness.initial`:
``c' = f * c + i * g`` and ``h' = o * cell(c')``, with ``i, f, o = gate(...)``, ``g = cell(...)``.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from harness.reference.activation import ACTIVATIONS, Array
from harness.scenario.vocabulary import ActivationName


@dataclass(frozen=True)
class Layer:
    """The parameters of one layer and the names of its activations.

    Attributes:
        weight_ih: `[4 * units, inputs]`.
        weight_hh: `[4 * units, units]`.
        bias: `[4 * units]`, the sum where there are two.
    """

    weight_ih: Array
    weight_hh: Array
    bias: Array
    gate: ActivationName
    cell: ActivationName


class State(NamedTuple):
    """Hidden and cell state, each `[batch, units]`."""

    hidden: Array
    cell: Array


class _Timestep(NamedTuple):
    """What one timestep forward leaves for the way back; `z` and `a` are `[4, batch, units]`."""

    before: State
    z: Array
    a: Array
    cell: Array
    squashed: Array


@dataclass(frozen=True)
class Pass:
    """A forward pass: outputs `[timesteps, batch, units]`, the final state, its timesteps."""

    layer: Layer
    x: Array
    outputs: Array
    state: State
    tape: list[_Timestep] = field(repr=False)


class LayerGradients(NamedTuple):
    """Gradients of a loss with respect to everything that entered the layer."""

    x: Array
    weight_ih: Array
    weight_hh: Array
    bias: Array
    start: State


def zero_state(layer: Layer, batch: int) -> State:
    """Return the state of zeros that a sequence starts from unless told otherwise."""
    zeros = np.zeros((batch, layer.weight_hh.shape[1]), layer.weight_hh.dtype)
    return State(zeros, zeros)


def forward(layer: Layer, x: Array, start: State) -> Pass:
    """Run the layer over ``x`` `[timesteps, batch, inputs]` from the state ``start``."""
    gate, cell = ACTIVATIONS[layer.gate].value, ACTIVATIONS[layer.cell].value
    projected = x @ layer.weight_ih.T + layer.bias
    state, tape = start, []
    for inputs in projected:
        flat = inputs + state.hidden @ layer.weight_hh.T
        z = flat.reshape(len(flat), 4, -1).swapaxes(0, 1)
        a = gate(z)
        a[2] = cell(z[2])
        i, f, g, o = a
        memory = f * state.cell + i * g
        squashed = cell(memory)
        tape.append(_Timestep(state, z, a, memory, squashed))
        state = State(o * squashed, memory)
    outputs = np.stack([after.a[3] * after.squashed for after in tape])
    return Pass(layer, x, outputs, state, tape)


def backward(run: Pass, d_outputs: Array, d_end: State) -> LayerGradients:
    """Go back through ``run``.

    Args:
        run: the forward pass.
        d_outputs: gradient with respect to the outputs, `[timesteps, batch, units]`.
        d_end: gradient with respect to the final state, beyond what outputs contribute.
    """
    layer, (d_hidden, d_cell) = run.layer, d_end
    gate, cell = ACTIVATIONS[layer.gate].slope, ACTIVATIONS[layer.cell].slope
    d_flat = []
    for timestep, d_output in zip(reversed(run.tape), d_outputs[::-1], strict=True):
        d_hidden = d_hidden + d_output
        i, f, g, o = timestep.a
        d_cell = d_cell + d_hidden * o * cell(timestep.cell, timestep.squashed)
        d_a = np.stack(
            [d_cell * g, d_cell * timestep.before.cell, d_cell * i, d_hidden * timestep.squashed]
        )
        slope = gate(timestep.z, timestep.a)
        slope[2] = cell(timestep.z[2], g)
        d_flat.append((d_a * slope).swapaxes(0, 1).reshape(len(d_cell), -1))
        d_hidden, d_cell = d_flat[-1] @ layer.weight_hh, d_cell * f
    d_z = np.stack(d_flat[::-1])
    before = np.stack([timestep.before.hidden for timestep in run.tape])
    return LayerGradients(
        x=d_z @ layer.weight_ih,
        weight_ih=_kernel_gradient(d_z, run.x),
        weight_hh=_kernel_gradient(d_z, before),
        bias=d_z.sum(axis=(0, 1)),
        start=State(d_hidden, d_cell),
    )


def _kernel_gradient(d_z: Array, inputs: Array) -> Array:
    """Sum of outer products over timesteps and batch, of the shape of a kernel."""
    return d_z.reshape(-1, d_z.shape[2]).T @ inputs.reshape(-1, inputs.shape[2])
