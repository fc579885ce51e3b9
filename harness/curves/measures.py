"""What is measured of a curve against a reference: its end, its whole run, the steps it needs.

Curves come in on a `Scale`: lower is better.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Name = Literal["final", "run", "steps"]

STRETCHES = 24
"""Stretches of equally many points that a run is divided into: enough to estimate scatter from, and
long enough to average noise. Measured in `benchmarks/curves.py`."""

LEVELS: Floats = np.linspace(0.05, 0.9, 18)
"""Shares of the reference's fall at which steps are compared; the last tenth is all noise."""

LEAST_FALL = 0.1
"""A reference that falls by less (10 %) has no levels whose steps could be compared."""


@dataclass(frozen=True)
class Stretches:
    """How the points of a run are averaged; `[stretch]` each.

    Attributes:
        edges: `[stretch + 1]`, the index of each stretch's first point.
        final: how many stretches at the end make up the final level: a fifth.
    """

    edges: NDArray[np.intp]
    final: int

    def means(self, points: Floats) -> Floats:
        """Average points `[..., point]` to `[..., stretch]`."""
        sums = np.add.reduceat(points, self.edges[:-1], axis=-1)
        return np.asarray(sums / np.diff(self.edges))

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.edges) - 1


def stretches(points: int) -> Stretches:
    """Divide a run: two points or more a stretch, but eight stretches if it has eight points."""
    count = max(1, min(STRETCHES, max(points // 2, min(points, 8))))
    edges = np.linspace(0, points, count + 1).astype(np.intp)
    return Stretches(edges, max(1, count // 5))


def steps_needed(curve: Floats, reference: Floats, steps: Floats) -> float:
    """Return the logarithm of how many times the steps a curve takes: the median over levels.

    Infinite where most levels are never reached; NaN where the reference does not fall.
    """
    width = max(1, len(curve) // STRETCHES)
    new, old = (np.minimum.accumulate(_smooth(each, width)) for each in (curve, reference))
    if old[0] - old[-1] < LEAST_FALL:
        return float("nan")
    levels = old[0] - LEVELS * (old[0] - old[-1])
    times = np.log(_smooth(steps - min(steps[0] - 1, 0), width))
    return float(np.median(_crossings(new, times, levels) - _crossings(old, times, levels)))


def _smooth(points: Floats, width: int) -> Floats:
    sums = np.cumsum(np.concatenate([[0.0], points]))
    return np.asarray((sums[width:] - sums[:-width]) / width)


def _crossings(falling: Floats, times: Floats, levels: Floats) -> Floats:
    """Return when a curve that never rises reaches each level first, between the points."""
    at = np.searchsorted(-falling, -levels)
    here = np.clip(at, 1, len(falling) - 1)
    ahead, behind = falling[here - 1], falling[here]
    share = (ahead - levels) / np.maximum(ahead - behind, 1e-300)
    found = times[here - 1] + np.clip(share, 0, 1) * (times[here] - times[here - 1])
    return np.where(at == len(falling), np.inf, np.where(at == 0, times[0], found))


def slope(mean: Floats, steps: Floats) -> Floats:
    """Return how far a curve `[stretch]` falls a unit of log steps; never negative."""
    if len(mean) < 2:  # noqa: PLR2004  # no slope between fewer
        return np.zeros_like(mean)
    return np.clip(-np.gradient(mean, np.log(steps)), 0, None)


def weights(found: Stretches, fall: Floats) -> dict[Name, Floats]:
    """Return each measure as weights over the stretches' differences."""
    count = found.count
    last = np.arange(count) >= count - found.final
    return {
        "final": last / found.final,
        "run": np.full(count, 1 / count),
        "steps": fall / max(float(fall @ fall), 1e-300),
    }


def measured(
    curve: Floats, reference: Floats, steps: Floats, found: Stretches
) -> dict[Name, float]:
    """Return the measures of a curve against a reference; steps only where that one falls."""
    means = found.means(curve - reference)
    values: dict[Name, float] = {
        "final": float(means[-found.final :].mean()),
        "run": float(means.mean()),
    }
    needed = steps_needed(curve, reference, steps)
    return values if math.isnan(needed) else values | {"steps": needed}
