"""Whether a run of a script trained, by the engine's own words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.diagnosis.facts import BEATEN, Ending, Facts
from harness.diagnosis.observations import Observations

ORDER: tuple[Ending, ...] = ("diverged", "bad", "partial", "good")
"""From the worst to the best."""


@dataclass(frozen=True)
class Trained:
    """How a run ended.

    Attributes:
        ending: of what it trained; the worst, if that was several networks.
        reached: share of a trivial guess's errors that is gone, of what reached least; where a
            guess cannot be told, of the loss at the start.
    """

    ending: Ending
    reached: float

    @property
    def known(self) -> bool:
        """Whether anything can be said of it."""
        return self.ending != "unknown" or math.isfinite(self.reached)

    def beside(self, written: float, best: float) -> bool:
        """Whether it trained, where runs of the script as it is written reached so much.

        Args:
            written: median of what those reached.
            best: the same, or of runs with an edit if that is more.
        """
        if self.ending in {"bad", "diverged"} or self.reached <= best - BEATEN:
            return False
        return self.ending == "good" or self.reached > written + BEATEN


def layers(seen: Observations) -> tuple[Any, ...]:
    """What trainings of one kind share: their layers, whatever the widths, and their loss."""
    kinds = tuple(sorted((each.layer, len(each.shape)) for each in seen.parameters))
    return seen.framework, seen.loss.kind, kinds


def trained(seen: Sequence[Observations]) -> Trained:
    """Judge a run by its trainings.

    Of those of the same layers the best counts, of stages the last one, as for a diagnosis.
    """
    last = [each for each in seen if not each.continued] or list(seen)
    groups: dict[Any, list[Facts]] = {}
    for each in last:
        if len(each.losses):
            groups.setdefault(layers(each), []).append(Facts(each))
    best = [max(group, key=_rank) for group in groups.values()]
    known = [facts for facts in best if facts.ending != "unknown"]
    if not known:
        return Trained("unknown", min((facts.reached for facts in best), default=-math.inf))
    worst = min((facts.ending for facts in known), key=ORDER.index)
    return Trained(worst, min(facts.reached for facts in known))


def _rank(facts: Facts) -> tuple[int, float]:
    return (ORDER.index(facts.ending) if facts.ending in ORDER else -1), facts.reached
