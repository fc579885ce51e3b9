"""When a run counts as converged, as results say it."""

from dataclasses import dataclass

from harness.scenario import Converged
from harness.scenario.vocabulary import Side


@dataclass(frozen=True)
class Criterion:
    """A bound on a metric, held for a number of evaluations in a row.

    Attributes:
        metric: what is measured, ``accuracy``.
        on: which records, train or validation.
        at_least, at_most: the bound; one of them is ``None``.
        hold: evaluations in a row that have to meet it.
    """

    metric: str
    on: Side
    at_least: float | None = None
    at_most: float | None = None
    hold: int = 1

    @classmethod
    def of(cls, converged: Converged) -> "Criterion":
        """Return what a case declares."""
        return cls(**converged.model_dump())

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
        return f"{self.on} {self.metric} {sign} {self.bound:g}{held}"
