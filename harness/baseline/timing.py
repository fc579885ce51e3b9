"""Seconds a step against the accepted ones: a gate of its own, apart from the epochs."""

import math
from dataclasses import dataclass
from typing import Literal

FACTOR = 1.25
"""A step must be this much slower to fail. Shared CI machines drift by 10 to 20 % between runs
even over a calibration workload; a lost fused kernel or a stray synchronisation costs more."""

CHANCE = 0.01
"""Largest chance, by the order of the rounds alone, of a verdict on equal speeds: 5 rounds a side
suffice, since all of one side lie above the other with chance 1 / C(10, 5) = 0.004."""

Status = Literal["same", "slower", "faster", "too_noisy", "too_few"]


@dataclass(frozen=True)
class Timing:
    """Rounds of a timed step: seconds a step over seconds of the calibration workload."""

    rounds: tuple[float, ...]

    @property
    def noise(self) -> float:
        """Slowest round over fastest, 1 without noise."""
        return max(self.rounds) / min(self.rounds)


@dataclass(frozen=True)
class TimingComparison:
    """New seconds a step against accepted ones.

    Attributes:
        status: same, slower, faster, too_noisy or too_few (rounds).
        ratio: fastest new round over fastest accepted one; ``None`` without rounds.
        sentence: for a person.
    """

    status: Status
    ratio: float | None
    sentence: str


def compare_timing(new: Timing, accepted: Timing, factor: float = FACTOR) -> TimingComparison:
    """Compare rounds; slower only if the fastest new one exceeds ``factor`` x the slowest accepted.

    Where either side scatters by more than ``factor`` itself, its scatter takes the factor's place,
    and a difference within it cannot be told from noise.
    """
    counts = len(new.rounds), len(accepted.rounds)
    if not all(counts) or 1 / math.comb(sum(counts), counts[0]) > CHANCE:
        return TimingComparison(
            "too_few", None, f"{counts[0]} v {counts[1]} timed rounds are too few to tell"
        )
    ratio = min(new.rounds) / min(accepted.rounds)
    noise = max(new.noise, accepted.noise)
    text = f"a step takes {ratio:.2f} x the accepted time (rounds scatter by {noise:.2f} x)"
    needed = max(factor, noise)
    if min(new.rounds) > needed * max(accepted.rounds):
        return TimingComparison("slower", ratio, f"{text}: slower beyond a factor of {needed:.2f}")
    if min(accepted.rounds) > needed * max(new.rounds):
        return TimingComparison("faster", ratio, f"{text}: improved, refresh the baseline")
    if noise > factor:
        return TimingComparison("too_noisy", ratio, f"{text}: too noisy to tell")
    return TimingComparison("same", ratio, text)
