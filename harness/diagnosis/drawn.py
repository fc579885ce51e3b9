"""Whether weights look drawn by an initialiser, or trained before."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import math

import numpy as np

from harness.diagnosis.observations import Floats


def drawn(values: Floats, fan_in: int, fan_out: int) -> bool:
    """Uniform within a usual bound, orthogonal, or normal with a usual spread.

    Training moves weights over the bounds that uniform initialisers keep exactly, which tells a
    pretrained layer that is frozen on purpose from one that was never trained.

    Args:
        values: `[rows, columns]`.
        fan_in: inputs of a unit.
        fan_out: units.
    """
    bounds = (
        1 / math.sqrt(fan_in),
        1 / math.sqrt(fan_out),
        math.sqrt(6 / (fan_in + fan_out)),
        math.sqrt(6 / fan_in),
        math.sqrt(3 / fan_in),
        0.05,
    )
    largest = float(np.abs(values).max())
    if any(0.93 * bound < largest <= 1.0001 * bound for bound in bounds):
        return True
    spread = float(values.std())
    normal = (1.0, 0.02, 0.01, math.sqrt(2 / fan_in), math.sqrt(2 / (fan_in + fan_out)))
    if any(abs(spread / usual - 1) < 0.05 for usual in normal):
        return True
    small, large = sorted(values.shape)
    wide = values if values.shape[0] == small else values.T
    gram = wide @ wide.T
    return bool(large >= small > 1 and np.abs(gram - np.eye(small)).max() < 1e-3)
