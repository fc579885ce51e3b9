"""Causes that lie in the learning rate."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import numpy as np

from harness.diagnosis.answer import Finding
from harness.diagnosis.causes.exploding import out_of_nowhere
from harness.diagnosis.curve import curve
from harness.diagnosis.facts import Facts
from harness.diagnosis.rates import lowered, raised, usual

MOVED = 0.02
"""Weights that changed by less than this over a whole training hardly took part in it."""

RESTLESS = 0.1
"""Share of the highest usual rate below which swings of the loss are not owed to the rate."""


def learning_rate_too_high(facts: Facts) -> Finding | None:
    """The loss grows, jumps or sticks at a rate above the usual ones."""
    bounds, rate = usual(facts.seen.optimizer), facts.rate
    if rate is None or bounds is None:
        return None
    if out_of_nowhere(facts):
        return None
    above = rate / bounds[1]
    overshot = above >= 3 and facts.best is not None and facts.best.skill < 0
    thrown = above >= 3 and (_thrown_back(facts) or _thrown_up(facts))
    if not facts.failed and not overshot and not thrown:
        return None
    moved = facts.movement or 0.0
    if above > 1:
        strength = 0.84 if above >= 3 or facts.ending == "diverged" else 0.7
    elif facts.restless and above > RESTLESS:
        strength = 0.7
    elif facts.ending == "diverged" and above > 0.3:
        strength = 0.62
    else:
        return None
    return Finding(
        "learning_rate_too_high",
        strength,
        f"The learning rate is {rate:g} (usual for {facts.seen.optimizer.name}: at most "
        f"{bounds[1]:g}), and the loss went from {facts.curve.start:.3g} to {facts.curve.end:.3g}; "
        f"weights moved by {moved:.3g} times their size.",
        f"Lower the learning rate to {lowered(rate, bounds):.0e}.",
    )


def _thrown_back(facts: Facts) -> bool:
    """Whether the loss has lost again what it had gained, at an objective that is known."""
    curve = facts.curve
    gained, lost = curve.start - curve.best, curve.end - curve.best
    known = facts.ending != "unknown" and facts.steps >= SETTLED
    return known and gained > 0 and lost > LOST_AGAIN * gained


def _thrown_up(facts: Facts) -> bool:
    """Whether the loss was thrown far above a guess's, and a good part was never learnt."""
    best = facts.best
    if best is None or not facts.in_own_unit or not best.trivial > 0:
        return False
    return facts.curve.worst > ABOVE_A_GUESS * best.trivial and facts.reached < LEARNT


ABOVE_A_GUESS, LEARNT = 3.0, 0.9
"""An untrained network is near a guess: three times that loss is owed to its updates. What is
told in spite of them, nobody asks a lower rate for."""

SETTLED = 50
"""Updates from which a tenth of them has a level of its own."""

LOST_AGAIN = 0.1
"""Share of the whole fall by which the loss ends above the lowest level it had."""


def learning_rate_too_low(facts: Facts) -> Finding | None:
    """Weights hardly move at a rate below the usual ones."""
    bounds, rate = usual(facts.seen.optimizer), facts.rate
    if facts.ending == "diverged" or rate is None or bounds is None:
        return None
    cost = facts.failed or facts.lags or _still_fell(facts, bounds[0])
    if cost and (fallen := _schedule_that_fell(facts, rate, bounds[0])) is not None:
        return fallen
    if not facts.failed and not (rate < bounds[0] and facts.steep):
        return None
    if (unfinished := _schedule_that_never_rose(facts, rate)) is not None:
        return unfinished
    below = bounds[0] / rate if rate > 0 else 1e9
    moved = facts.movement
    still = moved is not None and moved < MOVED
    if below <= 1 and not still:
        return None
    falling = facts.curve.slope_over_noise > 2 or facts.plateau is not None
    if below > 8 or (below > 1 and still):
        strength = 0.83
    elif below > 1:
        strength = 0.72 if falling or still else 0.62
    else:
        slow = moved is not None and moved < SLOW * facts.steps and facts.steps >= 40
        strength = 0.68 if slow and facts.ending == "bad" else 0.64 if facts.steps > 60 else 0.5
    return Finding(
        "learning_rate_too_low",
        strength,
        f"The learning rate is {rate:g} (usual for {facts.seen.optimizer.name}: at least "
        f"{bounds[0]:g}); weights moved by {moved or 0:.2g} of their size in {facts.steps} updates "
        f"(threshold {MOVED:g}).",
        f"Raise the learning rate to {raised(rate, bounds):.0e}.",
    )


SLOW = 1 / 2000
"""Share of their size that weights move by in an update: at less, several times as many updates are
not enough either."""

ROSE = 0.3
"""Share of the rate that a schedule is made for: below it, what trained is another rate."""


def _schedule_that_never_rose(facts: Facts, rate: float) -> Finding | None:
    """All of the training happened before a schedule had risen to its rate."""
    meant = facts.seen.optimizer.meant
    if meant is None or rate > ROSE * meant or facts.steps < 10:
        return None
    return Finding(
        "learning_rate_too_low",
        0.82,
        f"The schedule is made for a rate of {meant:g}, and the highest in {facts.steps} updates "
        f"was {rate:g} (threshold {ROSE:.0%} of it): training ended before it had risen.",
        "Tell the schedule as many steps as there are updates, and step it after each update.",
    )


def _schedule_that_fell(facts: Facts, rate: float, lowest: float) -> Finding | None:
    """A schedule took the rate away long before the training was over."""
    rates = np.asarray(facts.seen.optimizer.rates)
    if len(rates) < 10 or rates[-1] > FELL * rate or not facts.steps_an_epoch:
        return None
    half = float(np.median(rates))
    if half > FELL * lowest:
        return None
    gone = int(np.argmax(rates <= FELL * lowest)) * facts.steps // len(rates)
    hasty = gone < max(3 * facts.steps_an_epoch, HASTY * facts.steps)
    still = facts.movement is not None and facts.movement < MOVED
    if not (hasty or still or facts.ending == "bad" or _still_fell(facts, lowest)):
        return None  # lowered as it was meant to be: what was to be learnt had its time
    return Finding(
        "learning_rate_too_low",
        0.83,
        f"The schedule lowered the learning rate from {rate:g} to {rates[-1]:.2g} (usual for "
        f"{facts.seen.optimizer.name}: at least {lowest:g}), and below {FELL * lowest:.2g} after "
        f"{gone} of {facts.steps} updates.",
        "Step the schedule once an epoch, not after each batch; in Keras raise decay_steps, or the "
        "patience of the callback."
        if hasty
        else "Lower the rate later, or by less: step the schedule once an epoch, or raise its "
        "step_size or gamma.",
    )


def _still_fell(facts: Facts, lowest: float) -> bool:
    """Whether the loss was falling, with much left to gain, when the last usual rate was over."""
    rates = np.asarray(facts.seen.optimizer.rates)
    usual_ones = np.flatnonzero(rates >= lowest)
    if not len(usual_ones):
        return False
    over = (int(usual_ones[-1]) + 1) * facts.steps // len(rates)
    return facts.goes_on(curve(facts.seen.losses[:over]))


HASTY = 0.25
"""Share of the updates by which no schedule that is meant to end low has taken the rate away."""

FELL = 0.1
"""Share of the lowest usual rate at which half of the updates, or more, do next to nothing."""


RATES = (learning_rate_too_high, learning_rate_too_low)
