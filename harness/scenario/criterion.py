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

    @property
    def mean_at_least(self) -> float | None:
        """The level that the mean over seeds has to reach at the end of the budget."""

    @property
    def mean_at_most(self) -> float | None:
        """The level that the mean over seeds has to fall to at the end of the budget."""


@dataclass(frozen=True)
class Criterion:
    """A bound on a metric: of each seed, held for a number of evaluations, or of their mean.

    Attributes:
        metric: what is measured, ``accuracy``.
        on: which records, train or validation; ``None`` where the training itself decides.
        at_least, at_most: the bound of each seed.
        hold: evaluations in a row that have to meet it.
        mean_at_least, mean_at_most: the bound of the mean over seeds at the end of the budget;
            of all four bounds one is not ``None``.
    """

    metric: str
    on: Side | None = "train"
    at_least: float | None = None
    at_most: float | None = None
    hold: int = 1
    mean_at_least: float | None = None
    mean_at_most: float | None = None

    @classmethod
    def of(cls, rule: ConvergenceRule) -> "Criterion":
        """Return what a case declares."""
        of_mean = rule.mean_at_least, rule.mean_at_most
        return cls(rule.metric, rule.on, rule.at_least, rule.at_most, rule.hold, *of_mean)

    @property
    def of_mean(self) -> bool:
        """Whether the claim is about the mean over seeds: each trains its whole budget."""
        return self.at_least is None and self.at_most is None

    @property
    def upward(self) -> bool:
        """Whether the metric has to lie above the bound."""
        return self.at_least is not None or self.mean_at_least is not None

    @property
    def bound(self) -> float:
        """The level that the metric has to cross."""
        bounds = (self.at_least, self.at_most, self.mean_at_least, self.mean_at_most)
        return next(bound for bound in bounds if bound is not None)

    def __str__(self) -> str:
        """Say it as a phrase: ``train accuracy >= 1, held 2``."""
        sign = ">=" if self.upward else "<="
        held = f", held {self.hold}" if self.hold > 1 else ""
        mean = "mean" if self.of_mean else ""
        return " ".join(filter(None, (mean, self.on, self.metric, sign, f"{self.bound:g}{held}")))
