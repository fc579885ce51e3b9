"""How a case's training differs from the accepted one, as results hold it."""

from dataclasses import dataclass, field
from typing import Literal

from harness.results.bands import Band
from harness.scenario.vocabulary import Direction

Status = Literal["same", "slower", "faster", "changed", "missing", "none", "not_comparable"]

Answer = Literal["identical", "same", "changed", "regressed", "improved"]

FAILING: dict[Direction, frozenset[Status]] = {
    "two-sided": frozenset({"slower", "faster", "changed", "missing"}),
    "slower": frozenset({"slower", "missing"}),
    "faster": frozenset({"faster", "missing"}),
}
"""Unless one direction was asked for, faster fails too: several silent faults make training faster,
and either way the accepted baseline no longer says what training does. So does a case of which
nothing is known."""

ANSWERS: dict[Status, Answer] = {
    "same": "same",
    "slower": "regressed",
    "faster": "improved",
    "changed": "changed",
}


@dataclass(frozen=True)
class Comparison:
    """What a comparison found; all numbers are ``None`` where nothing was tested.

    Attributes:
        status: none without an accepted result, missing without a new one, not_comparable, or how
            training differs.
        sentence: for a person: effect, interval, p-value and power.
        refused: whether the case fails by it; where baselines are updated it is only told.
        direction: which change was asked for, and fails.
        identical: whether every recorded curve is, bit for bit, what was accepted; ``None`` where
            that is not known.
        measure: loss (half-way), convergence (the criterion met), share (of seeds converged), or
            metric (at the end of the budget): where the evidence of a change is strongest.
        effect: relative change of the epochs needed, or of the metric where that is the measure,
            0.1 for 10 % more; ``None`` if not finite.
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
        accepted_bands: of the accepted seeds' "loss" and judged "metric", where they were kept.
    """

    status: Status = "none"
    sentence: str = ""
    refused: bool = False
    direction: Direction = "two-sided"
    identical: bool | None = None
    measure: Literal["loss", "convergence", "share", "metric"] | None = None
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
    accepted_bands: dict[str, Band] = field(default_factory=dict)

    @property
    def regressed(self) -> bool:
        """Whether the accepted results no longer say what training does."""
        return self.status in FAILING[self.direction]

    @property
    def answer(self) -> Answer | None:
        """What became of training in one word, ``None`` where nothing could be compared.

        *Identical* is bit for bit, *same* is within what rounding or seeds explain; *changed* is
        beyond that, yet neither better nor worse by more than the margin.
        """
        if self.identical and self.status == "same":
            return "identical"
        return ANSWERS.get(self.status)

    @property
    def tested(self) -> bool:
        """Whether seeds were on both sides."""
        return all(self.seeds)
