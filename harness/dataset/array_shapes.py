"""What arrays of records have to look like before they are taken for records."""

from collections.abc import Mapping

import numpy as np

from harness.dataset.records import Array, DataFileError
from harness.scenario.data import Targets

X_SHAPE = "[records, timesteps, features]"
Y_SHAPES: Mapping[Targets, str] = {"last": "[records]", "each_step": "[records, timesteps]"}


def check_shapes(records: Mapping[str, Array], targets: Targets) -> None:
    """Check arrays against their declared shapes and each other.

    Args:
        records: ``x`` and ``y``, and perhaps both with ``_validation``.
        targets: whether a record has one, or one at each step.

    Raises:
        DataFileError: if one is of another shape or type, or two do not go together.
    """
    for name, values in records.items():
        _check_array(name, values, X_SHAPE if name.startswith("x") else Y_SHAPES[targets])
    for inputs, answers in (("x", "y"), ("x_validation", "y_validation")):
        if inputs in records:
            _check_pair(inputs, answers, records, targets)
    if "x_validation" in records:
        _check_sets(records)


def widest(values: Array) -> Array:
    """Return whole numbers as int64, others as float64."""
    return values.astype(np.int64 if np.issubdtype(values.dtype, np.integer) else np.float64)


def _check_array(name: str, values: Array, shape: str) -> None:
    if values.dtype.kind not in "iuf":
        raise DataFileError(f"{name} holds {values.dtype}, not real numbers")
    if values.dtype.kind == "u" and values.max(initial=0) > np.iinfo(np.int64).max:
        raise DataFileError(f"{name} holds {values.max()}, which is beyond int64")
    if values.ndim != shape.count(",") + 1:
        raise DataFileError(f"{name} must have shape {shape}, got {list(values.shape)}")


def _check_pair(inputs: str, answers: str, records: Mapping[str, Array], targets: Targets) -> None:
    """Check that there are as many targets as inputs, at each step where that is declared."""
    axes = ("records", "steps") if targets == "each_step" else ("records",)
    for axis, counted in enumerate(axes):
        given = records[inputs].shape[axis], records[answers].shape[axis]
        if given[0] != given[1]:
            told = f"got {given[0]} and {given[1]}"
            raise DataFileError(f"{inputs} and {answers} must have as many {counted}, {told}")


def _check_sets(records: Mapping[str, Array]) -> None:
    """Check that training and validation records are of one kind."""
    if widest(records["y"]).dtype != widest(records["y_validation"]).dtype:
        raise DataFileError("y and y_validation must both hold integers (classes) or both floats")
    if records["x"].shape[1:] != records["x_validation"].shape[1:]:
        raise DataFileError("x and x_validation differ in timesteps or features")
