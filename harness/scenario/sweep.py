"""`[[sweep]]`: one or two numbers of a setting, varied over a range, to map what trains."""

from collections.abc import Iterator, Mapping
from itertools import product
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import Field, model_validator

from harness.scenario.case import CaseName, SweepAxis
from harness.scenario.merge import Table
from harness.scenario.section import Section
from harness.scenario.sections import SeedCount

VARIED = ("data", "model", "training", "converged")
"""The sections that a sweep overrides or varies; its seeds are a number, not a table."""

MOST_TRAININGS = 100_000
"""Seeds of all points of a sweep: 100 by 100 points take 60,000 with the default of six."""

MOST_AXES = 2
"""What a picture can show."""

_ONE_OF = (Annotated, Union, UnionType)

_PLAIN = {"arguments"}
"""Keys whose value is a table, and no range."""


class SweepHead(Section):
    """What a sweep says besides the tables that it overrides and the keys that it varies."""

    name: CaseName = Field(description="unique within the file; part of the test's id")
    seeds: SeedCount = Field(6, description="trained at every point")
    note: str = Field("", description="what a reader of the map should know")


class Range(Section):
    """The values that a key takes."""

    first: Annotated[float, Field(alias="from", description="the lowest value")]
    last: Annotated[float, Field(alias="to", description="the highest value")]
    points: int = Field(
        ge=2, le=100, description="how many values; whole numbers that repeat are left out"
    )
    spacing: Literal["log", "linear"] = Field(description="equal ratios, or equal differences")

    @model_validator(mode="after")
    def _possible(self) -> "Range":
        if self.spacing == "log" and min(self.first, self.last) <= 0:
            raise ValueError('spacing = "log" needs from and to above 0')
        if six_digits(self.first) >= six_digits(self.last):
            raise ValueError(f"from ({self.first:g}) must be below to ({self.last:g})")
        return self

    def values(self, kind: type[float]) -> tuple[float, ...]:
        """Return the values, lowest first, to the six digits that names show.

        ``kind`` is ``int`` for whole numbers: they are rounded, and each stands once.
        """
        values = [self._value(n / (self.points - 1)) for n in range(self.points)]
        rounded = [round(v) if kind is int else six_digits(v) for v in values]
        return tuple(dict.fromkeys(rounded))

    def _value(self, share: float) -> float:
        if self.spacing == "log":
            return float(self.first * (self.last / self.first) ** share)
        return self.first + (self.last - self.first) * share


def six_digits(value: float) -> float:
    """Return a value as its name shows it."""
    return float(f"{value:.6g}")


def split(table: Table) -> tuple[Table, dict[str, Table]]:
    """Return a sweep's tables without the keys that it varies, and these with their ranges.

    Keys are written as in problems: ``training.learning_rate``.
    """
    plain: Table = {}
    ranges: dict[str, Table] = {}
    for section in VARIED:
        own = table.get(section, {})
        if not isinstance(own, dict):
            plain[section] = own
            continue
        varied = {k: v for k, v in own.items() if isinstance(v, dict) and k not in _PLAIN}
        ranges |= {f"{section}.{key}": each for key, each in varied.items()}
        plain[section] = {key: value for key, value in own.items() if key not in varied}
    return plain, ranges


def kind_of(annotation: Any) -> type[float] | None:
    """Return ``int`` or ``float`` for a field that holds a number, ``None`` for any other."""
    if get_origin(annotation) in _ONE_OF:
        return next((kind for each in get_args(annotation) if (kind := kind_of(each))), None)
    return annotation if annotation in (int, float) else None


def points(axes: tuple[SweepAxis, ...]) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield the name and the values of every point, the last axis fastest."""
    for values in product(*(axis.values for axis in axes)):
        point = dict(zip((axis.key for axis in axes), values, strict=True))
        yield point_name(point), point


def ends(axes: tuple[SweepAxis, ...]) -> Iterator[dict[str, float]]:
    """Yield the lowest and the highest point: what both may be, all between them may."""
    for end in (0, -1):
        yield {axis.key: axis.values[end] for axis in axes}


def point_name(point: Mapping[str, float]) -> str:
    """Return ``learning_rate=0.001``."""
    return ",".join(f"{key.rpartition('.')[2]}={value:g}" for key, value in point.items())


def laid_over(plain: Table, point: Mapping[str, float]) -> Table:
    """Return a sweep's tables with the values of one point."""
    tables = dict(plain)
    for key, value in point.items():
        section, _, last = key.partition(".")
        tables[section] = tables[section] | {last: value}
    return tables
