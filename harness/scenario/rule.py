"""When an own training has converged: bounds on metrics that it names itself."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.scenario.criterion import Criterion

ALL_BOUNDS = "share of bounds met"
"""The judged metric where several are bounded: it has to reach 1."""


@dataclass(frozen=True)
class Bound:
    """A metric and the level that it has to reach, from below or from above."""

    metric: str
    at_least: float | None = None
    at_most: float | None = None

    def met(self, value: float) -> bool:
        """Whether a value meets the bound; NaN never does."""
        low = -math.inf if self.at_least is None else self.at_least
        high = math.inf if self.at_most is None else self.at_most
        return low <= value <= high


@dataclass(frozen=True)
class Rule:
    """When a run is over.

    Attributes:
        bounds: all have to be met at once.
        hold: evaluations in a row.
        budget: evaluations; ``None``: until the training ends by itself.
        time_limit: wall-clock seconds per seed, looked at after each evaluation.
        of_mean: whether the one bound is of the mean over seeds, each of which trains to its end.
    """

    bounds: tuple[Bound, ...]
    hold: int = 1
    budget: int | None = None
    time_limit: float | None = None
    of_mean: bool = False

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names that every evaluation must hold."""
        return tuple(dict.fromkeys(bound.metric for bound in self.bounds))

    @property
    def criterion(self) -> Criterion:
        """What is judged: the bounded metric, or of several how many bounds are met."""
        only, *others = self.bounds
        if others:
            return Criterion(ALL_BOUNDS, None, at_least=1.0, hold=self.hold)
        if self.of_mean:
            return Criterion(
                only.metric, None, mean_at_least=only.at_least, mean_at_most=only.at_most
            )
        return Criterion(only.metric, None, only.at_least, only.at_most, self.hold)

    def judged(self, row: Mapping[str, float]) -> float:
        """Return the judged metric of one evaluation."""
        if len(self.bounds) == 1:
            return row[self.bounds[0].metric]
        return sum(bound.met(row[bound.metric]) for bound in self.bounds) / len(self.bounds)

    def holds(self, rows: Sequence[Mapping[str, float]]) -> bool:
        """Whether the last ``hold`` evaluations meet all bounds; never where a mean has to."""
        if self.of_mean:
            return False
        latest = rows[-self.hold :]
        return len(latest) == self.hold and all(
            bound.met(row[bound.metric]) for row in latest for bound in self.bounds
        )
