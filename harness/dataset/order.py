"""The order in which an epoch visits the training records."""

import numpy as np
from numpy.typing import NDArray

ORDER_STREAM = 2
"""Third stream of a seed's numbers, after its data (0) and its starting weights (1)."""


def epoch_order(seed: int, epoch: int, records: int, *, shuffle: bool) -> NDArray[np.int64]:
    """Return the record numbers `[records]` in the order of epoch ``epoch`` (from 0)."""
    if not shuffle:
        return np.arange(records)
    return np.random.default_rng([seed, ORDER_STREAM, epoch]).permutation(records)
