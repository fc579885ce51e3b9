"""A directional derivative against central differences of the loss."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from harness.probes.toolkit.check import Check

TOLERANCE = 0.02
"""Of a gradient's typical component along a random direction, beyond the difference's own error."""

REACHES = (0.05, 0.01, 0.002, 0.0004)
"""Lengths of a step, as a share of the weights' own size (or of 0.2 a weight, if that is more).

Truncation, or a kink within reach, spoils a wide step and rounding a narrow one; a wrong gradient
agrees at none. Narrower steps are taken where wider ones disagree.
"""

NARROW = (1e-5, 1e-6, 1e-7)
"""As `REACHES`, for losses in float64."""

LEAST_SIZE = 0.2
"""Of a weight: what `REACHES` are a share of where weights are smaller."""

ROUNDING = 4.0
"""Roundoffs that a loss, and each weight of a step, may be off by."""

BLUNT = 0.1
"""For a user's module, which no reference is compared with: see `compare_slope`."""

AGREEMENT = 0.2
"""Of the slope: differences at two steps that are farther from each other decide nothing. A step
five times narrower has 1/25 of the truncation, so that smooth losses agree far better."""

CHAOTIC = "differences of the loss disagree at all steps: it is chaotic, or not finite"
"""Why nothing is compared where `compare_slope` decides nothing."""


class Compared(NamedTuple):
    """A slope against the difference that agrees best, and whether the differences are sound."""

    check: Check
    decided: bool


def compare_slope(
    what: str,
    slope: float,
    typical: float,
    size: float,
    loss_at: Callable[[float], float],
    roundoff: float,
    reaches: Sequence[float] = REACHES,
    blunt: float = math.inf,
) -> Compared:
    """Compare a slope with differences of losses, at the step that agrees best.

    Args:
        what: the quantity, in words.
        slope: the gradient's component along a direction of length 1.
        typical: the root mean square of the gradient's components.
        size: the length of the weights that the direction moves, at least `LEAST_SIZE` each.
        loss_at: the loss after a step of this length along the direction, backwards if negative.
        roundoff: of the arithmetic that computes the loss.
        reaches: lengths of the steps, as a share of ``size``.
        blunt: a narrower step whose rounding is more, in typical components, is not taken.

    Returns:
        Undecided where the slope agrees with no difference, and no difference with the next one:
        the loss is chaotic, or not finite, at every scale that its rounding leaves.
    """
    differences: list[float] = []
    checks: list[Check] = []
    for reach in reaches:
        step = reach * size
        upper, lower = loss_at(step), loss_at(-step)
        rounding = ROUNDING * roundoff * (typical / reach + abs(upper) / step)
        if checks and rounding > blunt * typical:
            break
        differences.append((upper - lower) / (2 * step))
        allowed = TOLERANCE * typical + rounding
        checks.append(Check(f"{what} off by", abs(differences[-1] - slope), allowed))
        if checks[-1].share <= 1:
            return Compared(checks[-1], decided=True)
    agree = any(
        abs(wide - narrow) <= AGREEMENT * abs(narrow) + 2 * check.tolerance
        for wide, narrow, check in zip(differences, differences[1:], checks[1:], strict=False)
    )
    return Compared(min(checks, key=lambda check: check.share), decided=agree)
