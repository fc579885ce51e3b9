"""Gradients that explode at a rate that is usual."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import numpy as np

from harness.diagnosis.answer import Finding
from harness.diagnosis.facts import Facts
from harness.diagnosis.rates import ADAPTIVE, usual

CLIP = "Clip gradients: clip_grad_norm_(model.parameters(), 1.0), in Keras clipnorm=1.0."


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
    if broken and out_of_nowhere(facts):
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


def out_of_nowhere(facts: Facts) -> bool:
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

SWOLLEN = 100.0
"""Growth that no healthy training shows: gradients shrink as the loss falls."""

HUGE = 1e3
GROWN = 1e4
