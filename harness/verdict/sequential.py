"""Wald's sequential probability ratio test of a claimed rate over seeds.

Source: A. Wald, "Sequential Tests of Statistical Hypotheses", Ann. Math. Stat. 16 (1945), 117-186.
"""

import math
from collections.abc import Iterable, Sequence
from enum import StrEnum

INDIFFERENCE = 0.3
"""A rate this far below the claimed one refutes the claim; in between either answer is right."""

ERROR_RATE = 0.01
"""Of refuting a true claim, and of confirming a refuted one (Wald's bounds on both)."""

_BOUND = math.log((1 - ERROR_RATE) / ERROR_RATE)


class Decision(StrEnum):
    """What the seeds say about a claimed rate."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


def decide(agrees: Iterable[bool], rate: float) -> tuple[Decision, int]:
    """Test the claim that at least ``rate`` of all seeds agree.

    Args:
        agrees: whether each seed behaved as claimed, in seed order.
        rate: the claimed share, in (0.5, 1).

    Returns:
        The decision of the first seeds that suffice for one, and how many those were. Later
        seeds cannot change it, so the answer does not depend on how many ran at once.
    """
    gain, loss = _steps(rate)
    evidence, seen = 0.0, 0
    for seen, agreed in enumerate(agrees, 1):
        evidence += gain if agreed else loss
        if evidence >= _BOUND:
            return Decision.CONFIRMED, seen
        if evidence <= -_BOUND:
            return Decision.REFUTED, seen
    return Decision.UNDECIDED, seen


def needed_to_confirm(agrees: Sequence[bool], rate: float) -> int:
    """Return how many seeds confirm a claim if these are undecided and all later ones agree."""
    gain, loss = _steps(rate)
    evidence = sum(gain if agreed else loss for agreed in agrees)
    return len(agrees) + math.ceil((_BOUND - evidence) / gain)


def needed_to_decide(agrees: Sequence[bool], rate: float) -> int:
    """Return the fewest further seeds that can decide a claim; 0 where it is decided."""
    if decide(agrees, rate)[0] is not Decision.UNDECIDED:
        return 0
    gain, loss = _steps(rate)
    evidence = sum(gain if agreed else loss for agreed in agrees)
    return min(math.ceil((_BOUND - evidence) / gain), math.ceil((_BOUND + evidence) / -loss))


def _steps(rate: float) -> tuple[float, float]:
    """Return what a seed that agrees, and one that does not, adds to the evidence."""
    refuting = rate - INDIFFERENCE
    return math.log(rate / refuting), math.log((1 - rate) / (1 - refuting))
