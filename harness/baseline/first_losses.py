"""First losses of the same seeds on both sides: what a fault moves before any epoch is over."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from harness.baseline.record import SeedRecord
from harness.results.seed_run import relative_difference

ROUNDING = 2e-6
"""Relative difference of early losses that is rounding wherever training is steady, in the median
over seeds. Measured on hello world with rounding put into every gradient: 1e-7; with a rate 2 % too
small: 6e-6 (Adam 1e-3), 9e-6 (SGD), 6e-5 (Adam 1e-2)."""

ROUNDING_FACTOR = 16.0
"""How many times the change that rounding makes to the reference is still rounding; as in the
probes. Between an Intel Xeon and an AMD EPYC, the catalogue's largest was 0.3."""


FROM_TOP = 3
"""The seed that counts is third from the top: a fault may strike few, and a chaotic one or two
differ in health. In 7 healthy settings the largest was 1.9 times what is allowed, this one 0.5."""


@dataclass(frozen=True)
class FirstLosses:
    """How far the first losses are apart, at the step that exceeds rounding most.

    Attributes:
        difference: relative, of the seed that is third from the top.
        allowed: what rounding explains at that step.
    """

    difference: float
    allowed: float

    @property
    def beyond_rounding(self) -> bool:
        """Whether arithmetic, not rounding, has changed."""
        return self.difference > self.allowed


def compare_first_losses(
    new: Sequence[SeedRecord], accepted: Sequence[SeedRecord], rounding: Sequence[float]
) -> FirstLosses | None:
    """Compare as many first losses as ``rounding`` has steps.

    Args:
        new: seeds, in the same order as ``accepted``.
        accepted: the other side.
        rounding: relative change that rounding makes to the reference at each step.

    Returns:
        ``None`` where no step can be compared.
    """
    pairs = [
        (one.first_losses[: len(rounding)], other.first_losses[: len(rounding)])
        for one, other in zip(new, accepted, strict=True)
    ]
    if any(len(one) != len(other) for one, other in pairs):
        return FirstLosses(math.inf, ROUNDING)
    differences = [
        [relative_difference(a, b) for a, b in zip(*pair, strict=True)] for pair in pairs
    ]
    found = [
        FirstLosses(
            sorted(taken)[-min(FROM_TOP, len(taken))], max(ROUNDING, ROUNDING_FACTOR * change)
        )
        for step, change in enumerate(rounding)
        if (taken := [seed[step] for seed in differences if len(seed) > step])
    ]
    return max(found, key=lambda step: step.difference / step.allowed, default=None)
