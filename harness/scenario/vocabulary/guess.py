"""What a metric is held against: the best guess that looks at nothing, or at one value only."""

from dataclasses import dataclass

LEAST_SKILL = 0.05
"""A twentieth of the guess's error: as little as counts as standing still in a loss."""


@dataclass(frozen=True)
class Guess:
    """The best trivial guess on a set of records.

    Attributes:
        by: what is guessed, in words: the majority class, the mean, the last value.
        value: the metric that it reaches.
        perfect: the metric of a model that makes no error.
        tolerance: the skill up to which a model is no better: twice the standard error that the
            guess's own error has on so many records, in units of that error, or `LEAST_SKILL`.
    """

    by: str
    value: float
    perfect: float
    tolerance: float

    def skill(self, value: float) -> float:
        """Return one minus the error of a metric over the guess's (Murphy 1988): at most 1."""
        return 1 - (self.perfect - value) / (self.perfect - self.value)

    @property
    def of_skill(self) -> "Guess":
        """Itself where what is measured is skill, of which it has none."""
        return Guess(self.by, 0.0, 1.0, self.tolerance)

    def matches(self, value: float) -> bool:
        """Whether a metric is no better than the guess's."""
        return self.skill(value) <= self.tolerance


@dataclass(frozen=True)
class Guesses:
    """The best trivial guesses on both sets; ``None`` where there is none or it makes no error."""

    train: Guess | None = None
    validation: Guess | None = None
