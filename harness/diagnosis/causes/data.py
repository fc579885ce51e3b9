"""Causes that lie in the records: their values, and what they say."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import numpy as np

from harness.diagnosis.answer import Finding
from harness.diagnosis.causes.imbalance import class_imbalance
from harness.diagnosis.causes.model import SATURATED
from harness.diagnosis.causes.updates import BEST
from harness.diagnosis.facts import Facts
from harness.diagnosis.last_value import FOLLOWS, GAINED, last_value
from harness.diagnosis.qualities import TOLD

OFFSET = 10.0
"""Inputs this far from zero, or this spread: gates of sigmoid and tanh saturate near 5, and
weights of usual size times 10 are beyond that (LeCun et al. 1998, Efficient BackProp, 4.3)."""

RATIO = 300.0
"""Largest spread of a feature over the smallest: the loss's curvature grows with its square."""

LARGE_TARGET = 8.0
"""Targets this many times the scale of an untrained output (about one)."""

SMALL_TARGET = 0.05
"""Half the spread of an untrained output, which is about 0.1: what an update of a usual size leaves
undone hides them."""


def non_finite_data(facts: Facts) -> Finding | None:
    """A value that is not finite before training could have made it."""
    bad = facts.seen.non_finite
    if bad is None or not (
        bad.place in {"input", "target"}
        or (bad.step == 0 and bad.place not in {"gradient", "weight", "logarithm"})
    ):
        return None
    where = f" ({bad.where})" if bad.where else ""
    return Finding(
        "non_finite_data",
        0.99 if bad.place in {"input", "target"} else 0.97,  # of a loss the layers may be the cause
        f"The first value that is not finite is in the {bad.place}{where} at update "
        f"{bad.step + 1}: it was there before any update could have caused it.",
        "Check the data with isfinite before training: drop or fill missing values, and guard "
        "log(0) and division by a zero spread.",
    )


def unnormalized_inputs(facts: Facts) -> Finding | None:
    """Inputs far from zero or of very different scales, and nothing learnt from them."""
    size = facts.inputs
    shut = _shuts_first_layer(facts)
    if size is None or not (facts.failed or shut):
        return None
    simple = facts.learnable
    if simple is not None and not simple.found and simple.records >= 200:
        return None
    remedy = "Standardise each feature with the training records' mean and standard deviation."
    if size.offset >= OFFSET and size.offset > 2 * size.spread:
        what = f"a feature's mean is {size.offset:.3g}, its spread {size.spread:.3g} or less"
    elif size.spread >= OFFSET:
        what = f"a feature's standard deviation is {size.spread:.3g}"
    elif size.ratio >= RATIO:
        what = f"features' standard deviations differ by a factor of {size.ratio:.3g}"
    elif size.largest < 0.02 and size.spread > 0:
        what = f"the largest value is {size.largest:.2g}"
    else:
        return None
    return Finding(
        "unnormalized_inputs",
        0.84 if shut else 0.82,
        f"{what[0].upper()}{what[1:]} (usual: 0 and 1; threshold {OFFSET:g}), and the network "
        f"reached {max(facts.reached, 0):.0%} of what can be reached.",
        remedy,
    )


def _shuts_first_layer(facts: Facts) -> bool:
    """Whether the first activation lies at its bounds from the start to the end, and it costs.

    Its inputs do that, not the network: beyond the tenfold of what is usual, whatever it learns.
    """
    size = facts.inputs
    bounded = [layer for layer in facts.seen.layers if layer.saturated and (layer.width or 0) > 1]
    if size is None or not bounded or bounded[0].activation not in {"tanh", "sigmoid"}:
        return False
    shut = min(bounded[0].saturated or (0.0, 0.0)) > SATURATED
    return shut and max(size.offset, size.spread) >= OFFSET and facts.reached < BEST


def unscaled_targets(facts: Facts) -> Finding | None:
    """A regression whose targets are far from what an untrained network puts out."""
    size = facts.targets
    if (
        size is None
        or not facts.failed
        or facts.seen.loss.function in {"sigmoid", "tanh", "softmax"}
    ):
        return None
    large = max(size.offset, size.spread) >= LARGE_TARGET
    simple = facts.learnable
    small = max(size.offset, size.spread) < SMALL_TARGET and simple is not None and simple.found
    if not large and not small:
        return None
    return Finding(
        "unscaled_targets",
        0.85,
        f"Targets have mean {size.offset:.3g} and spread {size.spread:.3g} (thresholds "
        f"{SMALL_TARGET:g} and {LARGE_TARGET:g}), while an untrained network answers about 0 to 1.",
        "Standardise the targets with the training records' statistics; scale predictions back.",
    )


def no_signal(facts: Facts) -> Finding | None:
    """Neither simple models nor the network do better than guessing on new records."""
    if (plain := _all_alike(facts) or _no_more_than_the_last_value(facts)) is not None:
        return plain
    simple = facts.learnable_anywhere
    if simple is None or simple.found or simple.records < 60 or facts.seen.partly:
        return None
    if simple.noise > FEW_SAY and (facts.seen.epochs or ENOUGH_PASSES) < ENOUGH_PASSES:
        return None  # neither a simple model nor the network had enough to learn from
    if facts.ending in {"diverged", "unknown"} or facts.seen.loss.kind in BEYOND_A_MEAN:
        return None
    new = facts.validated
    if facts.told_anew > TOLD or (facts.beyond_chance and new is None):
        return None
    if new is not None and max(new.skill, new.label_skill) > 0.15:
        return None
    if facts.ending == "good" and new is None:
        return None
    sure = new is not None and (new.label_skill < 0.1 if new.classes else new.skill < 0.1)
    strength = 0.78 if sure or facts.ending == "bad" else 0.6
    if facts.short:  # training records can be learnt by heart
        strength = 0.6
    elif sure and facts.seen.more_inputs is not None:  # not only of a few training records
        strength = 0.87
    return Finding(
        "no_signal",
        strength,
        f"Simple models explain {max(simple.skill, 0):.0%} of the targets of new records (chance "
        f"reaches {simple.noise:.0%}), and so does the network.",
        "Check that the inputs hold what the targets depend on, and that the targets are not "
        "drawn or joined at random.",
    )


def _all_alike(facts: Facts) -> Finding | None:
    """The network is given the same numbers for every record, whose targets differ."""
    x, y = facts.seen.inputs, facts.seen.targets
    if x is None or y is None or len(x) < ALIKE or len(x) != len(y) or facts.seen.partly:
        return None
    if not facts.failed or np.any(x != x[:1]) or not np.any(y != y[:1]):
        return None
    return Finding(
        "no_signal",
        0.95,
        f"The network is given the same numbers for each of {len(x)} records, and their targets "
        "differ.",
        "Look at what is done to the inputs last: whole numbers for an embedding, no fractions; "
        "no division that makes all of them 0.",
    )


ALIKE = 10
"""Records from which it is no set of attempts at one."""


def _no_more_than_the_last_value(facts: Facts) -> Finding | None:
    """A forecast that gains nothing on the last value, where simple models get no further."""
    best = facts.best
    reached = _skill_over_the_last_value(facts)
    if best is None or reached is None or facts.ending != "good":
        return None
    return Finding(
        "no_signal",
        0.8,
        f"The network explains {best.score:.0%} of the targets, and its skill over repeating the "
        f"last value is {reached:.2g}; simple models get no further: beyond the last value the "
        f"inputs say nothing.",
        "Look for inputs that hold what moves the series, or for another question.",
    )


def _skill_over_the_last_value(facts: Facts) -> float | None:
    """Its share of the last value's error, where it is none; ``None`` for any other training."""
    missed, best, seen = facts.seen.missed, facts.best, facts.seen
    if missed is not None:
        beaten = missed.metric == "skill" and missed.reached <= NO_SKILL
        known = facts.learnable is not None and facts.behind <= NO_SKILL
        return missed.reached if beaten and known else None
    if facts.classifies or best is None or seen.inputs is None or seen.targets is None:
        return None
    if best.score < FOLLOWS or not facts.comparable:
        return None
    repeated = last_value(seen.inputs, seen.targets)
    skill = repeated.skill(best.score) if repeated is not None else 1.0
    return skill if skill <= GAINED else None


BEYOND_A_MEAN = {"likelihood", "poisson"}
"""Losses of a spread or a rate too, of which simple models of a mean say nothing."""

FEW_SAY, ENOUGH_PASSES = 0.2, 4
"""Skill that chance reaches on 150 records, and passes over them: of fewer of both nobody expects
that a signal shows."""

NO_SKILL = 0.05
"""Share of the last value's error; as much is gained by chance from some hundred records."""

CAUSES = (
    non_finite_data,
    unnormalized_inputs,
    unscaled_targets,
    class_imbalance,
    no_signal,
)
