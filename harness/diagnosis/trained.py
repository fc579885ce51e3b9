"""Whether a run of a script trained, by the engine's own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.diagnosis.facts import BEATEN, Facts
from harness.diagnosis.observations import Observations


@dataclass(frozen=True)
class Trained:
    """How a run ended.

    Attributes:
        good: whether all that it trained ended well; ``None`` where that cannot be told.
        reached: share of a trivial guess's errors that is gone, of what reached least.
    """

    good: bool | None
    reached: float

    def beside(self, best: float) -> bool:
        """Whether it trained, where other runs of the script reached ``best``."""
        return bool(self.good) and self.reached > best - BEATEN


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
        return Trained(good=None, reached=float("-inf"))
    good = all(facts.ending == "good" for facts in known)
    return Trained(good, min(facts.reached for facts in known))


def _rank(facts: Facts) -> tuple[bool, bool, float]:
    return facts.ending == "good", facts.ending != "unknown", facts.reached
