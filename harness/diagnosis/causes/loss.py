"""A loss that measures something else than the targets ask for."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

from collections.abc import Callable

import numpy as np

from harness.diagnosis.answer import Finding
from harness.diagnosis.causes.domain import (
    counts_below_zero,
    logarithms_of_negatives,
    no_signs,
    outside_probabilities,
    percentages,
    several_labels,
    targets_of,
)
from harness.diagnosis.facts import Facts
from harness.diagnosis.learnable import learnable
from harness.diagnosis.observations import Array, Loss
from harness.diagnosis.steps import continues

CLASSIFIED_BETTER, MISTAKES = 0.1, 3.0
"""Points by which a simple classifier is better, and how many times its mistakes are made: counts
and ratings, which are quantities, are rounded as well as they are classified."""

FEWEST = 10
FALLS = 5.0
"""A log-likelihood falls by a few units of its start; what has no lowest value by any factor."""


def wrong_loss(facts: Facts) -> Finding | None:
    """A loss that measures something else than the targets ask for."""
    found = (check(facts) for check in CHECKS)
    return next((finding for finding in found if finding is not None), None)


def _negated(facts: Facts) -> Finding | None:
    loss = facts.seen.loss
    if not loss.negated or facts.seen.loop.interleaved:
        return None  # a network may be made to raise another one's loss
    return Finding(
        "wrong_loss",
        0.97,
        f"Minus {loss.name} is minimised: it grows from {facts.curve.start:.3g} to "
        f"{facts.curve.end:.3g}.",
        "Remove the minus sign.",
    )


def _likelihood(facts: Facts) -> Finding | None:
    """The log-likelihood of the labels is minimised, and they get less likely than at the start."""
    curve = facts.curve
    if not facts.seen.loss.likelihood or facts.seen.loop.interleaved:
        return None
    if not curve.start < 0 or not curve.end < UNLIKELY * curve.start:
        return None
    return Finding(
        "wrong_loss",
        0.95,
        f"The log-likelihood of the labels is minimised: it falls from {curve.start:.3g} to "
        f"{curve.end:.3g}, so that the network answers anything but them.",
        "Minimise minus the log-likelihood: its minus sign is missing.",
    )


UNLIKELY = 1.5
"""An untrained network guesses; half as much again is further from the labels than any guess."""


def _signed(facts: Facts) -> Finding | None:
    if facts.seen.loss.kind != "signed":
        return None
    return Finding(
        "wrong_loss",
        0.97,
        "The mean of the differences is minimised, and none is squared or made absolute before: "
        f"those above cancel those below (from {facts.curve.start:.3g} to {facts.curve.end:.3g}).",
        "Use the mean of squared or absolute differences.",
    )


def _unbounded(facts: Facts) -> Finding | None:
    """What is minimised has no lowest value: it falls on while the outputs get worse."""
    seen = facts.seen
    finite = seen.objective[np.isfinite(seen.objective)]
    if len(finite) < FEWEST or seen.loop.interleaved or not facts.comparable:
        return None
    start, end = float(np.mean(finite[:3])), float(np.mean(finite[-3:]))
    fell = start - end > FALLS * max(abs(start), 1.0)
    worse = facts.ending == "diverged" or (facts.best is not None and facts.best.skill < -1)
    if end >= 0 or not fell or not worse:
        return None
    return Finding(
        "wrong_loss",
        0.95,
        f"What is minimised falls from {start:.3g} to {end:.3g} while the outputs get worse "
        f"({seen.loss.name} {facts.curve.start:.3g} -> {facts.curve.end:.3g}): its sign is wrong, "
        f"or it has no lowest value.",
        "Minimise the negative log-likelihood, or the loss itself: check its sign.",
    )


def _one_unit_for_classes(facts: Facts) -> Finding | None:
    loss = facts.seen.loss
    if loss.kind not in {"cross_entropy", "nll"} or _columns(loss) != 1:
        return None
    return Finding(
        "wrong_loss",
        0.98,
        f"{loss.name} compares classes, but the output has one unit: the loss is "
        f"{facts.curve.end:.2g} whatever the network answers.",
        "Use binary cross entropy for one unit, or one unit a class.",
    )


def _direction_of_one_number(facts: Facts) -> Finding | None:
    loss = facts.seen.loss
    if "cosine" not in loss.name.lower() or len(loss.output_shape) < 2 or loss.output_shape[-1] > 1:
        return None
    return Finding(
        "wrong_loss",
        0.97,
        f"{loss.name} compares directions, and the output is one number, of which only the sign "
        "is left.",
        "Use the mean of squared or absolute differences.",
    )


def _columns(loss: Loss) -> int:
    shape = loss.output_shape
    if len(shape) < 2:
        return 0
    return shape[-1] if loss.takes else shape[1]


def _asked_for_a_class(facts: Facts) -> Finding | None:
    for reading in facts.seen.readings:
        if reading.cause == "wrong_loss":
            return Finding(
                "wrong_loss",
                0.9,
                f"{facts.seen.loss.name} fits one number, but the script asks for a class: "
                f"{reading.why}.",
                "Use one output a class and cross entropy.",
            )
    return None


def _largest_score(facts: Facts) -> Finding | None:
    """The height of the best score fitted to the number of a class."""
    loss, values = facts.seen.loss, targets_of(facts)
    if loss.kind not in {"mse", "mae"} or loss.function != "largest" or values is None:
        return None
    numbers = np.unique(values)
    if not np.array_equal(numbers, np.arange(len(numbers))) or len(numbers) < 2:
        return None
    return Finding(
        "wrong_loss",
        0.95,
        f"{loss.name} brings the largest of several outputs near the number of a class "
        f"(0 to {numbers[-1]:g}); which output is the largest is not asked for.",
        "Use cross entropy between all outputs and the class.",
    )


def _every_score(facts: Facts) -> Finding | None:
    """All scores of a record fitted to the number of its class."""
    loss, values = facts.seen.loss, targets_of(facts)
    scores = loss.output_shape[1] if len(loss.output_shape) == 2 else 1
    if loss.kind not in {"mse", "mae"} or values is None or values.ndim != 2 or scores < 3:
        return None
    numbers = np.unique(values)
    alike = values.shape[1] in {1, scores} and bool(np.all(values == values[:, :1]))
    if not alike or not np.array_equal(numbers, np.arange(scores)):
        return None
    return Finding(
        "wrong_loss",
        0.985,
        f"{loss.name} brings each of {scores} outputs near the number of the record's class: they "
        "all learn the same.",
        "Use cross entropy between the outputs and the class, or one-hot targets.",
    )


def _regressed_classes(facts: Facts) -> Finding | None:
    """Class numbers fitted as if they were quantities."""
    seen, loss = facts.seen, facts.seen.loss
    outputs = seen.final_outputs
    if loss.kind not in {"mse", "mae"} or seen.inputs is None or seen.targets is None:
        return None
    numbers = np.unique(seen.targets)
    whole = bool(np.all(numbers == np.arange(len(numbers))))
    if not whole or not 3 <= len(numbers) <= 20 or outputs is None:
        return None
    if outputs.size != seen.targets.size:
        return None
    rounded = float(np.mean(np.round(outputs.ravel()) == seen.targets.ravel()))
    simple = learnable(seen.inputs, seen.targets, classes=True)
    if simple is None or simple.score - rounded < CLASSIFIED_BETTER:
        return None
    if 1 - rounded < MISTAKES * (1 - simple.score):
        return None
    return Finding(
        "wrong_loss",
        0.89,
        f"{loss.name} fits {len(numbers)} class numbers as if they were quantities: rounded, "
        f"{rounded:.0%} of the answers are right, where a simple classifier gets "
        f"{simple.score:.0%} (threshold: {CLASSIFIED_BETTER:.0%} more).",
        "Use one output a class and cross entropy.",
    )


def _regressed_words(facts: Facts) -> Finding | None:
    """The number of the next word fitted as if words with near numbers meant nearly the same."""
    seen, loss = facts.seen, facts.seen.loss
    x, y = seen.inputs, seen.targets
    if loss.kind not in {"mse", "mae"} or x is None or y is None or x.dtype.kind not in "iu":
        return None
    whole = x.ndim == 2 and x.shape == y.shape and continues(x, y)
    if not (whole or _next_of_windows(facts, x, y)) or len(np.unique(y)) < 3:
        return None
    return Finding(
        "wrong_loss",
        0.9,
        f"{loss.name} fits the numbers of the words that come next ({y.min():g} to {y.max():g}) as "
        "if they were quantities.",
        "Use one output a word and cross entropy.",
    )


def _next_of_windows(facts: Facts, x: Array, y: Array) -> bool:
    """Whether records are windows of one text, whose words are looked up, and targets go on."""
    looked_up = any("mbedding" in layer.kind for layer in facts.seen.layers)
    if (
        not looked_up
        or x.ndim != 2
        or y.size != len(x)
        or not facts.seen.in_order
        or len(x) < FEWEST
    ):
        return False
    go_on = np.mean(x[1:, :-1] == x[:-1, 1:]), np.mean(x[1:, -1] == y.ravel()[:-1])
    return bool(min(go_on) > MOSTLY)


MOSTLY = 0.95
"""Share of words that are the next ones: a text is made of several, each with an end."""


CHECKS: tuple[Callable[[Facts], Finding | None], ...] = (
    _negated,
    _likelihood,
    _signed,
    _unbounded,
    _one_unit_for_classes,
    _direction_of_one_number,
    outside_probabilities,
    no_signs,
    several_labels,
    percentages,
    logarithms_of_negatives,
    counts_below_zero,
    _asked_for_a_class,
    _largest_score,
    _every_score,
    _regressed_classes,
    _regressed_words,
)
"""The surest first."""
