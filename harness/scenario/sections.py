"""The tables that say when training has converged, over how many seeds, and against what."""

from typing import Annotated

from pydantic import Field, model_validator

from harness.scenario.data import PositiveInt
from harness.scenario.section import Mark, Section
from harness.scenario.vocabulary import Direction, MetricName, Pairing, Side

MOST_SEEDS = 10_000
"""More are a slip of the keyboard: a share of 90 % is then known to within 0.6 points (Wilson
1927), and every seed is a job, a line of the journal and a curve."""

SeedCount = Annotated[int, Field(ge=1, le=MOST_SEEDS)]


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
