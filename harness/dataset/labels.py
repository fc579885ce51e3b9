"""Targets that are labels: 0. and 1. told from values, and several labels of one record."""

import numpy as np

from harness.dataset.padding import IGNORED, Array, present
from harness.dataset.records import DataFileError
from harness.scenario import Training

BINARY = "bce"


def as_labels(y: Array, training: Training) -> Array:
    """Return targets as classes where they are 0. and 1. and the loss is of labels.

    `nn.BCEWithLogitsLoss` takes floats, and so do people's files for it.
    """
    if training.loss != BINARY or np.issubdtype(y.dtype, np.integer) or not only_labels(y):
        return y
    return np.where(np.isnan(y), IGNORED, y).astype(np.int64)


def only_labels(y: Array) -> bool:
    """Tell whether all targets that are there are 0 or 1."""
    given = y[present(y)]
    return bool(np.isin(given, (0, 1)).all())


def check_labels(y: Array, training: Training, *, each_step: bool) -> None:
    """Check that targets with several numbers are values, or several labels.

    Raises:
        DataFileError: if they are integers of which no loss makes anything.
    """
    several = y.ndim > 1 + each_step
    if not several or not np.issubdtype(y.dtype, np.integer):
        return
    shape = list(y.shape)
    if training.loss != BINARY:
        raise DataFileError(
            f"y {shape} holds several integers a record: several labels need training.loss = "
            f"{BINARY!r}, classes at each step data.targets = 'each_step', values a decimal point"
        )
    if not only_labels(y):
        other = y[present(y)]
        raise DataFileError(
            f"y {shape} holds several labels a record, each 0 or 1; one is {other.max()}"
        )
