"""Causes that lie in the budget: how many updates there were, and of how many records."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

from harness.diagnosis.answer import Finding
from harness.diagnosis.facts import STILL, Facts
from harness.diagnosis.qualities import TOLD


def batch_too_large(facts: Facts) -> Finding | None:
    """Nearly all records in one batch: an epoch is an update or two."""
    per_epoch, loop = facts.steps_an_epoch, facts.seen.loop
    unfinished = facts.ending == "good" and _improving(facts) and _behind(facts)
    if not (facts.ending in {"bad", "partial"} or unfinished):
        return None
    if per_epoch is None or not loop.batch:
        return None
    if "lbfgs" in facts.seen.optimizer.name:
        return None  # made for all records at once, and each of its steps is many updates
    if per_epoch > 2.5 or facts.steps > 120 or (loop.records or 0) < 64:
        return None
    return Finding(
        "batch_too_large",
        0.75,
        f"A batch holds {loop.batch} of {loop.records} records, so {facts.seen.epochs} epochs are "
        f"{facts.steps} updates.",
        "Use batches of 16 to 64 records.",
    )


def too_few_epochs(facts: Facts) -> Finding | None:
    """Stopped while the loss was still falling, or before that could be told, at a usual rate."""
    curve = facts.curve
    if "lbfgs" in facts.seen.optimizer.name:
        return None  # one step of it is a training by itself
    few, improving = _few(facts), _improving(facts)
    stopped_early = improving and few and _behind(facts)
    if facts.ending not in {"bad", "partial"} and not (facts.ending == "good" and stopped_early):
        return None
    level = facts.beyond_chance and abs(curve.slope_over_noise) < TOLD / 2  # little, all of it
    if not (improving or (few and not level)) or facts.steps > 3000:
        return None
    strength = 0.66 if improving and few else 0.6 if improving else 0.52
    when = " while" if improving else ", too early to tell whether"
    return Finding(
        "too_few_epochs",
        strength,
        f"Training stopped after {facts.steps} updates{when} the loss was still falling "
        f"({min(max(curve.falling, 0), 1):.0%} of the whole fall came in the last fifth; slope "
        f"over its error {curve.slope_over_noise:.1f}).",
        "Train for several times as many epochs, and stop when the validation loss does.",
    )


def _few(facts: Facts) -> bool:
    return facts.steps < 60 or (facts.seen.epochs or 99) <= 3


def _improving(facts: Facts) -> bool:
    """Whether the loss was still falling, by more than it does once all is learnt."""
    curve, slowed = facts.curve, LEVEL if _few(facts) else SLOWED
    steadily = curve.slope_over_noise > 2 and curve.falling > slowed
    by_much = curve.falling > 0.25 and (curve.slope_over_noise > 1 or abs(curve.drop) > STILL)
    return steadily or by_much or _waited_for(facts)


def _behind(facts: Facts) -> bool:
    """Whether more updates would show: a simple model is better, or most is left to gain."""
    return facts.lags or _hardly_begun(facts) or facts.steep


def _waited_for(facts: Facts) -> bool:
    """Stopped within a plateau that falls, where a simple model shows what lies behind it."""
    found = facts.plateau
    if found is None or found.ended or facts.ending != "bad":
        return False
    return facts.beaten and found.slope_over_noise > TOLD


def _hardly_begun(facts: Facts) -> bool:
    """A handful of updates that all still gain, with much left to gain."""
    return facts.steps < HANDFUL and facts.reached < 0.8 and facts.curve.falling > 0.1


LEVEL = 0.02
"""Share of the fall in the last fifth of the updates below which more of them gain nothing."""

SLOWED = 0.1
"""The same after more than a few epochs: half of what a fifth brings on average, and slowing."""

HANDFUL = 30
"""Updates in all: an epoch of a small example has more."""


BUDGET = (batch_too_large, too_few_epochs)
