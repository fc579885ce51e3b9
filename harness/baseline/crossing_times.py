"""Crossing times of one side of a comparison, and what is known of seeds that never crossed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from harness.baseline.record import SeedRecord
from harness.history import Floats

Measure = Literal["loss", "convergence"]

EARLIEST = 0.1
"""Crossings in the first tenth of an epoch are one: no evaluation lies there to tell them apart."""


@dataclass(frozen=True)
class CrossingTimes:
    """Of one side, for each seed.

    Attributes:
        log_time: `[seeds]`, log epochs of the crossing, or of when a seed that did not cross was
            last seen; infinite for one that diverged, which would not have crossed later either.
        crossed: `[seeds]`.
        unknown: `[seeds]`, did not cross, yet training ended before its budget for another
            reason (it converged, or the time limit struck), so it may have crossed later.
    """

    log_time: Floats
    crossed: NDArray[np.bool_]
    unknown: NDArray[np.bool_]


def crossing_times(seeds: Sequence[SeedRecord], measure: Measure) -> CrossingTimes:
    """Collect the crossing times of a measure."""
    at = [seed.loss_crossing if measure == "loss" else seed.metric_crossing for seed in seeds]
    crossed = np.array([time is not None for time in at], bool)
    seen = [
        _last_seen(seed) if time is None else time for time, seed in zip(at, seeds, strict=True)
    ]
    budget = np.array([seed.stopped in {"budget", "non_finite"} for seed in seeds], bool)
    log_time = np.log(np.maximum(np.array(seen, np.float64), EARLIEST))
    return CrossingTimes(log_time, crossed, ~crossed & ~budget)


def _last_seen(seed: SeedRecord) -> float:
    return np.inf if seed.stopped == "non_finite" else float(seed.epochs)
