"""Causes that lie in how training is set up: rate, batch, budget, and gradients that explode."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import numpy as np

from harness.diagnosis.answer import Finding
from harness.diagnosis.facts import STILL, Facts
from harness.diagnosis.qualities import TOLD
from harness.diagnosis.rates import ADAPTIVE, lowered, raised, usual

MOVED = 0.02
"""Weights that changed by less than this over a whole training hardly took part in it."""

CLIP = "Clip gradients: clip_grad_norm_(model.parameters(), 1.0), in Keras clipnorm=1.0."


def learning_rate_too_high(facts: Facts) -> Finding | None:
    """The loss grows, jumps or sticks at a rate above the usual ones."""
    bounds, rate = usual(facts.seen.optimizer), facts.rate
    if rate is None or bounds is None:
        return None
    if _out_of_nowhere(facts):
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
    if not facts.failed and not (rate < bounds[0] and _steep(facts)):
        return None
    if (unfinished := _schedule_that_never_rose(facts, rate)) is not None:
        return unfinished
    if (fallen := _schedule_that_fell(facts, rate, bounds[0])) is not None:
        return fallen
    below = bounds[0] / rate if rate > 0 else 1e9
    moved = facts.movement
    still = moved is not None and moved < MOVED
    if below <= 1 and not still:
        return None
    falling = facts.curve.slope_over_noise > 2
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
    if len(rates) < 10 or rate < lowest or not facts.steps_an_epoch:
        return None
    half = float(np.median(rates))
    if half > FELL * lowest:
        return None
    gone = int(np.argmax(rates <= FELL * lowest)) * facts.steps // len(rates)
    hasty = gone < 3 * facts.steps_an_epoch
    if not hasty and (facts.movement is None or facts.movement >= MOVED):
        return None  # lowered as it was meant to be: what was to be learnt had its time
    return Finding(
        "learning_rate_too_low",
        0.83,
        f"The schedule lowered the learning rate from {rate:g} to {rates[-1]:.2g} (usual for "
        f"{facts.seen.optimizer.name}: at least {lowest:g}), and below {FELL * lowest:.2g} after "
        f"{gone} of {facts.steps} updates.",
        "Step the schedule once an epoch, not after each batch."
        if hasty
        else "Lower the rate later, or by less: step the schedule once an epoch, or raise its "
        "step_size or gamma.",
    )


FELL = 0.1
"""Share of the lowest usual rate at which half of the updates, or more, do next to nothing."""


def exploding_gradient(facts: Facts) -> Finding | None:
    """Gradients grow beyond any use at a rate that is usual."""
    if facts.ending not in {"diverged", "bad"}:
        return None
    return _of_gradients(facts) or _of_a_jump(facts)


def _of_a_jump(facts: Facts) -> Finding | None:
    """One update of an unclipped recurrent network threw its weights away, and it stayed so."""
    kinds = {p.layer for p in facts.seen.parameters}
    recurrent = any(name in kind for kind in kinds for name in ("RNN", "LSTM", "GRU"))
    losses, moved = facts.seen.losses, facts.movement
    bounds, rate = usual(facts.seen.optimizer), facts.rate
    if not recurrent or facts.seen.optimizer.clip or moved is None or moved < 1 or bounds is None:
        return None
    if rate is None or rate > bounds[1] or facts.steps < 20:
        return None
    before = np.maximum.accumulate(losses)[:-1]
    jump = float(np.max(losses[1:] / np.maximum(before, 1e-12)))
    highest = float(np.max(losses) / np.median(losses))
    if jump < JUMPED or highest < JUMPED:
        return None
    return Finding(
        "exploding_gradient",
        0.68,
        f"At a usual learning rate the loss jumped to {jump:.2g} times the highest before in one "
        f"update (threshold {JUMPED:g}), and the network, whose gradients are not clipped, did not "
        f"recover.",
        CLIP,
    )


JUMPED = 2.0
"""Losses of batches differ by less: one that is twice the worst before is owed to the weights."""


def _of_gradients(facts: Facts) -> Finding | None:
    norms = [max(p.gradients) for p in facts.seen.parameters if p.gradients]
    first = facts.first_gradient
    if first is None or not norms:
        return None
    largest = float(np.max(norms))  # NaN if any is
    if first > HUGE:
        return Finding(
            "exploding_gradient",
            0.8,
            f"The gradient's norm is {first:.3g} at the first update (threshold {HUGE:g}).",
            CLIP,
        )
    bounds, rate = usual(facts.seen.optimizer), facts.rate
    at_usual = bounds is not None and rate is not None and rate <= bounds[1]
    broken = not np.isfinite(largest) or not facts.curve.finite or facts.overflowed
    if broken and _out_of_nowhere(facts):
        return None
    grown = not largest < GROWN * max(first, 1e-6)
    swollen = facts.ending == "diverged" and (broken or not largest < SWOLLEN * first)
    if grown or (at_usual and swollen):
        what = "and the loss is no number any more" if broken else f"(threshold {SWOLLEN:g} times)"
        return Finding(
            "exploding_gradient",
            0.8 if grown and at_usual and facts.ending == "bad" else 0.66,
            f"At a usual learning rate the gradient's norm grew from {first:.3g} to "
            f"{largest:.3g} {what}.",
            CLIP,
        )
    return None


def _out_of_nowhere(facts: Facts) -> bool:
    """Whether an adaptive optimizer's first update made weights that are no numbers.

    Each of its steps is about as long as its rate, whatever the gradient: from finite gradients
    it cannot explode, so that its own arithmetic fails (an epsilon that is rounded to zero).
    """
    bounds, losses = usual(facts.seen.optimizer), facts.seen.losses
    adaptive = any(kind in facts.seen.optimizer.name for kind in ADAPTIVE)
    usual_rate = bounds is not None and facts.rate is not None and facts.rate <= bounds[1]
    first = facts.first_gradient
    calm = first is not None and np.isfinite(first) and first < CALM
    bad = np.flatnonzero(~np.isfinite(losses))
    return adaptive and usual_rate and calm and len(bad) > 0 and int(bad[0]) == 1


CALM = 10.0
"""Norm of a first gradient after which no step of an adaptive optimizer is a long one."""

RESTLESS = 0.1
"""Share of the highest usual rate below which swings of the loss are not owed to the rate."""

SWOLLEN = 100.0
"""Growth that no healthy training shows: gradients shrink as the loss falls."""

HUGE = 1e3
GROWN = 1e4


def batch_too_large(facts: Facts) -> Finding | None:
    """Nearly all records in one batch: an epoch is an update or two."""
    per_epoch, loop = facts.steps_an_epoch, facts.seen.loop
    if facts.ending not in {"bad", "partial"} or per_epoch is None or not loop.batch:
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
    few = facts.steps < 60 or (facts.seen.epochs or 99) <= 3
    improving = (curve.slope_over_noise > 2 and curve.falling > (LEVEL if few else SLOWED)) or (
        curve.falling > 0.25 and (curve.slope_over_noise > 1 or abs(curve.drop) > STILL)
    )
    behind = facts.behind > BEHIND or _hardly_begun(facts) or _steep(facts)
    stopped_early = improving and few and behind
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


def _hardly_begun(facts: Facts) -> bool:
    """A handful of updates that all still gain, with much left to gain."""
    return facts.steps < HANDFUL and facts.reached < 0.8 and facts.curve.falling > 0.1


def _steep(facts: Facts) -> bool:
    """Much is left to gain, and a good part of the fall came at the end: it goes on."""
    curve = facts.curve
    return facts.reached < 0.8 and curve.falling > STEEP and curve.slope_over_noise > 3


LEVEL = 0.02
"""Share of the fall in the last fifth of the updates below which more of them gain nothing."""

SLOWED = 0.1
"""The same after more than a few epochs: half of what a fifth brings on average, and slowing."""

STEEP = 0.15
"""Share of the fall in the last fifth of the updates: nearly as much as in any other fifth."""

HANDFUL = 30
"""Updates in all: an epoch of a small example has more."""

BEHIND = 0.15
"""Points that a simple model is better after three epochs at most: more of them would tell."""


CAUSES = (
    learning_rate_too_high,
    learning_rate_too_low,
    exploding_gradient,
    batch_too_large,
    too_few_epochs,
)
