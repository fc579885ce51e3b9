"""One direction of a recurrent layer, forward and backward through time, whichever its cell.

A cell is given what the inputs and what the output before contribute to its gates, apart:
``x @ weight_ih.T`` and ``h @ weight_hh.T``. Where a cell adds both biases up, as an LSTM does, they
stand with the inputs' part; a GRU's second stands with the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from harness.reference.activation import Array
from harness.reference.cells import STEPS, State
from harness.scenario.vocabulary import CELLS, ActivationName, CellName

__all__ = [
    "PARAMETERS",
    "Layer",
    "LayerGradients",
    "Pass",
    "State",
    "backward",
    "forward",
    "zero_state",
]

PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
"""What a layer has, in the order of `Layer`'s fields; biases may be left out."""


@dataclass(frozen=True)
class Layer:
    """The parameters of one direction of a layer, and the names of its cell and activations.

    Attributes:
        weight_ih: `[gates * units, inputs]`.
        weight_hh: `[gates * units, outputs]`.
        bias_ih, bias_hh: `[gates * units]`; ``None``: it has none.
        weight_hr: `[outputs, units]`, what the output is projected by; ``None``: it is not.
        backwards: it reads the sequence from its end.
    """

    kind: CellName
    gate: ActivationName
    cell: ActivationName
    weight_ih: Array
    weight_hh: Array
    bias_ih: Array | None
    bias_hh: Array | None
    weight_hr: Array | None = None
    backwards: bool = False

    @classmethod
    def of(
        cls,
        kind: CellName,
        activations: tuple[ActivationName, ActivationName],
        weights: Mapping[str, Array],
        *,
        backwards: bool = False,
    ) -> "Layer":
        """Return the layer of these weights, by the names of `PARAMETERS`, projected or not."""
        kernels = weights["weight_ih"], weights["weight_hh"]
        biases = weights.get("bias_ih"), weights.get("bias_hh")
        return cls(kind, *activations, *kernels, *biases, weights.get("weight_hr"), backwards)

    @property
    def added(self) -> tuple[Array | float, Array | float]:
        """What is added to the inputs' part of the gates, and to the other."""
        if self.bias_ih is None or self.bias_hh is None:
            return 0.0, 0.0
        if CELLS[self.kind].biases_add:
            return self.bias_ih + self.bias_hh, 0.0
        return self.bias_ih, self.bias_hh


@dataclass(frozen=True)
class Pass:
    """A forward pass: outputs `[timesteps, batch, outputs]`, the final state, its timesteps.

    Timesteps are in the order in which the layer read them, outputs in that of the sequence, and
    so is which of them were live.
    """

    layer: Layer
    x: Array
    outputs: Array
    state: State
    befores: list[State] = field(repr=False)
    tape: list[Any] = field(repr=False)
    live: Array = field(repr=False)


class LayerGradients(NamedTuple):
    """Gradients of a loss with respect to everything that entered the layer."""

    x: Array
    weights: dict[str, Array]
    start: State


def zero_state(layer: Layer, batch: int) -> State:
    """Return the state of zeros that a sequence starts from unless told otherwise."""
    rows, outputs = layer.weight_hh.shape
    widths = (outputs, rows // len(CELLS[layer.kind].gates))
    states = len(CELLS[layer.kind].states)
    return tuple(np.zeros((batch, width), layer.weight_hh.dtype) for width in widths[:states])


def forward(layer: Layer, x: Array, start: State, live: Array | None = None) -> Pass:
    """Run the layer over ``x`` `[timesteps, batch, inputs]` from the state ``start``.

    Steps that are not ``live`` `[timesteps, batch, 1]` leave the state as it is.
    """
    step, (bias_x, bias_h) = STEPS[layer.kind], layer.added
    given = x @ layer.weight_ih.T + bias_x
    there = np.ones((len(x), 1, 1), bool) if live is None else live
    state, befores, tape, outputs = start, [], [], []
    for inputs, goes_on in zip(
        *(_in_order(layer, list(each)) for each in (given, there)), strict=True
    ):
        before = state
        befores.append(state)
        recurrent = state[0] @ layer.weight_hh.T + bias_h
        state, kept = step.forward(layer, inputs, recurrent, state)
        tape.append((kept, state[0]))
        if layer.weight_hr is not None:
            state = (state[0] @ layer.weight_hr.T, *state[1:])
        state = tuple(np.where(goes_on, new, old) for new, old in zip(state, before, strict=True))
        outputs.append(state[0])
    return Pass(layer, x, np.stack(_in_order(layer, outputs)), state, befores, tape, there)


def backward(run: Pass, d_outputs: Array, d_end: State) -> LayerGradients:
    """Go back through ``run``.

    Args:
        run: the forward pass.
        d_outputs: gradient with respect to the outputs, `[timesteps, batch, outputs]`.
        d_end: gradient with respect to the final state, beyond what outputs contribute.
    """
    layer, step = run.layer, STEPS[run.layer.kind]
    d_state, d_given, d_recurrent = d_end, [], []
    weights = {} if layer.weight_hr is None else {"weight_hr": np.zeros_like(layer.weight_hr)}
    upstream = _in_order(layer, list(d_outputs))
    live = _in_order(layer, list(run.live))
    for (kept, raw), before, d_output, goes_on in zip(
        *(reversed(each) for each in (run.tape, run.befores, upstream, live)), strict=True
    ):
        d_after = (d_state[0] + d_output, *d_state[1:])
        d_hidden, *d_rest = (each * goes_on for each in d_after)
        if layer.weight_hr is not None:
            weights["weight_hr"] += d_hidden.T @ raw
            d_hidden = d_hidden @ layer.weight_hr
        d_x, d_h, d_before = step.backward(layer, kept, before, (d_hidden, *d_rest))
        d_given.append(d_x)
        d_recurrent.append(d_h)
        d_before = (d_before[0] + d_h @ layer.weight_hh, *d_before[1:])
        d_state = tuple(
            d_old + d_new * ~goes_on for d_old, d_new in zip(d_before, d_after, strict=True)
        )
    d_zx, d_zh = np.stack(d_given[::-1]), np.stack(d_recurrent[::-1])
    read = run.x[::-1] if layer.backwards else run.x
    weights |= {
        "weight_ih": _kernel_gradient(d_zx, read),
        "weight_hh": _kernel_gradient(d_zh, np.stack([before[0] for before in run.befores])),
    }
    if layer.bias_ih is not None:
        weights["bias_ih"] = d_zx.sum(axis=(0, 1))
        weights["bias_hh"] = d_zh.sum(axis=(0, 1))
    d_x = np.stack(_in_order(layer, list(d_zx @ layer.weight_ih)))
    return LayerGradients(d_x, weights, d_state)


def _in_order(layer: Layer, timesteps: list[Array]) -> list[Array]:
    """Change between the sequence's order and the one in which the layer reads it."""
    return timesteps[::-1] if layer.backwards else timesteps


def _kernel_gradient(d_z: Array, inputs: Array) -> Array:
    """Sum of outer products over timesteps and batch, of the shape of a kernel."""
    return d_z.reshape(-1, d_z.shape[2]).T @ inputs.reshape(-1, inputs.shape[2])
