"""The other tables of a scenario file: model, training, criterion and seeds."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from harness.scenario.data import PositiveInt, Section
from harness.scenario.vocabulary import Activation, Initializer, Metric, Optimizer, Schedule, Side

Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]


class Model(Section):
    """A stack of LSTM layers and a dense head, or the user's own module."""

    kind: Literal["lstm"] = Field("lstm", description="the kind of model that is built")
    factory: str | None = Field(
        None,
        pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$",
        description='your own nn.Module: "package.module:Name", called as documented',
    )
    arguments: dict[str, Any] = Field(
        default_factory=dict, description="keyword arguments for the factory"
    )
    units: tuple[PositiveInt, ...] = Field(
        (15,), strict=False, min_length=1, description="units of each layer, first layer first"
    )
    init: Initializer = Field("keras", description="how starting weights are drawn")
    init_scale: NotNegative = Field(
        1.0, description="multiplies every drawn weight; the value itself for init = 'constant'"
    )
    forget_bias: float | None = Field(
        None, description="starting bias of the forget gates; absent: 1 for keras, else as drawn"
    )
    dropout: float = Field(
        0.0, ge=0, lt=1, description="share of each layer's outputs dropped in training"
    )
    gate_activation: Activation = Field("sigmoid", description="of input, forget, output gates")
    cell_activation: Activation = Field("tanh", description="of cell candidates and outputs")

    @property
    def one_bias(self) -> bool:
        """Whether a layer trains one bias, as in Keras, instead of PyTorch's two."""
        return self.init not in ("torch", "module")


class Training(Section):
    """Optimiser, batches and budget."""

    optimizer: Optimizer = Field("adam", description="which torch.optim optimiser")
    learning_rate: Positive = Field(1e-3, description="the (peak) learning rate")
    momentum: float = Field(0.0, ge=0, lt=1, description="of sgd and rmsprop")
    weight_decay: NotNegative = Field(0.0, description="L2; decoupled for adamw")
    epsilon: Positive = Field(1e-8, description="of adam, adamw and rmsprop (Keras: 1e-7)")
    batch_size: PositiveInt = Field(32, description="records a step; the last batch may be smaller")
    epochs: PositiveInt = Field(100, description="the budget")
    clip_norm: Positive | None = Field(None, description="largest norm of the whole gradient")
    schedule: Schedule = Field("constant", description="how the rate changes after warm-up")
    decay: float = Field(
        0.1, gt=0, le=1, description="step, exponential: factor; cosine: the final share"
    )
    decay_epochs: PositiveInt = Field(
        10, description="step, exponential: epochs for one factor of `decay`"
    )
    warmup_epochs: NotNegative = Field(
        0.0, description="epochs over which the rate rises linearly from 0"
    )
    class_weights: Literal["none", "balanced"] = Field(
        "none", description="balanced: each class weighs the same in the loss"
    )
    shuffle: bool = Field(default=True, description="a new order of the records every epoch")
    dtype: Literal["float32", "float64"] = Field("float32", description="of weights and inputs")
    time_limit: Positive | None = Field(None, description="wall-clock seconds for one seed")


class Converged(Section):
    """When a run counts as converged."""

    metric: Metric = Field("accuracy", description="what is measured at the end of every epoch")
    on: Side = Field("train", description="on which records")
    at_least: float | None = Field(None, description="the metric has to reach this")
    at_most: float | None = Field(None, description="the metric has to fall to this")
    hold: PositiveInt = Field(1, description="evaluations in a row")

    @model_validator(mode="after")
    def _one_bound(self) -> "Converged":
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("give exactly one of at_least and at_most")
        return self


class Seeds(Section):
    """How many seeds are trained before the sequential test gives up."""

    min: PositiveInt = Field(12, description="seeds trained at once, before anything is decided")
    max: PositiveInt = Field(48, description="after which an undecided case is inconclusive")

    @model_validator(mode="after")
    def _ordered(self) -> "Seeds":
        if self.max < self.min:
            raise ValueError(f"max ({self.max}) must not be below min ({self.min})")
        return self
