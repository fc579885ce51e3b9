"""A sequential t test of a claim about the mean over seeds at a fixed budget.

The seeds are looked at whenever another group of them is there. At look ``k`` either side of the
bound is tested by Student's t at the error rate that a spending function allots to it, so that all
looks together stay below `ERROR_RATE` whatever their number (the union bound; for values that are
normal it holds exactly). The spending function is that of Lan and DeMets in the manner of Pocock,
which spends early: K. K. G. Lan & D. L. DeMets, Biometrika 70 (1983) 659-663.

Student's t decides too easily for values with a long tail on the far side of the bound: the seeds
that would have shown it lower both mean and spread by their absence. Hall's transformation takes
the skewness that was seen out of t (J. R. Stat. Soc. B 54 (1992) 221-228); a standard error of it
is allowed for besides, since few seeds show little of it. Simulated rates: docs/own_training.md.
No test's can hold for all distributions (Bahadur & Savage, Ann. Math. Stat. 27 (1956) 1115-1122).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harness.history import Floats
from harness.verdict.sequential import ERROR_RATE, Decision

FEWEST = 6
"""Seeds of a look: of fewer, skewness cannot be told."""


@dataclass(frozen=True)
class MeanBound:
    """What a mean over seeds is claimed to reach.

    Attributes:
        level: the bound.
        upward: whether the mean has to lie above it.
        every: seeds from one look to the next.
        most: seeds after which an undecided claim is inconclusive.
    """

    level: float
    upward: bool
    every: int = 12
    most: int = 48

    def looks(self, seeds: int) -> list[int]:
        """Return after how many seeds the claim is looked at, of those that there are."""
        return [*range(self.every, seeds, self.every), seeds]


@dataclass(frozen=True)
class MeanDecision:
    """What the seeds say about a mean.

    Attributes:
        decision: confirmed, refuted or undecided.
        seeds: how many decided it; all of them where nothing is decided.
        mean: over those.
        interval: of the mean, 95 %; infinite with a single seed.
    """

    decision: Decision
    seeds: int
    mean: float
    interval: tuple[float, float]


def decide_mean(values: Sequence[float], claim: MeanBound) -> MeanDecision:
    """Test whether the mean over all seeds is on the claimed side of the bound.

    A value that is not finite refutes the claim: no mean that it belongs to is within a bound.

    Args:
        values: of each seed at the end of its budget, in seed order.
        claim: the bound, and when it is looked at.

    Returns:
        The decision of the first seeds that suffice for one; later ones cannot change it.
    """
    spent = 0.0
    for seeds in claim.looks(len(values)):
        seen = np.array(values[:seeds], np.float64)
        if not np.isfinite(seen).all():
            first = int(np.argmin(np.isfinite(seen))) + 1
            return MeanDecision(Decision.REFUTED, first, math.nan, (-math.inf, math.inf))
        until = _spent(seeds, max(claim.most, len(values)))
        allotted, spent = until - spent, until
        within, beyond = _p_values(seen, claim)
        if within <= allotted:
            return _decision(Decision.CONFIRMED, seen)
        if beyond <= allotted:
            return _decision(Decision.REFUTED, seen)
    return _decision(Decision.UNDECIDED, np.array(values, np.float64))


def _spent(seeds: int, most: int) -> float:
    """Return the error rate spent once ``seeds`` were looked at (Lan & DeMets 1983, Pocock's)."""
    return ERROR_RATE * math.log1p((math.e - 1) * seeds / most)


def _p_values(values: Floats, claim: MeanBound) -> tuple[float, float]:
    """Return one-sided p-values of no mean within the bound, and of none beyond it."""
    from scipy.special import stdtr  # noqa: PLC0415  # only where a mean is claimed

    seeds = len(values)
    if seeds < FEWEST:
        return 1.0, 1.0
    above = float(values.mean()) - claim.level
    error = float(values.std(ddof=1)) / math.sqrt(seeds)
    if error == 0:
        statistic = math.copysign(math.inf, above) if above else 0.0
        low, high = statistic, -statistic
    else:
        skewness = _skewness(values)
        low = _without_skewness(above / error, skewness, seeds)
        high = _without_skewness(-above / error, -skewness, seeds)
    below, over = float(stdtr(seeds - 1, low)), float(stdtr(seeds - 1, high))
    return (over, below) if claim.upward else (below, over)


def _without_skewness(statistic: float, skewness: float, seeds: int) -> float:
    """Return a t whose low values are no commoner than Student's, for the skewness that was seen.

    A tail below, which makes low values rarer, is left as it is.
    """
    allowed = (max(skewness, 0.0) + math.sqrt(6 / seeds)) / math.sqrt(seeds)
    cubed = (1 + allowed * statistic / 3) ** 3 - 1
    return cubed / allowed + allowed / 6


def _skewness(values: Floats) -> float:
    """Return the sample skewness, adjusted for the number of values."""
    seeds, off = len(values), values - values.mean()
    moment = float((off**3).mean() / (off**2).mean() ** 1.5)
    return moment * math.sqrt(seeds * (seeds - 1)) / (seeds - 2)


def _decision(decision: Decision, values: Floats) -> MeanDecision:
    from scipy.special import stdtrit  # noqa: PLC0415  # as above

    mean, seeds = float(values.mean()), len(values)
    if seeds < 2:  # noqa: PLR2004  # a spread takes two
        return MeanDecision(decision, seeds, mean, (-math.inf, math.inf))
    half = float(stdtrit(seeds - 1, 0.975)) * float(values.std(ddof=1)) / math.sqrt(seeds)
    return MeanDecision(decision, seeds, mean, (mean - half, mean + half))
