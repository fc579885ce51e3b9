"""Numbers compared with their tolerances, and the probe that follows from them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.results.probe import Probe

Array = NDArray[Any]

FLOAT32_ROUNDOFF = 2.0**-24
ROUNDING_FACTOR = 16.0
"""How much farther than the reference's own float32 run a healthy float32 run may stray.

Both sum the same rounding errors in another order. Over 20 settings of model, loss and optimizer
the largest factor was 1.5 where this allowance exceeded the least one; ``benchmarks/probes.py``
prints the largest share of any tolerance that the shipped scenarios use.
"""
TINY = 1e-30


@dataclass(frozen=True)
class Check:
    """One number and what it may be at most."""

    what: str
    value: float
    tolerance: float

    @property
    def share(self) -> float:
        """How much of the tolerance is used up; infinite if the number is not finite."""
        if not math.isfinite(self.value):
            return math.inf
        if self.tolerance == 0:
            return math.inf if self.value else 0.0
        return self.value / self.tolerance


def conclude(name: str, checked: str, checks: Sequence[Check]) -> Probe:
    """Return the probe of the check that came closest to its tolerance, or exceeded it most."""
    worst = max(checks, key=lambda check: check.share)
    return Probe(
        name,
        "fail" if worst.share > 1 else "pass",
        worst.value,
        worst.tolerance,
        f"{checked}: {worst.what} {worst.value:.2g}, allowed {worst.tolerance:.2g}",
    )


def exactly(what: str, wrong: float) -> Check:
    """Return a check of a count that must be 0."""
    return Check(what, float(wrong), 0.0)


def skipped(name: str, reason: str) -> Probe:
    """Return the probe that was not made, and why."""
    return Probe(name, "skipped", None, None, reason)


def distance(found: Array, expected: Array) -> float:
    """Return ``|found - expected| / |expected|``, Euclidean."""
    difference = np.linalg.norm(np.asarray(found, np.float64) - expected)
    return float(difference / max(float(np.linalg.norm(expected)), TINY))


def close(
    what: str, found: Array, expected: Array, rounded: Array, least: float, roundoff: float
) -> Check:
    """Compare with float64, allowing what rounding does to the reference itself.

    Args:
        what: the quantity, in words.
        found: what was computed with unit roundoff ``roundoff``.
        expected: the reference in float64.
        rounded: the reference in float32.
        least: allowed however little rounding does, for float32.
        roundoff: of the arithmetic asked for.
    """
    allowed = max(least, ROUNDING_FACTOR * distance(rounded, expected))
    return Check(f"{what} off by", distance(found, expected), allowed * roundoff / FLOAT32_ROUNDOFF)
