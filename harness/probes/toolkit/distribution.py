"""Distributions that starting weights are declared to have, and how far numbers are from them."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.probes.toolkit.check import FLOAT32_ROUNDOFF, Array, Check

ALARM = 1e-6
"""Chance that weights drawn as declared would exceed a tolerance, were the seed not fixed."""


class Distribution(ABC):
    """What a tensor's elements are declared to be."""

    random = True

    @abstractmethod
    def check(self, name: str, values: Array) -> Check:
        """Compare a tensor with the declaration."""


@dataclass(frozen=True)
class _Sampled(Distribution):
    """Independent draws, compared by Kolmogorov's distance; its tolerance is exact for `ALARM`."""

    scale: float

    @abstractmethod
    def cumulative(self, values: Array) -> Array:
        """Return the probability of a smaller draw."""

    def check(self, name: str, values: Array) -> Check:
        from scipy.stats import ks_1samp, kstwo  # noqa: PLC0415  # SciPy takes long to import

        cumulative: Any = self.cumulative  # SciPy calls it with arrays, its stubs say floats
        distance = ks_1samp(values.ravel(), cumulative, method="asymp").statistic
        allowed = kstwo.isf(ALARM, values.size)
        return Check(f"{name}: Kolmogorov's distance from {self}", float(distance), float(allowed))


class Uniform(_Sampled):
    """Uniform within `scale` of zero."""

    def cumulative(self, values: Array) -> Array:
        """Return the probability of a smaller draw."""
        return np.clip((values / self.scale + 1) / 2, 0, 1)

    def __str__(self) -> str:
        return f"U(-{self.scale:.3g}, {self.scale:.3g})"


class Normal(_Sampled):
    """Normal with standard deviation `scale`."""

    def cumulative(self, values: Array) -> Array:
        """Return the probability of a smaller draw."""
        from scipy.special import ndtr  # noqa: PLC0415  # as above

        found: Array = ndtr(values / self.scale)
        return found

    def __str__(self) -> str:
        return f"N(0, {self.scale:.3g})"


@dataclass(frozen=True)
class Constant(Distribution):
    """All elements are `value`."""

    value: float
    random = False

    def check(self, name: str, values: Array) -> Check:
        """Allow for the value's rounding to float32."""
        off = float(np.max(np.abs(values - self.value), initial=0.0))
        return Check(
            f"{name}: distance from {self.value:.3g}", off, FLOAT32_ROUNDOFF * abs(self.value)
        )


@dataclass(frozen=True)
class Orthogonal(Distribution):
    """Rows or columns, whichever are fewer, are orthogonal and `scale` long."""

    scale: float
    rounding = 64 * FLOAT32_ROUNDOFF

    def check(self, name: str, values: Array) -> Check:
        """Compare the Gram matrix with a multiple of the identity."""
        tall = values if values.shape[0] >= values.shape[1] else values.T
        gram = tall.T.astype(np.float64) @ tall
        off = float(np.max(np.abs(gram - self.scale**2 * np.eye(len(gram)))))
        return Check(f"{name}: Gram matrix off by", off, self.rounding * self.scale**2)


def scaled(distribution: type[_Sampled] | type[Orthogonal], scale: float) -> Distribution:
    """Return the distribution, or the constant 0 where ``scale`` leaves nothing else."""
    return distribution(scale) if scale else Constant(0.0)


def dependence(name: str, one: Array, other: Array) -> Check:
    """Return a check of the correlation between two tensors' first elements.

    Of independent draws it is N(0, 1 / n); the same draws, scaled or not, have 1.
    """
    count = min(one.size, other.size)
    a, b = one.ravel()[:count], other.ravel()[:count]
    return Check(f"{name}: correlation", abs(float(np.corrcoef(a, b)[0, 1])), 6 / math.sqrt(count))


MIN_DEPENDENCE = 64
"""Elements below which `dependence` could not tell the same draws from chance: 6 / 8 < 1."""
