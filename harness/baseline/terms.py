"""On which terms a case is held against what was accepted of it."""

from dataclasses import dataclass

from harness.results.declaration import Declaration
from harness.scenario.vocabulary import MARGIN, Direction, Pairing


@dataclass(frozen=True)
class Terms:
    """How two sides are compared.

    Attributes:
        margin: relative change that is tolerated.
        pairing: whether the same seeds are compared in pairs.
        direction: which change was asked for.
        upward: whether a higher mean at the end of the budget is better; ``None`` where the claim
            is about epochs.
    """

    margin: float = MARGIN
    pairing: Pairing = "seed"
    direction: Direction = "two-sided"
    upward: bool | None = None

    @classmethod
    def of(cls, declared: Declaration) -> "Terms":
        """Return what a case declares."""
        criterion = declared.criterion
        upward = criterion.upward if criterion.of_mean else None
        return cls(declared.margin, declared.pairing, declared.direction, upward)
