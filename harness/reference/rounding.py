"""How far float32 rounding alone carries the first losses of a case: as far as a gate may not see.

Where training is chaotic (a rate far too high, saturated weights) rounding grows up to a
hundredfold a step, so two processors that are both right part within three steps; where it is
steady, they agree to the last digits for twenty.
"""

import numpy as np

from harness.reference.train import Reference
from harness.scenario import Case
from harness.scenario.vocabulary import PRECISIONS

STEPS = 3
SEEDS = range(4)
"""The median of four tells steady from chaotic, in 10 to 90 ms a case."""

CHAOS = 1e-2
"""Steps from the first on whose loss rounding moves by more than this say nothing of a fault."""


def first_loss_rounding(case: Case) -> list[float]:
    """Return the relative change that rounding makes to each of the first losses.

    The NumPy reference is trained in float64 and in float32; the change is a median over seeds,
    and where the case computes in half precision as much larger as that is coarser.

    Returns:
        One number a step that can be compared, at most 3. None with dropout: right masks of another
        random stream give other losses. A user's own module has no reference: for it only the
        first loss, which no step has touched, is compared, and the list is `[0.0]`.
    """
    if case.model.dropout:
        return []
    if case.unknown_to_reference is not None:
        return [0.0]
    with np.errstate(all="ignore"):  # a declared case may diverge
        changes = np.median([_relative_change(case, seed) for seed in SEEDS], axis=0)
    if (half := case.training.half) is not None:
        changes = changes * PRECISIONS[half].roundoff / PRECISIONS["float32"].roundoff
    steady = np.isfinite(changes) & (changes <= CHAOS)
    return [float(f"{change:.3g}") for change in changes[np.logical_and.accumulate(steady)]]


def _relative_change(case: Case, seed: int) -> list[float]:
    exact, rounded = (
        Reference(case, seed, dtype).train(STEPS).losses for dtype in (np.float64, np.float32)
    )
    return list(np.abs(rounded - exact) / np.maximum(np.abs(rounded), np.abs(exact)))
