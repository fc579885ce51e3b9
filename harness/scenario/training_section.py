"""The table `[training]`: optimiser, loss, schedule, batches and budget."""

import math
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from harness.scenario.data import PositiveInt
from harness.scenario.section import Mark, NotNegative, NotNegativeInt, Positive, Section
from harness.scenario.vocabulary import (
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
    LossChoice,
    Optimizer,
    OptimizerChoice,
    PrecisionName,
    ScheduleName,
)
from harness.scenario.vocabulary.losses import USUAL, losses_with
from harness.scenario.vocabulary.optimizers import (
    USUAL_EPSILON,
    optimizers_with,
    own_epsilons,
    usual_epsilon,
)
from harness.scenario.vocabulary.precisions import Half

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


def _not_half(given: object) -> object:
    """Return a type of weights.

    Raises:
        ValueError: if a step may compute in it, but weights are not kept in it.
    """
    if given in get_args(Half):
        raise ValueError(f"{given!r} is none of weights: say precision = {given!r} for autocast")
    return given


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
    dtype: Annotated[Literal["float32", "float64"], BeforeValidator(_not_half)] = Field(
        "float32", description="of weights and inputs"
    )
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

    @property
    def of_quantities(self) -> bool:
        """Whether the declared loss says that targets are values, whole numbers too."""
        facts = LOSSES.get(self.loss or "")
        return facts is not None and facts.of == "values"

    def loss_of(self, targets: Literal["classes", "values"]) -> str | None:
        """Return the name of the loss for targets of a kind; ``None`` for the user's own."""
        return None if self.own_loss is not None else self.loss or USUAL[targets]

    @property
    def constant_rate(self) -> bool:
        """Whether every step has the same learning rate."""
        return SCHEDULES[self.schedule].constant and not self.warmup_epochs
