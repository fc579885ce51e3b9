"""The recurrent cells: gates as weights stack them, states as they are carried, activations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from harness.scenario.vocabulary.activations import ActivationName

CellName = Literal["lstm", "gru", "rnn"]


@dataclass(frozen=True)
class Cell:
    """The facts about one kind of recurrent layer.

    Attributes:
        gates: in the order in which a layer's weights stack them, as PyTorch does.
        candidate: the one of them that has the cell's activation; the others have the gates'.
        states: what goes from timestep to timestep; the first is the output.
        biases_add: the two biases of PyTorch's layers are a sum, so that training both doubles its
            step. A GRU's are none: the recurrent one of its candidate stands within the reset gate
            (``reset_after`` of Keras, ``linear_before_reset`` of ONNX), and all frameworks train
            both.
        projects: whether a layer may project its output, as `nn.LSTM(proj_size=...)` does.
        gate_activation: of the gates besides the candidate, in frameworks' own layers.
        cell_activations: of the candidate, those that frameworks' own layers have.
    """

    gates: tuple[str, ...]
    candidate: str
    states: tuple[str, ...] = ("hidden",)
    biases_add: bool = True
    projects: bool = False
    gate_activation: ActivationName = "sigmoid"
    cell_activations: tuple[ActivationName, ...] = ("tanh",)

    @property
    def gated(self) -> bool:
        """Whether there are gates besides the candidate."""
        return len(self.gates) > 1


CELLS: Mapping[CellName, Cell] = {
    "lstm": Cell(
        gates=("input", "forget", "cell", "output"),
        candidate="cell",
        states=("hidden", "cell"),
        projects=True,
    ),
    "gru": Cell(gates=("reset", "update", "new"), candidate="new", biases_add=False),
    "rnn": Cell(gates=("hidden",), candidate="hidden", cell_activations=("tanh", "relu")),
}
"""Hochreiter & Schmidhuber 1997 with Gers et al. 2000's forget gate; Cho et al. 2014 as cuDNN
computes it, the reset gate after the product; Elman 1990."""
