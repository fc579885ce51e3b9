"""The initialisers: who draws the starting weights, and which biases a layer then trains."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

InitialiserName = Literal[
    "keras", "torch", "xavier", "he", "orthogonal", "zeros", "constant", "normal", "module"
]


@dataclass(frozen=True)
class Initialiser:
    """The facts about one initialiser.

    Attributes:
        by_framework: the framework draws, as it does by itself; else `harness.initial`.
        biases_drawn: biases start within 1 / sqrt(units), as PyTorch's; else at zero.
        one_bias: a layer trains one bias, as in Keras; else PyTorch's two.
        forget_bias: where a forget gate's bias starts unless declared; ``None``: as all biases.
        gates_together: the kernels of all gates are drawn as one matrix.
    """

    by_framework: bool = False
    biases_drawn: bool = False
    one_bias: bool = True
    forget_bias: float | None = None
    gates_together: bool = False


INITIALISERS: Mapping[InitialiserName, Initialiser] = {
    "keras": Initialiser(forget_bias=1.0, gates_together=True),  # Jozefowicz et al. 2015
    "torch": Initialiser(biases_drawn=True, one_bias=False, gates_together=True),
    "xavier": Initialiser(),
    "he": Initialiser(),
    "orthogonal": Initialiser(),
    "zeros": Initialiser(),
    "constant": Initialiser(),
    "normal": Initialiser(),
    "module": Initialiser(by_framework=True, one_bias=False, gates_together=True),
}
