"""Weights that training starts from: all alike, or far from what keeps signals at their size."""

import numpy as np

from harness.diagnosis.answer import Finding
from harness.diagnosis.causes.generalisation import gap
from harness.diagnosis.causes.updates import BEST
from harness.diagnosis.facts import Facts
from harness.diagnosis.observations import Parameter


def poor_initialization(facts: Facts) -> Finding | None:
    """Starting weights that are all alike, or far from what keeps signals at their size."""
    matrices = [p for p in facts.matrices if "embedding" not in p.layer.lower() and p.size > FEW]
    above_a_guess = facts.best is not None and facts.best.skill < 0
    if facts.failed or facts.by_heart or above_a_guess or gap(facts):
        return _not_finite(facts) or _all_alike(matrices) or _far_from_usual(matrices)
    copies = any(p.constant and p.copies for p in matrices) and facts.reached < BEST
    return _all_alike(matrices) if copies else None


def _not_finite(facts: Facts) -> Finding | None:
    bad = facts.seen.non_finite
    if bad is None or bad.place != "weight" or bad.step != 0:
        return None
    return Finding(
        "poor_initialization",
        0.99,
        f"{bad.where} holds values that are not finite before the first update.",
        "Write starting values into it: torch.Tensor(n) and torch.empty(n) hold what the "
        "memory held.",
    )


def _all_alike(matrices: list[Parameter]) -> Finding | None:
    alike = [p for p in matrices if p.constant]
    inner = [p for p in alike if p is not matrices[-1]]
    if not inner and len(alike) == len(matrices):
        inner = alike
    if not inner:
        return None
    return Finding(
        "poor_initialization",
        0.92,
        f"All starting values of {inner[0].name} are equal: units of a layer stay copies of "
        f"each other.",
        "Keep the framework's own initialisation, or draw weights at random (Glorot, He).",
    )


def _far_from_usual(matrices: list[Parameter]) -> Finding | None:
    ratios = [p.spread / p.usual for p in matrices if p.usual > 0]
    if not ratios:
        return None
    largest, smallest = max(ratios), float(np.median(ratios))
    if smallest >= NARROW and largest <= WIDE:
        return None
    far = largest if largest > WIDE else smallest
    return Finding(
        "poor_initialization",
        0.87,
        f"Starting weights have {far:.3g} times the usual standard deviation (thresholds "
        f"{NARROW:g} and {WIDE:g}).",
        "Keep the framework's own initialisation, or draw weights with standard deviation "
        "sqrt(2 / inputs).",
    )


FEW = 4
"""Values of a matrix that may well be all alike."""

WIDE = 3.5
"""A layer multiplies its signal's size by this: five layers by 500."""

NARROW = 0.02
"""The same downwards; PyTorch's own start is 0.4 of He's."""
