"""When a run counts as converged: a bound on a metric, held for some evaluations."""

from dataclasses import dataclass
from typing import Protocol

from harness.scenario.vocabulary import Side


class ConvergenceRule(Protocol):
    """What judging a run needs to know: a section of a file, a criterion, or the like."""

    @property
    def metric(self) -> str:
        """What is measured, ``accuracy``."""

    @property
    def on(self) -> Side | None:
        """On which records; ``None`` where the training itself decides."""

    @property
    def at_least(self) -> float | None:
        """The level that the metric has to reach."""

    @property
    def at_most(self) -> float | None:
        """The level that it has to fall to."""

    @property
    def hold(self) -> int:
        """Evaluations in a row that have to meet the bound."""


@dataclass(frozen=True)
class Criterion:
    """A bound on a metric, held for a number of evaluations in a row.

    Attributes:
        metric: what is measured, ``accuracy``.
        on: which records, train or validation; ``None`` where the training itself decides.
        at_least, at_most: the bound; one of them is ``None``.
        hold: evaluations in a row that have to meet it.
    """

    metric: str
    on: Side | None = "train"
    at_least: float | None = None
    at_most: float | None = None
    hold: int = 1

    @classmethod
    def of(cls, rule: ConvergenceRule) -> "Criterion":
        """Return what a case declares."""
        return cls(rule.metric, rule.on, rule.at_least, rule.at_most, rule.hold)

    @property
    def bound(self) -> float:
        """The level that the metric has to cross."""
        bound = self.at_most if self.at_least is None else self.at_least
        assert bound is not None  # noqa: S101  # a section is refused without one
        return bound

    def __str__(self) -> str:
        """Say it as a phrase: ``train accuracy >= 1, held 2``."""
        sign = "<=" if self.at_least is None else ">="
        held = f", held {self.hold}" if self.hold > 1 else ""
        return " ".join(filter(None, (self.on, self.metric, sign, f"{self.bound:g}{held}")))
