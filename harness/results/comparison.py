"""How a case's training differs from the accepted one, as results hold it."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["same", "slower", "faster", "changed", "none", "not_comparable"]

FAILING = frozenset({"slower", "faster", "changed"})
"""Faster fails too: several silent faults make training faster, and either way the accepted
baseline no longer says what training does."""


@dataclass(frozen=True)
class Comparison:
    """What a comparison found; all numbers are ``None`` where nothing was tested.

    Attributes:
        status: none without an accepted result, not_comparable, or how training differs.
        sentence: for a person: effect, interval, p-value and power.
        refused: whether the case fails by it; where baselines are updated it is only told.
        measure: loss (half-way), convergence (the criterion met), or share (of seeds converged):
            where the evidence of a timed change is strongest.
        effect: relative change of the epochs needed, 0.1 for 10 % more; ``None`` if not finite.
        interval: 95 % interval of the effect; ``None`` is no limit.
        p_value: of no change beyond the margin, two-sided, as all Bonferroni over the measures.
        p_slower, p_faster: of no change beyond the margin, one-sided.
        p_changed: of no change beyond rounding, two-sided.
        margin: relative slow-down that is tolerated.
        detectable: smallest slow-down seen with 90 % power; ``None``: none is.
        paired: whether the same seeds are on both sides.
        seeds: how many, new and accepted.
        first_losses_differ_by: relative, at the step that exceeds rounding most; ``None`` if
            unpaired.
        rounding_explains: how much of that may be rounding.
    """

    status: Status = "none"
    sentence: str = ""
    refused: bool = False
    measure: Literal["loss", "convergence", "share"] | None = None
    effect: float | None = None
    interval: tuple[float | None, float | None] = (None, None)
    p_value: float | None = None
    p_slower: float | None = None
    p_faster: float | None = None
    p_changed: float | None = None
    margin: float | None = None
    detectable: float | None = None
    paired: bool = False
    seeds: tuple[int, int] = (0, 0)
    first_losses_differ_by: float | None = None
    rounding_explains: float | None = None

    @property
    def regressed(self) -> bool:
        """Whether the accepted results no longer say what training does."""
        return self.status in FAILING

    @property
    def tested(self) -> bool:
        """Whether seeds were on both sides."""
        return all(self.seeds)
