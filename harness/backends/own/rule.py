"""When an own training has converged: bounds on metrics that it names itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.history import Floats

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
        low = self.at_least is None or value >= self.at_least
        high = self.at_most is None or value <= self.at_most
        return low and high and value == value  # noqa: PLR0124  # NaN differs from itself


@dataclass(frozen=True)
class Rule:
    """When a run is over.

    Attributes:
        bounds: all have to be met at once.
        hold: evaluations in a row.
        budget: evaluations; ``None``: until the training ends by itself.
        time_limit: wall-clock seconds per seed, looked at after each evaluation.
    """

    bounds: tuple[Bound, ...]
    hold: int = 1
    budget: int | None = None
    time_limit: float | None = None

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names that every evaluation must hold."""
        return tuple(bound.metric for bound in self.bounds)

    @property
    def judged_metric(self) -> Bound:
        """What reports show: the bounded metric, or of several how many bounds are met."""
        only, *others = self.bounds
        return Bound(ALL_BOUNDS, at_least=1.0) if others else only

    def judged(self, row: Mapping[str, float]) -> float:
        """Return the judged metric of one evaluation."""
        if len(self.bounds) == 1:
            return row[self.bounds[0].metric]
        return sum(bound.met(row[bound.metric]) for bound in self.bounds) / len(self.bounds)

    def holds(self, rows: Sequence[Mapping[str, float]]) -> bool:
        """Whether the last ``hold`` evaluations meet all bounds."""
        latest = rows[-self.hold :]
        return len(latest) == self.hold and all(
            bound.met(row[bound.metric]) for row in latest for bound in self.bounds
        )

    def shortfall(self, judged: Floats) -> Floats:
        """Return how far the judged metric is from its bound: the loss of who yields none."""
        bound = self.judged_metric
        if bound.at_least is not None:
            return bound.at_least - judged
        return judged - (bound.at_most or 0.0)
