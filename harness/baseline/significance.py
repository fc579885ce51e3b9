"""Is one side slower than the other by more than a margin? One answer a measure.

Paired by seed, a t test of restricted log crossing times; otherwise a log-rank test; and an exact
test of how many converged, or of the same seeds, how many changed sides. All are one-sided twice,
so that faster is seen as well as slower, and the time tests ask for a difference beyond a margin,
not for any difference (the equivalence margin of D. J. Schuirmann, J. Pharmacokinet. Biopharm. 15
(1987)): exact pairing would make harmless rounding significant.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from harness.baseline.crossing_times import CrossingTimes, Measure
from harness.baseline.logrank import boundary, logrank, surest_p
from harness.baseline.record import SeedRecord
from harness.history import Floats

RESOLUTION = 0.001
"""Relative changes below this are never called one. Rounding put into every gradient (2e-7 of it)
moved the mean crossing by less than 1e-6 in four settings of hello world that train steadily (Adam
1e-3, 1e-2 and 0.1, SGD 0.1 with momentum); a 2 % smaller rate moved it by 1.1 to 1.6 %."""

SPREAD_FLOOR = 1e-6
"""Spreads of log epochs below this are rounding of float32 losses, not information."""

FLIPS = 0.01
"""Largest chance that rounding alone decides whether a seed converges. In 2,460 seeds of the
shipped cases, trained by eager and by the ensemble, it did in none: a chance below 0.0013 with 95 %
confidence (pytest -m slow tests/backends/test_catalogue.py)."""

NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Difference:
    """How one measure differs.

    Attributes:
        measure: loss (half-way), convergence (the criterion met), share (of seeds converged), or
            metric (at the end of the budget).
        effect: relative change of the epochs needed, or of the metric, 0.1 for 10 % more; ``None``
            for share.
        interval: 95 % interval of the effect, ``None`` for share.
        p_slower, p_faster: one-sided, of no change for the worse, or for the better, beyond the
            margin.
        p_changed: two-sided, of no change beyond rounding.
        spread: standard deviation of log epochs, or of the relative metric: of paired differences,
            or within a side.
        seeds: that bear on it, new and accepted.
    """

    measure: Literal["loss", "convergence", "share", "metric"]
    effect: float | None
    interval: tuple[float, float] | None
    p_slower: float
    p_faster: float
    p_changed: float
    spread: float
    seeds: tuple[int, int]


def paired(
    measure: Measure, new: CrossingTimes, accepted: CrossingTimes, margin: float
) -> Difference | None:
    """Test log differences of crossing times of the same seeds, in the same order.

    A seed that never crossed counts as crossing at the end of the longest training on either side:
    differences are of restricted time (P. Royston & M. Parmar, BMC Med. Res. Methodol. 13 (2013)
    152). Pairs in which either training ended too early to know are left out.

    Returns:
        ``None`` with fewer than two pairs, or where nothing ever crossed.
    """
    known = ~(new.unknown | accepted.unknown)
    if known.sum() < 2 or not (new.crossed | accepted.crossed)[known].any():  # noqa: PLR2004  # a spread
        return None
    both = np.stack([new.log_time, accepted.log_time])[:, known]
    restricted = np.minimum(both, both[np.isfinite(both)].max())
    return _t_test(measure, restricted[0] - restricted[1], margin)


def _t_test(measure: Measure, differences: Floats, margin: float) -> Difference:
    """Student's one-sample t test against either margin."""
    from scipy.special import stdtr, stdtrit  # noqa: PLC0415  # only where something is compared

    n = len(differences)
    mean, spread = float(differences.mean()), float(differences.std(ddof=1))
    error = max(spread, SPREAD_FLOOR) / math.sqrt(n)

    def above(limit: float) -> float:
        return float(stdtr(n - 1, (limit - mean) / error))

    def below(limit: float) -> float:
        return float(stdtr(n - 1, (mean - limit) / error))

    half = float(stdtrit(n - 1, 0.975)) * error
    return Difference(
        measure=measure,
        effect=math.expm1(mean),
        interval=(math.expm1(mean - half), math.expm1(mean + half)),
        p_slower=above(math.log1p(margin)),
        p_faster=below(-math.log1p(margin)),
        p_changed=_two_sided(above(math.log1p(RESOLUTION)), below(-math.log1p(RESOLUTION))),
        spread=spread,
        seeds=(n, n),
    )


def unpaired(
    measure: Measure, new: CrossingTimes, accepted: CrossingTimes, margin: float
) -> Difference | None:
    """Test by log-rank whether new seeds need more, or less, than the accepted epochs x margin.

    The normal tail understates small p-values, about twofold at 3e-5 with 12 to 48 seeds a side
    (benchmarks/comparison_power.py), and none goes below the chance of complete separation. The
    margin is what keeps clean runs silent: their truth lies well within it.

    The effect is the factor on the accepted epochs at which the log-rank statistic vanishes, its
    interval that where it is not significant (L. J. Wei & M. H. Gail, JASA 78 (1983) 382-388).

    Returns:
        ``None`` with fewer than two seeds on a side, or where nothing ever crossed.
    """
    from scipy.special import ndtr  # noqa: PLC0415  # only where something is compared

    sizes = len(new.crossed), len(accepted.crossed)
    if min(sizes) < 2 or not (new.crossed.any() or accepted.crossed.any()):  # noqa: PLR2004  # a spread
        return None

    surest = surest_p(*sizes)

    def above(limit: float) -> float:
        return max(float(ndtr(-logrank(new, accepted, limit))), surest)

    def below(limit: float) -> float:
        return max(float(ndtr(logrank(new, accepted, limit))), surest)

    low, middle, high = (boundary(new, accepted, z) for z in (NORMAL_95, 0.0, -NORMAL_95))
    return Difference(
        measure=measure,
        effect=_expm1(middle),
        interval=(_expm1(low), _expm1(high)),
        p_slower=above(math.log1p(margin)),
        p_faster=below(-math.log1p(margin)),
        p_changed=_two_sided(above(math.log1p(RESOLUTION)), below(-math.log1p(RESOLUTION))),
        spread=_pooled(new, accepted),
        seeds=sizes,
    )


def converged_share(new: Sequence[SeedRecord], accepted: Sequence[SeedRecord]) -> Difference:
    """Test how many of different seeds converged, by Fisher's exact test (R. A. Fisher, 1922)."""
    from scipy.stats import hypergeom  # noqa: PLC0415  # only where something is compared

    sizes = len(new), len(accepted)
    counts = [sum(s.epochs_to_converge is not None for s in side) for side in (new, accepted)]
    drawn = hypergeom(sum(sizes), sum(counts), sizes[0])
    fewer, more = float(drawn.cdf(counts[0])), float(drawn.sf(counts[0] - 1))
    return Difference("share", None, None, fewer, more, _two_sided(fewer, more), 0.0, sizes)


def lost_share(new: Sequence[SeedRecord], accepted: Sequence[SeedRecord]) -> Difference:
    """Test whether more of the same seeds stopped converging, or began to, than rounding explains.

    Which seeds converge is nearly settled by the seed: a count of ``n`` that changed one way is as
    rare as that many of all at a chance of ``FLIPS`` each (exact binomial). McNemar's test, which
    allows any chance, could not be surer than 2**-12 with 12 seeds.
    """
    from scipy.special import bdtrc  # noqa: PLC0415  # only where something is compared

    pairs = [
        (one.epochs_to_converge is not None, other.epochs_to_converge is not None)
        for one, other in zip(new, accepted, strict=True)
        if "time_limit" not in (one.stopped, other.stopped)  # the clock's doing
    ]
    fewer, more = (
        float(bdtrc(pairs.count(way) - 1, len(pairs), FLIPS)) if pairs else 1.0
        for way in ((False, True), (True, False))
    )
    sizes = len(pairs), len(pairs)
    return Difference("share", None, None, fewer, more, _two_sided(fewer, more), 0.0, sizes)


def _two_sided(one: float, other: float) -> float:
    return min(1.0, 2 * min(one, other))


def _expm1(value: float) -> float:
    return math.inf if value > 700 else math.expm1(value)  # noqa: PLR2004  # where exp overflows


def _pooled(new: CrossingTimes, accepted: CrossingTimes) -> float:
    """Return the standard deviation within a side; infinite where neither crossed twice."""
    sides = [side.log_time[side.crossed] for side in (new, accepted)]
    freedom = sum(max(len(times) - 1, 0) for times in sides)
    squares = sum(float(((times - times.mean()) ** 2).sum()) for times in sides if len(times))
    return math.sqrt(squares / freedom) if freedom else math.inf
