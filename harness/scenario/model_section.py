"""The table `[model]`: a stack of recurrent layers, or the user's own module."""

from typing import Annotated, Any

from pydantic import Field

from harness.scenario.data import PositiveInt
from harness.scenario.layer import RecurrentLayer, layers_of
from harness.scenario.section import Mark, NotNegative, NotNegativeInt, Section
from harness.scenario.vocabulary import (
    CELLS,
    INITIALISERS,
    ActivationName,
    Cell,
    CellName,
    Initialiser,
    InitialiserName,
)
from harness.user_code import REFERENCE


class Model(Section):
    """A stack of recurrent layers and a dense head, or the user's own module."""

    kind: CellName = Field("lstm", description="the recurrent layers that are built")
    factory: str | None = Field(
        None,
        pattern=REFERENCE,
        description='your own nn.Module: "package.module:Name", called as documented',
    )
    arguments: dict[str, Any] = Field(
        default_factory=dict, description="keyword arguments for the factory"
    )
    units: tuple[PositiveInt, ...] = Field(
        (15,), strict=False, min_length=1, description="units of each layer, first layer first"
    )
    embedding: PositiveInt | None = Field(
        None, description="token ids become vectors of so many numbers, which are trained"
    )
    bidirectional: bool = Field(
        default=False, description="each layer also reads backwards; the next one gets both outputs"
    )
    projection: NotNegativeInt = Field(
        0, description="width of each layer's output, fewer than its units; 0: its units (lstm)"
    )
    bias: bool = Field(
        default=True, description="recurrent layers have biases; the head always has one"
    )
    init: Annotated[InitialiserName, Mark.START] = Field(
        "keras", description="how starting weights are drawn"
    )
    init_scale: Annotated[NotNegative, Mark.START] = Field(
        1.0, description="multiplies every drawn weight; the value itself for init = 'constant'"
    )
    forget_bias: Annotated[float | None, Mark.START] = Field(
        None, description="starting bias of the forget gates; absent: 1 for keras, else as drawn"
    )
    dropout: Annotated[float, Mark.SWITCH] = Field(
        0.0, ge=0, lt=1, description="share of each layer's outputs dropped in training"
    )
    gate_activation: ActivationName = Field("sigmoid", description="of all gates")
    cell_activation: ActivationName = Field(
        "tanh", description="of candidates, and of an LSTM's outputs"
    )

    @property
    def cell(self) -> Cell:
        """The facts about the layers."""
        return CELLS[self.kind]

    @property
    def usual_activations(self) -> bool:
        """Whether gates and cells have the activations that frameworks build in one piece."""
        cell = self.cell
        return (
            self.gate_activation == cell.gate_activation
            and self.cell_activation in cell.cell_activations
        )

    @property
    def initialiser(self) -> Initialiser:
        """The facts about how starting weights are drawn."""
        return INITIALISERS[self.init]

    @property
    def one_bias(self) -> bool:
        """Whether a layer trains one bias, as in Keras, instead of PyTorch's two.

        A GRU's two are no sum: both are trained, in Keras too.
        """
        return self.bias and self.initialiser.one_bias and self.cell.biases_add

    @property
    def trained_biases(self) -> tuple[str, ...]:
        """The names of a layer's biases that are trained."""
        if not self.bias:
            return ()
        return ("bias_ih",) if self.one_bias else ("bias_ih", "bias_hh")

    def layers(self, features: int) -> list[RecurrentLayer]:
        """Return name and sizes of each direction of each recurrent layer, input first.

        An embedding stands before them: ``features`` is then the size of its vocabulary.
        """
        inputs = self.embedding or features
        return layers_of(
            self.kind, self.units, inputs, self.projection, both_ways=self.bidirectional
        )

    @property
    def width(self) -> int:
        """How many numbers the last layer puts out at each timestep, both directions together."""
        return (2 if self.bidirectional else 1) * (self.projection or self.units[-1])

    def operations(self) -> dict[str, object]:
        """Add whether a layer trains one bias, as in Keras, instead of PyTorch's two."""
        return super().operations() | {"one_bias": self.one_bias}
