"""Targets that are labels or quantities, by what the declared loss is of; and several labels."""

from dataclasses import replace

import numpy as np

from harness.dataset.padding import IGNORED, Array, present
from harness.dataset.records import DataFileError, Records
from harness.scenario import Training

BINARY = "bce"


def as_labels(y: Array, training: Training) -> Array:
    """Return targets as classes where they are 0. and 1. and the loss is of labels.

    `nn.BCEWithLogitsLoss` takes floats, and so do people's files for it.
    """
    if training.loss != BINARY or np.issubdtype(y.dtype, np.integer) or not only_labels(y):
        return y
    return np.where(np.isnan(y), IGNORED, y).astype(np.int64)


def as_quantities(records: Records) -> Records:
    """Return records whose whole numbers are quantities, as of a loss of values: a count is one."""
    y, later = records.y, records.y_validation
    return replace(
        records,
        y=y.astype(np.float64),
        y_validation=None if later is None else later.astype(np.float64),
    )


def saved_as_classes(y: Array, *, each_step: bool) -> str:
    """Say how targets that may be classes are saved as such; empty if they are decimal numbers."""
    given = y[present(y)]
    if one_hot(y, each_step=each_step):
        return f"one-hot, one 1 in each row: save classes, y.argmax({y.ndim - 1})"
    if only_labels(y):
        labels = f"save them as integers, y.astype(int), or take training.loss = {BINARY!r}"
        return f"0.0 and 1.0, which are values: {labels}"
    if (given >= 0).all() and (given % 1 == 0).all():
        classes = "if they are classes, save them as integers, y.astype(int)"
        return f"whole numbers as floats, which are values: {classes}"
    return ""


def one_hot(y: Array, *, each_step: bool) -> bool:
    """Tell whether each target is a row of zeros with exactly one 1."""
    if y.ndim == 1 + each_step or not only_labels(y):
        return False
    rows = y[present(y).all(axis=-1)]
    return bool(len(rows) and (rows.sum(axis=-1) == 1).all())


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
    if training.loss != BINARY and one_hot(y, each_step=each_step):
        raise DataFileError(f"y {shape} is {saved_as_classes(y, each_step=each_step)}")
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
