"""A directional derivative against central differences of the loss."""

from collections.abc import Callable

from harness.probes.toolkit.check import Check

TOLERANCE = 0.02
"""Of a gradient's typical component along a random direction, beyond the difference's own error."""

REACHES = (0.05, 0.01, 0.002, 0.0004)
"""Lengths of a step, as a share of the weights' own size (or of 0.2 a weight, if that is more).

Truncation, or a kink within reach, spoils a wide step and rounding a narrow one; a wrong gradient
agrees at none. Narrower steps are taken where wider ones disagree.
"""

LEAST_SIZE = 0.2
"""Of a weight: what `REACHES` are a share of where weights are smaller."""

ROUNDING = 4.0
"""Roundoffs of the loss that a difference of two losses may be off by."""


def compare_slope(
    what: str,
    slope: float,
    typical: float,
    size: float,
    loss_at: Callable[[float], float],
    roundoff: float,
) -> Check:
    """Compare a slope with differences of losses, at the step that agrees best.

    Args:
        what: the quantity, in words.
        slope: the gradient's component along a direction of length 1.
        typical: the root mean square of the gradient's components.
        size: the length of the weights that the direction moves, at least `LEAST_SIZE` each.
        loss_at: the loss after a step of this length along the direction, backwards if negative.
        roundoff: of the arithmetic that computes the loss.
    """
    checks = []
    for step in (reach * size for reach in REACHES):
        upper, lower = loss_at(step), loss_at(-step)
        off = abs((upper - lower) / (2 * step) - slope)
        allowed = TOLERANCE * typical + ROUNDING * roundoff * abs(upper) / step
        checks.append(Check(f"{what} off by", off, allowed))
        if checks[-1].share <= 1:
            break
    return min(checks, key=lambda check: check.share)
