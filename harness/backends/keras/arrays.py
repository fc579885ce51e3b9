"""The records of a dataset as Keras' layers and losses take them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.dataset import Dataset
from harness.dataset.padding import present
from harness.scenario import Training

Array = NDArray[Any]

MASKED = float(np.finfo(np.float32).min)
"""What `keras.layers.Masking` takes for a step that is not there; no feature is as low."""


def inputs_of(data: Dataset, x: Array, dtype: str) -> Array:
    """Return `[records, timesteps, features]` with `MASKED` beyond a record's end.

    Token ids are `[records, timesteps]`; where records end early 0 is none, as `mask_zero` has it.
    """
    if not data.vocabulary:
        return np.where(np.isnan(x), MASKED, x).astype(dtype)
    ids = np.nan_to_num(x[..., 0] + 1) if data.padded else x[..., 0]
    return ids.astype(np.int32)


def targets_of(data: Dataset, training: Training, y: Array) -> Array:
    """Return classes, one-hot rows of labels to be smoothed, or numbers like the outputs.

    Of one output a target is a column. One that is not there is 0; Keras' mask leaves it out.
    """
    dtype, y = training.dtype, _filled(data, y)
    if data.one_logit or not data.classes:
        return y.astype(dtype) if data.width else y.astype(dtype)[..., None]
    return np.eye(data.classes, dtype=dtype)[y] if training.label_smoothing else y


def weights_of(data: Dataset, training: Training, y: Array) -> Array | None:
    """Return the weight of each target, as PyTorch would weigh its class.

    The loss divides by the sum of weights, the binary one by how many targets there are.
    """
    weights = data.class_weights
    if weights is None:
        return None
    scale = weights[0] if data.one_logit else 1.0
    return (weights / scale)[_filled(data, y)].astype(training.dtype)


def rows_of(data: Dataset, y: Array) -> NDArray[np.bool_]:
    """Tell which targets are there, of `[records]` or `[records, timesteps]`."""
    return present(y[..., 0] if data.width else y)


def _filled(data: Dataset, y: Array) -> Array:
    there = rows_of(data, y)
    return np.where(there[..., None] if data.width else there, y, 0).astype(y.dtype)
