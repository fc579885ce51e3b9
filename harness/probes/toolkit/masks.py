"""What is true of every dropout mask: its mean, its values, and that no draw is used twice."""

from collections.abc import Iterator

from torch import Tensor

from harness.probes.toolkit.check import Check

SIGMAS = 5.0
"""A mean of many masks is normal; the random state is fixed, so nothing here is left to chance."""

VALUE_TOLERANCE = 1e-4
"""What is kept is scaled by 1 / (1 - rate), exactly but for rounding."""


def statistics(where: str, mask: Tensor, again: Tensor, rate: float) -> Iterator[Check]:
    """Check two draws of factors `[timesteps, units, records]` at the declared rate."""
    zeros, others = ((drawn == 0).double() for drawn in (mask, again))
    kept = mask[mask != 0].double()
    off = float((kept * (1 - rate) - 1).abs().max()) if kept.numel() else 0.0
    yield Check(f"{where}: what is kept is off by", off, VALUE_TOLERANCE)
    yield mean(where, mask, rate)
    yield correlation(f"{where}: masks of two calls", zeros, others, rate)
    yield from independence(where, zeros, rate)


def mean(layer: str, mask: Tensor, rate: float) -> Check:
    """Check that masks keep the expectation, and so drop as many as declared."""
    deviation = (rate / (1 - rate) / mask.numel()) ** 0.5
    off = abs(float(mask.double().mean()) - 1)
    return Check(f"{layer}: mean of masks in deviations off by", off / deviation, SIGMAS)


def correlation(what: str, one: Tensor, other: Tensor, rate: float) -> Check:
    """Check that two arrays of zeros, 1 where dropped, are independent."""
    product = float(((one - rate) * (other - rate)).mean()) / (rate * (1 - rate))
    return Check(f"{what}, correlation in deviations", abs(product) * one.numel() ** 0.5, SIGMAS)


def independence(layer: str, zeros: Tensor, rate: float) -> Iterator[Check]:
    """Check that masks are drawn anew along each axis of ``zeros`` `[timesteps, units, batch]`.

    A mean over one axis has the variance of ``n`` independent draws, ``rate (1 - rate) / n``; of
    what is repeated along it, ``n`` times that.
    """
    variance = rate * (1 - rate)
    kurtosis = (1 - 6 * variance) / variance
    for axis, name in enumerate(("timesteps", "units", "records")):
        means, draws = zeros.mean(axis), zeros.shape[axis]
        found = float((means - rate).square().mean()) * draws / variance
        deviation = ((2 + kurtosis / draws) / means.numel()) ** 0.5
        what = f"{layer}: variance of means over {name} in deviations off by"
        yield Check(what, abs(found - 1) / deviation, SIGMAS)
