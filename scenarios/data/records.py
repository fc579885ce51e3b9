"""Records whose labels are those of their neighbours."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def moved(seed: int, by: int = 0, records: int = 200) -> tuple[NDArray[Any], ...]:
    """Return inputs, and labels of the record that stands ``by`` rows away."""
    rng = np.random.default_rng([seed, 0])
    x = rng.normal(size=(2 * records, 8, 1))
    y = (x.mean((1, 2)) > 0).astype(np.int64)
    y = np.roll(y, by)
    return x[:records], y[:records], x[records:], y[records:]
