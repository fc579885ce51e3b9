"""The other tables of a scenario file: model, training, criterion and seeds."""

import math
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from harness.scenario.data import PositiveInt
from harness.scenario.layer import RecurrentLayer, layers_of
from harness.scenario.section import Mark, Section
from harness.scenario.vocabulary import (
    CELLS,
    INITIALISERS,
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
    ActivationName,
    Cell,
    CellName,
    Direction,
    Initialiser,
    InitialiserName,
    LossChoice,
    MetricName,
    Optimizer,
    OptimizerChoice,
    Pairing,
    PrecisionName,
    ScheduleName,
    Side,
)
from harness.scenario.vocabulary.losses import USUAL, losses_with
from harness.scenario.vocabulary.optimizers import (
    USUAL_EPSILON,
    optimizers_with,
    own_epsilons,
    usual_epsilon,
)
from harness.scenario.vocabulary.precisions import Half
from harness.user_code import REFERENCE

MOST_SEEDS = 10_000
"""More are a slip of the keyboard: a share of 90 % is then known to within 0.6 points (Wilson
1927), and every seed is a job, a line of the journal and a curve."""

SeedCount = Annotated[int, Field(ge=1, le=MOST_SEEDS)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
NotNegativeInt = Annotated[int, Field(ge=0)]
ClassWeights = Literal["none", "balanced"] | tuple[Positive, ...]


def _weights_or_word(given: object) -> object:
    """Turn a list, as TOML has it, into weights.

    Raises:
        ValueError: if it is neither that nor one of the two words.
    """
    if given in ("none", "balanced"):
        return given
    weights = given if isinstance(given, list | tuple) else ()
    numbers = all(
        isinstance(w, int | float) and not isinstance(w, bool) and 0 < w < math.inf for w in weights
    )
    if not numbers or len(weights) < 2:  # noqa: PLR2004  # a choice needs two
        raise ValueError(
            f"must be none, balanced or a positive number for each class, got {given!r}"
        )
    return tuple(float(weight) for weight in weights)


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
        return self.initialiser.one_bias and self.cell.biases_add

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


class Training(Section):
    """Optimiser, batches and budget."""

    optimizer: Annotated[OptimizerChoice, Mark.UPDATE] = Field(
        "adam",
        description='which torch.optim optimiser; your own: "package.module:name", called with '
        "the parameters and the learning rate",
    )
    learning_rate: Annotated[Positive, Mark.UPDATE, Mark.FREE] = Field(
        1e-3, description="the (peak) learning rate"
    )
    momentum: Annotated[float, Mark.UPDATE, Mark.SWITCH] = Field(
        0.0, ge=0, lt=1, description=f"of {optimizers_with(lambda o: o.momentum)}"
    )
    nesterov: Annotated[bool, Mark.UPDATE] = Field(
        default=False, description="sgd: momentum looks ahead (Sutskever et al. 2013)"
    )
    weight_decay: Annotated[NotNegative, Mark.UPDATE, Mark.SWITCH] = Field(
        0.0, description=f"L2; decoupled for {optimizers_with(lambda o: o.decoupled_decay)}"
    )
    epsilon: Annotated[Positive, Mark.UPDATE, Mark.FREE] = Field(
        USUAL_EPSILON,
        description=f"of {optimizers_with(lambda o: o.epsilon is not None)}; "
        f"absent: as torch.optim's, {own_epsilons()} (Keras: 1e-7)",
    )
    batch_size: PositiveInt = Field(32, description="records a step; the last batch may be smaller")
    epochs: Annotated[PositiveInt, Mark.FREE] = Field(100, description="the budget")
    clip_norm: Annotated[Positive | None, Mark.SWITCH] = Field(
        None, description="largest norm of the whole gradient"
    )
    schedule: Annotated[ScheduleName, Mark.SCHEDULE] = Field(
        "constant", description="how the rate changes after warm-up"
    )
    decay: Annotated[float, Mark.SCHEDULE] = Field(
        0.1,
        gt=0,
        le=1,
        description="step, exponential, plateau: factor; cosine, cosine_restarts, linear: the "
        "final share",
    )
    decay_epochs: Annotated[PositiveInt, Mark.SCHEDULE] = Field(
        10,
        description="step, exponential: epochs for one factor of `decay`; cosine_restarts: of a "
        "cycle; plateau: without a better loss, judged on the records of the criterion",
    )
    schedule_epochs: Annotated[PositiveInt | None, Mark.SCHEDULE] = Field(
        None,
        description="cosine, linear, one_cycle: epochs that the schedule is made for; absent: all",
    )
    warmup_epochs: Annotated[NotNegative, Mark.SCHEDULE] = Field(
        0.0, description="epochs over which the rate rises linearly from 0"
    )
    loss: Annotated[LossChoice, Mark.LOSS] = Field(
        None,
        description="absent: cross_entropy for classes, mse for values; your own: "
        '"package.module:name", called with outputs and targets',
    )
    class_weights: Annotated[ClassWeights, BeforeValidator(_weights_or_word), Mark.LOSS] = Field(
        "none",
        description=f"of {losses_with(lambda o: o.class_weights)}; balanced: each class weighs the "
        "same in the loss; or a number for each class",
    )
    label_smoothing: Annotated[float, Mark.LOSS] = Field(
        0.0,
        ge=0,
        lt=1,
        description=f"of {losses_with(lambda o: o.label_smoothing)}: share of a label that is "
        "spread over all classes",
    )
    huber_delta: Annotated[Positive, Mark.LOSS] = Field(
        1.0, description="of huber: error from which on the loss is linear"
    )
    shuffle: Annotated[bool, Mark.FREE] = Field(
        default=True, description="a new order of the records every epoch"
    )
    dtype: Literal["float32", "float64"] = Field("float32", description="of weights and inputs")
    precision: PrecisionName | None = Field(
        None,
        description="of arithmetic: float32, float64 (as dtype), or bfloat16 and float16: autocast",
    )
    stateful: bool = Field(
        default=False, description="a batch starts from the state that the one before left"
    )
    reset_every: Annotated[NotNegativeInt, Mark.FREE] = Field(
        0, description="batches after which the state starts from zero; 0: at every epoch only"
    )
    time_limit: Annotated[Positive | None, Mark.FREE] = Field(
        None, description="wall-clock seconds for one seed"
    )

    @model_validator(mode="before")
    @classmethod
    def _epsilon_of_its_optimizer(cls, table: Any) -> Any:
        if not isinstance(table, dict) or "epsilon" in table:
            return table
        return table | {"epsilon": usual_epsilon(table.get("optimizer"))}

    @model_validator(mode="before")
    @classmethod
    def _double_throughout(cls, values: object) -> object:
        """Let `precision = "float64"` say what `dtype` says, unless that says otherwise."""
        if isinstance(values, dict) and values.get("precision") == "float64":
            return {"dtype": "float64"} | values
        return values

    @property
    def half(self) -> Half | None:
        """The half precision that a step computes in, if it does."""
        half = self.precision
        return half if half == "bfloat16" or half == "float16" else None  # noqa: PLR1714  # for mypy

    @property
    def own_optimizer(self) -> str | None:
        """The user's own optimiser, ``"package.module:name"``; ``None``: one of PyTorch's."""
        return self.optimizer if self.known_optimizer is None else None

    @property
    def known_optimizer(self) -> Optimizer | None:
        """The facts about the optimiser; ``None`` of the user's own, of which none are known."""
        return OPTIMIZERS.get(self.optimizer)

    @property
    def own_loss(self) -> str | None:
        """The user's own loss, ``"package.module:name"``; ``None``: one of PyTorch's."""
        return None if self.loss in (None, *LOSSES) else self.loss

    def loss_of(self, targets: Literal["classes", "values"]) -> str | None:
        """Return the name of the loss for targets of a kind; ``None`` for the user's own."""
        return None if self.own_loss is not None else self.loss or USUAL[targets]

    @property
    def constant_rate(self) -> bool:
        """Whether every step has the same learning rate."""
        return SCHEDULES[self.schedule].constant and not self.warmup_epochs


class Converged(Section):
    """When a run counts as converged."""

    metric: MetricName = Field("accuracy", description="what is measured at the end of every epoch")
    on: Annotated[Side, Mark.FREE] = Field("train", description="on which records")
    at_least: Annotated[float | None, Mark.FREE] = Field(
        None, description="the metric has to reach this"
    )
    at_most: Annotated[float | None, Mark.FREE] = Field(
        None, description="the metric has to fall to this"
    )
    hold: Annotated[PositiveInt, Mark.FREE] = Field(1, description="evaluations in a row")
    mean_at_least: Annotated[float | None, Mark.FREE] = Field(
        None, description="its mean over seeds has to reach this at the end of the budget"
    )
    mean_at_most: Annotated[float | None, Mark.FREE] = Field(
        None, description="its mean over seeds has to fall to this at the end of the budget"
    )

    @model_validator(mode="after")
    def _one_bound(self) -> "Converged":
        if [self.at_least, self.at_most, self.mean_at_least, self.mean_at_most].count(None) != 3:  # noqa: PLR2004  # of four
            raise ValueError(
                "give exactly one of at_least, at_most, mean_at_least and mean_at_most"
            )
        return self


class Accepted(Section):
    """How a case is compared with what was accepted of it."""

    pairing: Pairing = Field(
        "seed", description="seed: the same seeds in pairs; none: as samples of different seeds"
    )
    direction: Direction = Field(
        "two-sided", description="which change fails: either, slower (worse) or faster (better)"
    )
    margin: float | None = Field(
        None, ge=0, lt=1, description="relative change that is tolerated; absent: the case's"
    )


class Seeds(Section):
    """How many seeds are trained before the sequential test gives up."""

    min: SeedCount = Field(12, description="seeds trained at once, before anything is decided")
    max: SeedCount = Field(48, description="after which an undecided case is inconclusive")

    @model_validator(mode="after")
    def _ordered(self) -> "Seeds":
        if self.max < self.min:
            raise ValueError(f"max ({self.max}) must not be below min ({self.min})")
        return self
