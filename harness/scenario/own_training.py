"""The `[train]` table: a function or a command of the user's that trains, instead of a model."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from harness.scenario.data import PositiveInt
from harness.scenario.section import Section
from harness.user_code import REFERENCE

Positive = Annotated[float, Field(gt=0)]

_PLACE = re.compile(r"\{([A-Za-z_]\w*)\}")
_GIVEN = ("seed", "device")


class OwnTraining(Section):
    """What trains a seed, and how long it may take."""

    function: str | None = Field(
        None,
        pattern=REFERENCE,
        description='"package.module:name", called with a seed and the arguments; yields metrics',
    )
    command: tuple[str, ...] | None = Field(
        None,
        strict=False,
        min_length=1,
        description="program and arguments; it prints one JSON object of metrics per evaluation",
    )
    arguments: dict[str, Any] = Field(
        default_factory=dict, description="for the function, or the {names} in the command"
    )
    budget: PositiveInt | None = Field(
        None, description="most evaluations of a seed; absent: until it ends by itself"
    )
    time_limit: Positive | None = Field(None, description="wall-clock seconds for one seed")

    @model_validator(mode="after")
    def _one_way(self) -> "OwnTraining":
        if (self.function is None) == (self.command is None):
            raise ValueError("give exactly one of function and command")
        if self.command is not None:
            self._check_places(set(_places(self.command)))
        elif taken := {"seed"} & self.arguments.keys():
            raise ValueError(f"arguments must not hold {taken.pop()!r}: every seed is given it")
        return self

    def _check_places(self, places: set[str]) -> None:
        if "seed" not in places:
            raise ValueError("command must hold {seed}: without it each seed would train the same")
        known = {*_GIVEN, *self.arguments}
        if unknown := sorted(places - known):
            raise ValueError(
                f"command holds {{{unknown[0]}}}, which is none of {', '.join(sorted(known))}"
            )
        if unused := sorted(self.arguments.keys() - places):
            raise ValueError(f"command holds no {{{unused[0]}}}, which is among the arguments")

    def words(self, seed: int, device: str) -> list[str]:
        """Return the command's words for a seed, every ``{name}`` filled in."""
        values = self.arguments | {"seed": seed, "device": device}
        return [
            _PLACE.sub(lambda place: str(values[place.group(1)]), word)
            for word in self.command or ()
        ]

    def sources(self, directory: Path) -> list[Path]:
        """Return the files that the command names, which lie where it is run."""
        named = (directory / word for word in self.command or () if not _PLACE.search(word))
        return [path for path in named if path.is_file()]


class OwnConverged(Section):
    """When a run counts as converged: a bound on a metric that the training names itself."""

    metric: str = Field(min_length=1, description="a name that the training yields")
    at_least: float | None = Field(None, description="the metric has to reach this")
    at_most: float | None = Field(None, description="the metric has to fall to this")
    hold: PositiveInt = Field(1, description="evaluations in a row")
    mean_at_least: float | None = Field(
        None, description="its mean over seeds has to reach this at the end"
    )
    mean_at_most: float | None = Field(
        None, description="its mean over seeds has to fall to this at the end"
    )

    @model_validator(mode="after")
    def _one_bound(self) -> "OwnConverged":
        bounds = self.at_least, self.at_most, self.mean_at_least, self.mean_at_most
        if bounds.count(None) != len(bounds) - 1:
            raise ValueError(
                "give exactly one of at_least, at_most, mean_at_least and mean_at_most"
            )
        return self

    @property
    def of_mean(self) -> bool:
        """Whether the bound is of the mean over seeds."""
        return self.at_least is None and self.at_most is None


def _places(command: tuple[str, ...]) -> Iterator[str]:
    for word in command:
        yield from _PLACE.findall(word)
