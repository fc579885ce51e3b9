"""Recurrent layers on top of each other, each direction with its own initial state.

A level is the list of a layer's directions; each reads all that the level below puts out.
"""

from collections.abc import Sequence

import numpy as np

from harness.reference import recurrent
from harness.reference.activation import Array

Levels = Sequence[Sequence[recurrent.Layer]]
States = Sequence[Sequence[recurrent.State]]


def forward(
    levels: Levels, x: Array, starts: States, live: Array | None = None
) -> list[list[recurrent.Pass]]:
    """Run ``x`` `[timesteps, batch, inputs]` through the levels; return their passes.

    Steps that are not ``live`` `[timesteps, batch, 1]` leave every state as it is.
    """
    passes: list[list[recurrent.Pass]] = []
    for directions, states in zip(levels, starts, strict=True):
        pairs = zip(directions, states, strict=True)
        passes.append([recurrent.forward(layer, x, start, live) for layer, start in pairs])
        x = outputs(passes[-1])
    return passes


def outputs(directions: Sequence[recurrent.Pass]) -> Array:
    """Return what a level puts out `[timesteps, batch, width]`, its directions side by side."""
    return np.concatenate([run.outputs for run in directions], axis=2)


def backward(
    passes: Sequence[Sequence[recurrent.Pass]], d_outputs: Array, d_ends: States
) -> list[list[recurrent.LayerGradients]]:
    """Return every direction's gradients, given those of the last outputs and all final states."""
    gradients: list[list[recurrent.LayerGradients]] = []
    for directions, ends in zip(reversed(passes), reversed(d_ends), strict=True):
        parts = np.split(d_outputs, len(directions), axis=2)
        given = zip(directions, parts, ends, strict=True)
        gradients.append([recurrent.backward(run, part, end) for run, part, end in given])
        first, *others = (each.x for each in gradients[-1])
        d_outputs = sum(others, start=first)
    return gradients[::-1]
