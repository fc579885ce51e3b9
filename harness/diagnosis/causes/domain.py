"""Targets for which a loss has no meaning, by its definition."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import numpy as np

from harness.diagnosis.answer import Finding
from harness.diagnosis.facts import Facts
from harness.diagnosis.observations import Array


def targets_of(facts: Facts) -> Array | None:
    """Targets as they met outputs in the loss, else those of the records."""
    seen = facts.seen
    values = seen.output_targets if seen.output_targets is not None else seen.targets
    return values if values is not None and values.size else None


def outside_probabilities(facts: Facts) -> Finding | None:
    """Targets that a binary cross entropy has no meaning for."""
    loss, values = facts.seen.loss, targets_of(facts)
    if loss.kind not in {"bce", "bce_logits"} or values is None:
        return None
    if values.min() >= -1e-3 and values.max() <= 1 + 1e-3:
        return None
    return Finding(
        "wrong_loss",
        0.985,
        f"{loss.name} expects targets between 0 and 1; they reach from {values.min():.3g} to "
        f"{values.max():.3g}.",
        "Use cross entropy for class numbers, or mean squared error for a regression.",
    )


def no_signs(facts: Facts) -> Finding | None:
    """Labels of 0 and 1 in a loss that asks for -1 and 1, of which only one class then counts."""
    values = targets_of(facts)
    if facts.seen.loss.kind != "margin" and not _named(facts, "hinge_embedding"):
        return None
    if values is None or values.min() < 0 or not np.isin(values, (0, 1)).all():
        return None
    if values.min() == values.max():
        return None
    return Finding(
        "wrong_loss",
        0.985,
        f"{facts.seen.loss.name} expects labels of -1 and 1, and they are 0 and 1: the records of "
        "0 weigh nothing, or are pulled the wrong way.",
        "Pass 2 * y - 1, or use binary cross entropy on the logits.",
    )


def several_labels(facts: Facts) -> Finding | None:
    """A cross entropy over classes, and records with several of them or none."""
    loss, values = facts.seen.loss, targets_of(facts)
    if loss.kind not in {"cross_entropy", "nll"} or values is None or values.ndim < 2:
        return None
    if loss.integer_targets and not loss.takes:
        return None
    if values.shape[-1] != (loss.output_shape or (0,))[-1]:
        return None
    flat = values.reshape(-1, values.shape[-1])
    if float(np.mean(np.count_nonzero(flat, 1) > 1)) == 0 and not np.isin(flat, (0, 1)).all():
        return None  # one class each, and a weight on it
    sums, apart = label_sums(values)
    if apart <= SEVERAL:
        return None
    return Finding(
        "wrong_loss",
        0.985,
        f"{loss.name} expects one class a record, or shares that sum to 1; the targets sum to "
        f"between {sums.min():.3g} and {sums.max():.3g}.",
        "Use binary cross entropy for several labels a record, mean squared error for numbers.",
    )


def label_sums(values: Array) -> tuple[Array, float]:
    """Sum of the targets of each record, and the share of records where it is not 1."""
    sums = values.reshape(-1, values.shape[-1]).sum(1)
    return sums, float(np.mean(np.abs(sums - 1) > 0.05))


SEVERAL = 0.2
"""Share of records whose labels cannot be one of several; fewer may be errors in the data."""


def percentages(facts: Facts) -> Finding | None:
    """An error in percent of targets near zero, which are nearly all that it then counts."""
    values = targets_of(facts)
    if not _named(facts, "percentage", "mape") or values is None:
        return None
    size = np.sort(np.abs(values.reshape(-1).astype(np.float64)))
    weight = np.cumsum(1 / np.maximum(size, 1e-7))
    few = float(np.searchsorted(weight, weight[-1] / 2) + 1) / len(size)
    signs = min(float(np.mean(values < 0)), float(np.mean(values > 0)))
    zeros = float(np.mean(size == 0))  # divided by: nothing else counts beside them
    if few > FEW and max(signs, zeros) < SOME:
        return None
    return Finding(
        "wrong_loss",
        0.9,
        f"{facts.seen.loss.name} divides each error by its target, and targets reach from "
        f"{values.min():.3g} to {values.max():.3g}: those nearest to zero, {few:.1%} of them, have "
        "half of the weight.",
        "Use the mean of squared or absolute differences, or targets in a unit without zero.",
    )


def logarithms_of_negatives(facts: Facts) -> Finding | None:
    """Differences of logarithms, for targets that have none."""
    values = targets_of(facts)
    if not _named(facts, "logarithmic", "msle") or values is None:
        return None
    below = float(np.mean(values < 0))
    if below < SOME:
        return None
    return Finding(
        "wrong_loss",
        0.95,
        f"{facts.seen.loss.name} compares logarithms, and {below:.0%} of the targets are below "
        "zero: all of those count as zero.",
        "Use the mean of squared or absolute differences.",
    )


def counts_below_zero(facts: Facts) -> Finding | None:
    """The likelihood of counts, for targets that are none."""
    values = targets_of(facts)
    if not _named(facts, "poisson") or values is None:
        return None
    below = float(np.mean(values < 0))
    if below < SOME:
        return None
    return Finding(
        "wrong_loss",
        0.985,
        f"{facts.seen.loss.name} expects counts, and {below:.0%} of the targets are below zero: "
        "for those it has no lowest value.",
        "Use the mean of squared or absolute differences.",
    )


def _named(facts: Facts, *parts: str) -> bool:
    return any(part in facts.seen.loss.name.lower() for part in parts)


FEW = 0.02
"""Share of the targets with half of the weight: of a thousand values spread evenly from zero on
it is 1.4 %, from 1 to 10 it is 24 %."""

SOME = 0.05
"""Share of targets at zero, or on the other side of it, that no outlier explains."""
