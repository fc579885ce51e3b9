"""The recurrent cells: their gates, as weights stack them, and their usual activations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from harness.scenario.vocabulary.activations import ActivationName

CellName = Literal["lstm"]


@dataclass(frozen=True)
class Cell:
    """The facts about one kind of recurrent layer.

    Attributes:
        gates: in the order in which a layer's weights stack them.
        gate_activation, cell_activation: of the layer as frameworks build it in one piece.
    """

    gates: tuple[str, ...]
    gate_activation: ActivationName = "sigmoid"
    cell_activation: ActivationName = "tanh"


CELLS: Mapping[CellName, Cell] = {
    "lstm": Cell(gates=("input", "forget", "cell", "output")),
}
