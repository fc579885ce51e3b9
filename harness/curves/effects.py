"""How much worse new runs are, with intervals: from one curve each, or from repeats."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from harness.curves.measures import Floats, Name, Stretches, measured, slope, stretches, weights
from harness.curves.noise import FEWEST_POINTS, SIXTHS, noise, wander
from harness.curves.scale import Scale, more, scale_of

ALPHA = 0.01 / 6
"""One-sided, of each of three measures in two directions: at most 1 in 100 equal runs is called
regressed or improved (Bonferroni)."""

POWER = 0.9
STEPS_MARGIN = math.log(1.05)
"""More steps count from 5 % on, as epochs in `harness.baseline`, if the level changes enough."""

_MEDIAN_LOSS = math.sqrt(math.pi / 2)
"""The standard error of a median is this much larger than that of a mean."""

_ROUNDING = 1e-9
"""A curve that is worse by exactly the tolerance is not within it."""

LEAST_FALL_TO_NOISE = 15
"""Below, noise and not the training decides when a level is reached first."""

Floor = Literal["none", "scatter", "repeats", "pairs"]


@dataclass(frozen=True)
class Effect:
    """A relative change, above zero where the new runs are worse.

    Attributes:
        measure: the final level, the level over the run, or the steps needed for the same levels.
        change: 0.05 for 5 % worse; infinite where the levels are never reached.
        low, high: what contains the true change in 99 of 100 comparisons, all measures at once;
            ``None`` where no noise floor is known.
        margin: what is tolerated of it.
        detectable: the smallest change that would be seen in 9 of 10; ``None`` as above.
        worse, better: whether the change is beyond the tolerance, noise considered.
    """

    measure: Name
    change: float
    low: float | None
    high: float | None
    margin: float
    detectable: float | None
    worse: bool
    better: bool


@dataclass(frozen=True)
class _Estimate:
    """A distance on the scale, its standard error and how well that is known."""

    name: Name
    distance: float
    error: float = 0.0
    degrees: float = math.inf
    alpha: float = ALPHA


def compare_runs(
    old: Floats, new: Floats, steps: Floats, tolerance: float, *, higher: bool, paired: bool
) -> tuple[Floor, tuple[Effect, ...]]:
    """Compare runs `[run, point]` at the same ``steps`` `[point]`.

    With one run a side what scatters within them is the noise floor, else what differs between
    repeats. Runs of the same names (``paired``) are compared in pairs where that tells more.
    """
    scale = scale_of(old, new, higher=higher)
    before, after = scale.distances(old), scale.distances(new)
    found = stretches(len(steps))
    middle = np.concatenate([before, after]).mean(axis=0)
    fall = slope(found.means(middle), found.means(steps - min(steps[0] - 1, 0)))
    level = scale.distance(tolerance)
    margins = {"final": level, "run": level}
    margins["steps"] = max(STEPS_MARGIN, level / max(float(fall.max()), _ROUNDING))
    single = len(old) == len(new) == 1
    if single and len(steps) < FEWEST_POINTS:
        values = measured(after[0], before[0], steps, found)
        bare = (_Estimate(name, value) for name, value in values.items())
        return "none", tuple(_effect(e, margins[e.name], scale, known=False) for e in bare)
    if single:
        floor: Floor = "scatter"
        estimates = list(_of_scatter(before[0], after[0], steps, found, fall))
    else:
        floor, estimates = _of_repeats(before, after, steps, found, paired=paired)
    return floor, tuple(_effect(e, margins[e.name], scale) for e in estimates)


def _of_scatter(
    before: Floats, after: Floats, steps: Floats, found: Stretches, fall: Floats
) -> Iterable[_Estimate]:
    """Yield the measures of one curve against one.

    The final level has the noise of the second half: relative noise often grows as the loss falls.
    """
    difference = after - before
    means, half = found.means(difference), found.count // 2
    whole = late = noise(difference, means, found)
    if half >= FEWEST_POINTS:
        tail = Stretches(found.edges[half:] - found.edges[half], found.final)
        late = noise(difference[found.edges[half] :], means[half:], tail)
    by_name = weights(found, fall)
    fallen = float(np.subtract(*found.means(before)[[0, -1]]))
    for name, value in measured(after, before, steps, found).items():
        if name == "steps" and fallen < LEAST_FALL_TO_NOISE * math.sqrt(whole.variance):
            continue
        of = late if name == "final" else whole
        error = math.sqrt(of.variance * float(by_name[name] @ by_name[name]))
        degrees = of.degrees
        if name == "run" and wander(means) > error:
            error, degrees = wander(means), max(degrees, SIXTHS - 1)
        yield _Estimate(name, value, error * (_MEDIAN_LOSS if name == "steps" else 1), degrees)


def _of_repeats(
    before: Floats, after: Floats, steps: Floats, found: Stretches, *, paired: bool
) -> tuple[Floor, list[_Estimate]]:
    """Return the measures of runs against runs, each against the accepted mean."""
    reference = before.mean(axis=0)
    sides = [[measured(run, reference, steps, found) for run in side] for side in (before, after)]
    estimates, floor = [], "repeats"
    for name in sides[0][0]:
        a, b = (np.array([each[name] for each in side]) for side in sides)
        if not np.isfinite([*a, *b]).all():
            continue  # a seed that never reaches the levels shows in its final level
        estimate = _pooled(name, a, b, ALPHA / 2 if paired else ALPHA)
        if paired and len(a) > 1:
            pairs = _pairs(name, a, b)
            if _width(pairs) < _width(estimate):
                estimate, floor = pairs, "pairs"
        estimates.append(estimate)
    return ("pairs" if floor == "pairs" else "repeats"), estimates


def _pooled(name: Name, a: Floats, b: Floats, alpha: float) -> _Estimate:
    """Student's t of two samples; one of a single run borrows the other's spread."""
    degrees = len(a) + len(b) - 2
    squares = ((a - a.mean()) ** 2).sum() + ((b - b.mean()) ** 2).sum()
    error = math.sqrt(squares / degrees * (1 / len(a) + 1 / len(b)))
    return _Estimate(name, float(b.mean() - a.mean()), error, degrees, alpha)


def _pairs(name: Name, a: Floats, b: Floats) -> _Estimate:
    """Student's t of paired samples; looking at both tests halves the error rate of each."""
    error = float(np.std(b - a, ddof=1)) / math.sqrt(len(a))
    return _Estimate(name, float((b - a).mean()), error, len(a) - 1, ALPHA / 2)


def _width(estimate: _Estimate) -> float:
    """Return half the width of the interval."""
    from scipy.special import stdtrit  # noqa: PLC0415  # half a second to import

    return estimate.error * float(stdtrit(estimate.degrees, 1 - estimate.alpha))


def _effect(estimate: _Estimate, margin: float, scale: Scale, *, known: bool = True) -> Effect:
    """Turn distances into changes, and judge."""
    from scipy.special import stdtrit  # noqa: PLC0415  # as above

    change = more if estimate.name == "steps" else scale.change
    value, wide = estimate.distance, _width(estimate) if known else 0.0
    power = estimate.error * float(stdtrit(estimate.degrees, POWER)) if known else 0.0
    return Effect(
        estimate.name,
        change(value),
        change(value - wide) if known else None,
        change(value + wide) if known else None,
        change(margin),
        change(margin + wide + power) if known else None,
        worse=value - wide >= margin - _ROUNDING,
        better=-(value + wide) >= margin - _ROUNDING,
    )
