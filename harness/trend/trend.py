"""The runs of a case, one after the other, and the steps in what was measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import pairwise
from statistics import median

from harness.trend.run import MEASURES, CaseRecord, Measure, RunRecord
from harness.trend.steps import steps


@dataclass(frozen=True)
class Level:
    """What a measure was from one run to another, both included: the median."""

    first: int
    last: int
    value: float


@dataclass(frozen=True)
class Step:
    """Between two runs a measure went from one level to another.

    Attributes:
        before, after: the levels.
        last: the run before the step; the cause lies after it.
        first: the run at which the new level was met.
    """

    measure: Measure
    before: float
    after: float
    last: RunRecord
    first: RunRecord

    @property
    def change(self) -> float | None:
        """By how much, as a share of the level before; ``None`` from 0."""
        return (self.after - self.before) / abs(self.before) if self.before else None

    @property
    def versions(self) -> list[tuple[str, str, str]]:
        """What the two runs ran with differently: its name, before, after."""
        old, new = self.last.environment, self.first.environment
        pairs = ((name, old.get(name, "-"), new.get(name, "-")) for name in {**old, **new})
        return [each for each in pairs if each[1] != each[2]]


@dataclass(frozen=True)
class Trend:
    """A case on one backend and device.

    Attributes:
        runs: those that had it, the oldest commit first.
        cases: what it did in each of them.
    """

    id: str
    backend: str
    device: str
    runs: tuple[RunRecord, ...]
    cases: tuple[CaseRecord, ...]

    def values(self, measure: Measure) -> list[float | None]:
        """Return a value a run, ``None`` where it was not measured."""
        return [case.value(measure) for case in self.cases]

    @cached_property
    def levels(self) -> Mapping[Measure, tuple[Level, ...]]:
        """The levels of each measure, in order; of one that was never measured there are none."""
        return {measure: levels(self.values(measure)) for measure in MEASURES}

    @property
    def steps(self) -> list[Step]:
        """The steps of all measures, each in the order of runs."""
        return [
            Step(name, old.value, new.value, self.runs[old.last], self.runs[new.first])
            for name, found in self.levels.items()
            for old, new in pairwise(found)
        ]


def levels(values: Sequence[float | None]) -> tuple[Level, ...]:
    """Return the levels of a series, what was not measured left out."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    bounds = [0, *steps([value for _, value in known]), len(known)]
    return tuple(
        Level(known[first][0], known[end - 1][0], median(value for _, value in known[first:end]))
        for first, end in pairwise(bounds)
        if end > first
    )


def trends(runs: Sequence[RunRecord], pattern: str | None = None) -> list[Trend]:
    """Return a trend for each case, backend and device, in the order of their names.

    Args:
        runs: in order.
        pattern: of the names of cases, as a shell's (``training/*``), or a part of a name.
    """
    found: dict[tuple[str, str, str], list[tuple[RunRecord, CaseRecord]]] = {}
    for run in runs:
        for case in run.cases:
            if pattern is None or _matches(case.id, pattern):
                found.setdefault((case.id, case.backend, case.device), []).append((run, case))
    return [Trend(*key, *zip(*points, strict=True)) for key, points in sorted(found.items())]


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) if set(pattern) & set("*?[") else pattern in name
