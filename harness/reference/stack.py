"""LSTM layers on top of each other, each with its own initial state."""

from collections.abc import Sequence

from harness.reference import lstm
from harness.reference.activation import Array


def forward(
    layers: Sequence[lstm.Layer], x: Array, starts: Sequence[lstm.State]
) -> list[lstm.Pass]:
    """Run ``x`` `[timesteps, batch, inputs]` through the layers; return their passes."""
    passes: list[lstm.Pass] = []
    for layer, start in zip(layers, starts, strict=True):
        passes.append(lstm.forward(layer, passes[-1].outputs if passes else x, start))
    return passes


def backward(
    passes: Sequence[lstm.Pass], d_outputs: Array, d_ends: Sequence[lstm.State]
) -> list[lstm.LayerGradients]:
    """Return every layer's gradients, given those of the last outputs and of all final states."""
    gradients: list[lstm.LayerGradients] = []
    for run, d_end in zip(reversed(passes), reversed(d_ends), strict=True):
        gradients.append(lstm.backward(run, gradients[-1].x if gradients else d_outputs, d_end))
    return gradients[::-1]
