"""A curve in one line of a terminal."""

import math
from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"
NOT_FINITE = "?"


def sparkline(values: Sequence[float], width: int, beside: Sequence[float] = ()) -> str:
    """Return at most ``width`` characters, evenly chosen: the higher a value, the fuller its block.

    An empty block is 0, or the lowest of negative values; over more than two decades of positive
    values heights are logarithmic, and it is the lowest value.
    """
    if len(values) > width:
        last = len(values) - 1
        values = [values[round(place * last / (width - 1))] for place in range(width)]
    finite = [value for value in (*values, *beside) if math.isfinite(value)]
    if not finite:
        return NOT_FINITE * len(values)
    low, high = min(finite), max(finite)
    if low > 0 and high > 100 * low:  # two decades
        values = [math.log(value / low) if math.isfinite(value) else value for value in values]
        high = math.log(high / low)
    low = min(0.0, low)
    return "".join(_block(value, low, high) for value in values)


def _block(value: float, low: float, high: float) -> str:
    if not math.isfinite(value):
        return NOT_FINITE
    share = (value - low) / (high - low) if high > low else 0.0
    return BLOCKS[min(int(share * len(BLOCKS)), len(BLOCKS) - 1)]
