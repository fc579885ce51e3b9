"""What a comparison of curves says to a person."""

import math

from harness.curves.comparison import CurveComparison
from harness.curves.effects import Effect

_MEASURES = {
    "final": "final level",
    "run": "level over the run",
    "steps": "steps to the same levels",
}
_FLOORS = {
    "none": "too few steps for a noise floor: judged by the tolerance alone",
    "scatter": "noise floor from the scatter within the curves: there are no repeats, so what "
    "another seed changes is not known",
    "repeats": "noise floor from the spread of repeats",
    "pairs": "noise floor from the differences of runs of the same name",
}


def sentence(found: CurveComparison) -> str:
    """Say what changed, by how much, how sure that is, and what would have been seen."""
    if found.reason:
        return found.reason
    if found.status == "identical":
        return f"bit for bit, {found.points} steps of {found.runs[0]} run" + "s" * (
            found.runs[0] > 1
        )
    changes = "; ".join(map(_effect, found.effects))
    seen = [e for e in found.effects if e.measure != "steps" and e.detectable is not None]
    power = ""
    if seen:
        least = min(_finite(each.detectable) for each in seen)
        power = f"; a level worse by {_percent(least)} is seen in 9 of 10 such comparisons"
    tolerated = f"tolerated: {100 * found.tolerance:.2g} %"
    return f"{changes}; {tolerated}; {_FLOORS[found.floor]}{power}"


def _effect(effect: Effect) -> str:
    text = f"{_MEASURES[effect.measure]} {_percent(effect.change)}"
    if effect.low is None or effect.high is None:
        return text
    return f"{text} ({_percent(effect.low)} to {_percent(effect.high)})"


def _finite(value: float | None) -> float:
    return math.inf if value is None else value


def _percent(change: float) -> str:
    if math.isinf(change):
        return "never" if change > 0 else "at once"
    return f"{100 * change:+.2g} %"
