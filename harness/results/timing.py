"""How long a step takes, and how that compares with the accepted time."""

from dataclasses import dataclass, field
from typing import Literal

Status = Literal["none", "same", "slower", "faster", "too_noisy", "too_few"]


@dataclass(frozen=True)
class TimingComparison:
    """New seconds a step against accepted ones.

    Attributes:
        status: none without an accepted time, same, slower, faster, too_noisy or too_few (rounds).
        ratio: fastest new round over fastest accepted one; ``None`` without rounds.
        sentence: for a person.
    """

    status: Status = "none"
    ratio: float | None = None
    sentence: str = ""


@dataclass(frozen=True)
class Timing:
    """A benchmarked step.

    Attributes:
        seconds_per_step: median of the rounds.
        rounds: each in units of the calibration workload that was timed beside it.
        comparison: with the accepted time of this very case.
    """

    seconds_per_step: float
    rounds: tuple[float, ...] = ()
    comparison: TimingComparison = field(default_factory=TimingComparison)
