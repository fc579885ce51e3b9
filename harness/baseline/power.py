"""How much slower training must be to be seen: a comparison without power proves nothing."""

import math
from functools import cache

import numpy as np

from harness.baseline.logrank import surest_p
from harness.history import Floats

POWER = 0.9
"""With this probability a change as large as stated is seen."""

DRAWS = 2000
"""Simulated comparisons; the share seen has a standard error of 0.007 at 0.9."""

OWN_SCATTER = 0.2
"""A slow-down does not slow all seeds alike: paired log differences scatter by this share of their
mean. Measured on hello world with a rate 10 to 30 % too small: 0.07 to 0.4, 0.17 in the middle."""

LARGEST = 64.0
"""In spreads; a shift that needs more is never seen."""


@cache
def paired_shift(pairs: int, alpha: float) -> float:
    """Return the mean difference beyond the margin, in spreads, that a t test at ``alpha`` sees.

    From the non-central t distribution (Johnson, Kotz & Balakrishnan, 1995, chapter 31).
    """
    return _t_shift(pairs - 1, pairs, alpha)


@cache
def unpaired_mean_shift(new: int, accepted: int, alpha: float) -> float:
    """Return the difference of means beyond the margin, in spreads, that is seen at ``alpha``.

    With equal spreads, of which Welch's test is nearly Student's.
    """
    return _t_shift(new + accepted - 2, 1 / (1 / new + 1 / accepted), alpha)


def _t_shift(freedom: int, effective: float, alpha: float) -> float:
    from scipy.special import nctdtrinc, stdtrit  # noqa: PLC0415  # only where something is compared

    if freedom < 1:
        return math.inf
    critical = stdtrit(freedom, 1 - alpha)
    shift = float(nctdtrinc(freedom, 1 - POWER, critical)) / math.sqrt(effective)
    return shift if shift < LARGEST else math.inf


@cache
def unpaired_shift(new: int, accepted: int, alpha: float) -> float:
    """Return the shift beyond the margin, in spreads, that a log-rank test at ``alpha`` sees.

    By simulation of normal log times, the same draws at each shift: formulas fail here, since so
    few seeds are near the largest statistic that their number allows.
    """
    from scipy.special import ndtri  # noqa: PLC0415  # only where something is compared

    critical = -float(ndtri(alpha))
    draws = np.random.default_rng(0).normal(size=(DRAWS, new + accepted))

    def seen(shift: float) -> bool:
        moved = draws + np.where(np.arange(new + accepted) < new, shift, 0.0)
        return bool((logranks(moved, new) > critical).mean() >= POWER)

    low, high = 0.0, LARGEST
    if alpha < surest_p(new, accepted) or not seen(high):
        return math.inf
    while high - low > 0.01:  # noqa: PLR2004  # of a spread: under a thousandth of the epochs
        middle = (low + high) / 2
        low, high = (low, middle) if seen(middle) else (middle, high)
    return high


def smallest_seen(margin: float, shift: float, spread: float, own_scatter: float = 0.0) -> float:
    """Return the relative slow-down that lies ``shift`` spreads beyond the margin.

    The spread that it is measured with is ``spread`` together with its own scatter, which solves
    (x - m)^2 = shift^2 (spread^2 + (own_scatter x)^2) for the log slow-down x and log margin m.

    Returns:
        Infinity where the scatter grows faster than the slow-down.
    """
    m, growth = math.log1p(margin), 1 - (shift * own_scatter) ** 2
    if not math.isfinite(shift * spread) or growth <= 0:
        return math.inf
    root = math.sqrt(m**2 - growth * (m**2 - (shift * spread) ** 2))
    return math.expm1(min((m + root) / growth, 700.0))


def logranks(times: Floats, new: int) -> Floats:
    """Log-rank statistics of uncensored, untied ``times`` `[draws, seeds]`, new ones first."""
    is_new = np.argsort(times, axis=1) < new
    at_risk = np.cumsum(is_new[:, ::-1], axis=1)[:, ::-1]
    share = at_risk / np.arange(times.shape[1], 0, -1)
    variance = np.maximum((share * (1 - share)).sum(axis=1), 1e-12)
    return np.asarray((share.sum(axis=1) - new) / np.sqrt(variance))
