"""How many first losses of a seed two right backends share: until rounding has grown too far.

Where training is chaotic (a rate far too high, saturated weights, gradients that are no more than
rounding) two right answers part within a few steps. The NumPy reference tells where: it is trained
again with all that it starts from moved by a last digit, and the records of a batch in another
order. From the step on where that alone moves a loss by a sixteenth of the tolerance, losses of
that seed are not compared.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.history import Floats
from harness.reference import Reference
from harness.scenario import Case

TOLERANCE = {"float32": 1e-5, "float64": 1e-10}
INEXACT = 1e-8
"""For hard sigmoids: PyTorch's backward multiplies by 1/6 in float32, whatever the type."""

ROUNDING_FACTOR = 16.0
"""As for baselines and probes: what rounding of the reference may be exceeded by."""

NUDGES = 8
"""Runs of the reference whose largest change stands for rounding."""


def tolerance(case: Case) -> float:
    exact = case.model.gate_activation != "hard_sigmoid" != case.model.cell_activation
    return max(TOLERANCE[case.training.dtype], 0.0 if exact else INEXACT)


def relative_difference(one: Floats, other: Floats) -> Floats:
    """Return the relative difference of each loss; infinite where one is not finite."""
    with np.errstate(all="ignore"):
        relative = np.abs(one - other) / np.maximum(np.abs(one), np.abs(other))
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    return np.where(same, 0.0, np.where(np.isnan(relative), np.inf, relative))


def steady_steps(case: Case, seed: int, steps: int) -> int:
    """Return how many steps rounding leaves the reference's losses where they are."""
    with np.errstate(all="ignore"):  # a declared case may diverge
        exact = Reference(case, seed).train(steps).losses
        moved = [
            relative_difference(exact, Nudged(case, seed, n).train(steps).losses)
            for n in range(NUDGES)
        ]
    moves = np.max(moved, axis=0) > tolerance(case) / ROUNDING_FACTOR
    return int(np.argmax(moves)) if moves.any() else steps


class Nudged(Reference):
    """The reference in the declared type, all that it starts from moved by a last digit."""

    def __init__(self, case: Case, seed: int, nudge: int) -> None:
        super().__init__(case, seed, np.dtype(case.training.dtype))
        self.rng = np.random.default_rng([seed, nudge])
        self.x = self.nudged(self.x)
        self.weights = {name: self.nudged(values) for name, values in self.weights.items()}

    def nudged(self, values: NDArray[Any]) -> NDArray[Any]:
        digit = np.finfo(values.dtype).eps * self.rng.uniform(-1, 1, values.shape)
        nudged: NDArray[Any] = (values * (1 + digit)).astype(values.dtype)
        return nudged

    def _batches(self) -> Iterator[NDArray[Any]]:
        return (self.rng.permutation(batch) for batch in super()._batches())
