"""The noise floor of two single curves: how far a mean over stretches scatters by itself.

Neighbouring stretches share the trend, so their second differences hold the noise (the Hadamard
variance, Baugh 1971); medians keep a jump, such as a plateau left later, out of it. Noise that
hangs together over many points raises the variance of a mean: seen at twice the stretch, by the
autocorrelation of an AR(1) process, and between the sixths of a run.
"""

import math
from dataclasses import dataclass

import numpy as np

from harness.curves.measures import Floats, Stretches

_MEDIAN_OF_CHI_SQUARE = 0.4549
"""Of one degree of freedom: squares of normal differences have this median."""

_MOST_CORRELATION = 0.97
"""Beyond it a run is too short to tell noise from trend."""

_DEGREES_A_DIFFERENCE = 0.37
"""What a median of squares is worth of their mean (Rousseeuw & Croux 1993)."""

_BATCH = 5
"""Means of this many times the points that count as one are nearly independent (Law & Carson
1979, https://doi.org/10.1287/opre.27.5.1011)."""

_MOST_GROWTH = 4
"""At twice the stretch a random walk has this much of the variance; a jump seems to have more."""

_MOST_CORRELATED = 20
"""Noise of correlation 0.9 over 100 points has this much of the variance between neighbours."""

_DEGREES_OF_JUMP = 3.0

_SLOPE = 32
"""Points over which the slope is taken out of differences: a change is no noise."""

_LEAST_DEGREES = 1.5
"""One degree would judge nothing: its intervals are eleven times as wide as those of two."""

SIXTHS = 6

FEWEST_POINTS = 8
"""Below, there are too few differences to estimate noise from."""


@dataclass(frozen=True)
class Noise:
    """The variance of one stretch's mean difference, known with some degrees of freedom."""

    variance: float
    degrees: float


def noise(points: Floats, means: Floats, found: Stretches) -> Noise:
    """Estimate from differences `[point]` of two curves, and their means `[stretch]`.

    The degrees of freedom are those of the differences of stretches, or of as many independent
    batches as the run holds, if those are fewer.
    """
    near = _hadamard(means, 1)
    far = min(_hadamard(means, 2), _MOST_GROWTH * near)
    together = _together(points)
    of_points = _clipped_variance(_differences(points, 1)) * together * (together + 1) / 2
    of_points *= found.count / len(points)
    degrees = min(_DEGREES_A_DIFFERENCE * (len(means) - 1), len(points) / (_BATCH * together))
    least = _LEAST_DEGREES
    if of_points > _MOST_CORRELATED * near:  # a jump, and not noise, hangs together
        of_points, least = _MOST_CORRELATED * near, _DEGREES_OF_JUMP
    variance = max(near, far, 2 * far - near, of_points)
    return Noise(variance, max(least, degrees))


def wander(means: Floats) -> float:
    """Return the standard error of the mean over a run, from the scatter of its sixths.

    It holds what hangs together for longer than neighbouring stretches tell.
    """
    sixths = np.array([part.mean() for part in np.array_split(means, SIXTHS)])
    return float(sixths.std(ddof=1)) / math.sqrt(SIXTHS)


def _hadamard(means: Floats, scale: int) -> float:
    """Return the variance of a stretch, from second differences of ``scale`` stretches each."""
    if len(means) < 3 * scale:
        return 0.0
    averaged = np.convolve(means, np.ones(scale) / scale, "valid")
    first = averaged[scale:] - averaged[:-scale]
    return scale * _variance((first[scale:] - first[:-scale]) / math.sqrt(3))


def _differences(points: Floats, lag: int) -> Floats:
    """Return differences of points, less the slope around each, which a jump must not tilt."""
    found = points[lag:] - points[:-lag]
    most = 3 * math.sqrt(2 * _variance(found))
    width = min(_SLOPE, len(found))
    slopes = np.convolve(np.clip(found, -most, most), np.ones(width) / width, "valid")
    return found - np.pad(slopes, (width // 2, width - 1 - width // 2), mode="edge")


def _together(points: Floats) -> float:
    """Return how many points count as one: ``(1 + r) / (1 - r)`` with AR(1) correlation ``r``."""
    near, far = (_clipped_variance(_differences(points, lag)) for lag in (1, 2))
    correlation = min(max(far / near - 1, 0.0), _MOST_CORRELATION) if near else 0.0
    # Estimates are too small by this much (Kendall 1954), and scatter by that much (Bartlett 1946).
    bias = (1 + 3 * correlation) / len(points)
    scatter = math.sqrt((1 - correlation**2) / len(points))
    correlation = min(correlation + bias + scatter, _MOST_CORRELATION)
    return (1 + correlation) / (1 - correlation)


def _variance(differences: Floats) -> float:
    """Return half the variance of differences, by their median."""
    return float(np.median(differences**2)) / _MEDIAN_OF_CHI_SQUARE / 2


def _clipped_variance(differences: Floats) -> float:
    """Return half the variance of differences, those beyond three deviations counted as three.

    Of many points it is known better than from the median, and a jump is a few of them.
    """
    most = 9 * 2 * _variance(differences)
    return float(np.minimum(differences**2, most).mean()) / 2
