"""Names and sizes of a stack's recurrent layers, one entry for each direction."""

from collections.abc import Sequence
from typing import NamedTuple

from harness.scenario.vocabulary.cells import CellName

BACKWARDS = "reverse"
"""Ends the name of a layer's other direction, as in PyTorch's parameters."""


class RecurrentLayer(NamedTuple):
    """One direction of one layer.

    Attributes:
        name: what its weights' names begin with: ``lstm.0``, ``gru.1.reverse``.
        inputs, units, outputs: widths; an output is as wide as the units, or as their projection.
    """

    name: str
    inputs: int
    units: int
    outputs: int

    @property
    def backwards(self) -> bool:
        """Whether it reads the sequence from its end."""
        return self.name.endswith(f".{BACKWARDS}")


def layers_of(
    kind: CellName, units: Sequence[int], features: int, projection: int, *, both_ways: bool
) -> list[RecurrentLayer]:
    """Return the layers of a stack, input first, each one's own direction before the other."""
    layers, inputs = [], features
    for level, width in enumerate(units):
        outputs, name = projection or width, f"{kind}.{level}"
        layers.append(RecurrentLayer(name, inputs, width, outputs))
        if both_ways:
            layers.append(RecurrentLayer(f"{name}.{BACKWARDS}", inputs, width, outputs))
        inputs = (2 if both_ways else 1) * outputs
    return layers
