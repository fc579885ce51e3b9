"""What arrays of records have to look like before they are taken for records."""

from collections.abc import Mapping

import numpy as np

from harness.dataset.padding import Array
from harness.dataset.records import DataFileError
from harness.scenario.data import Targets

X_SHAPE = "[records, timesteps, features]"
Y_SHAPES: Mapping[Targets, str] = {"last": "[records]", "each_step": "[records, timesteps]"}
"""Several values or labels of a target are a further axis."""

IDS_SHAPE = "[records, timesteps]"
"""Of token ids, which are integers."""


def check_shapes(records: Mapping[str, Array], targets: Targets) -> None:
    """Check arrays against their declared shapes and each other.

    Args:
        records: ``x`` and ``y``, perhaps ``lengths``, and perhaps the same with ``_validation``.
        targets: whether a record has one, or one at each step.

    Raises:
        DataFileError: if one is of another shape or type, or two do not go together.
    """
    for name, values in records.items():
        _check_type(name, values)
        _check_axes(name, values, targets)
    for ending in ("", "_validation"):
        if f"lengths{ending}" in records and f"x{ending}" not in records:
            raise DataFileError(f"has lengths{ending} and no x{ending}, y{ending}")
        if f"x{ending}" in records:
            _check_pair(ending, records, targets)
    if "x_validation" in records:
        _check_sets(records)


def widest(values: Array) -> Array:
    """Return whole numbers as int64, others as float64."""
    return values.astype(np.int64 if np.issubdtype(values.dtype, np.integer) else np.float64)


def _check_type(name: str, values: Array) -> None:
    if values.dtype.kind not in "iuf":
        raise DataFileError(f"{name} holds {values.dtype}, not real numbers")
    if values.dtype.kind == "u" and values.max(initial=0) > np.iinfo(np.int64).max:
        raise DataFileError(f"{name} holds {values.max()}, which is beyond int64")
    if name.startswith("lengths") and values.dtype.kind == "f":
        raise DataFileError(f"{name} holds {values.dtype}, not whole numbers of steps")


def _check_axes(name: str, values: Array, targets: Targets) -> None:
    ids = values.dtype.kind in "iu" and values.ndim == 2  # noqa: PLR2004  # as in `IDS_SHAPE`
    shape, more = "[records]", 0
    if name.startswith("x"):
        shape = IDS_SHAPE if ids else X_SHAPE
    elif name.startswith("y"):
        shape, more = Y_SHAPES[targets], 1
    axes = shape.count(",") + 1
    several = values.ndim == axes + more and values.shape[-1] > 1
    told = f"{name} must have shape {shape}, got {list(values.shape)}"
    if shape == X_SHAPE and values.ndim == 2:  # noqa: PLR2004  # as above
        raise DataFileError(f"{told} of {values.dtype}; token ids are integers")
    if values.ndim != axes and not several:
        raise DataFileError(told)


def _check_pair(ending: str, records: Mapping[str, Array], targets: Targets) -> None:
    """Check that there are as many targets as inputs, at each step where that is declared."""
    x, y, ends = f"x{ending}", f"y{ending}", f"lengths{ending}"
    axes = ("records", "steps") if targets == "each_step" else ("records",)
    for axis, counted in enumerate(axes):
        given = records[x].shape[axis], records[y].shape[axis]
        if given[0] != given[1]:
            told = f"got {given[0]} and {given[1]}"
            raise DataFileError(f"{x} and {y} must have as many {counted}, {told}")
    if ends in records:
        _check_lengths(ends, records[ends], records[x].shape[:2])


def _check_lengths(name: str, lengths: Array, shape: tuple[int, ...]) -> None:
    records, timesteps = shape
    if len(lengths) != records:
        raise DataFileError(f"{name} must have one number a record, {records}, got {len(lengths)}")
    wrong = np.flatnonzero((lengths < 1) | (lengths > timesteps))
    if not len(wrong):
        return
    first = int(wrong[0])
    if lengths[first] > timesteps:
        told = f"{lengths[first]}, beyond the {timesteps} steps of the sequence"
    else:
        told = f"{lengths[first]}: the record is empty, leave it out"
    raise DataFileError(f"{name}[{first}] is {told}")


def _check_sets(records: Mapping[str, Array]) -> None:
    """Check that training and validation records are of one kind."""
    for name, kinds in (("x", "token ids"), ("y", "classes")):
        if widest(records[name]).dtype != widest(records[f"{name}_validation"]).dtype:
            both = f"integers ({kinds}) or both floats"
            raise DataFileError(f"{name} and {name}_validation must both hold {both}")
    if records["x"].shape[1:] != records["x_validation"].shape[1:]:
        raise DataFileError("x and x_validation differ in timesteps or features")
    if ("lengths" in records) != ("lengths_validation" in records):
        raise DataFileError("has only one of lengths and lengths_validation")
