"""Records from an NPZ file: arrays `x` and `y`, and perhaps `x_validation` and `y_validation`.

`x` is `[records, timesteps, features]`, `y` `[records]`: integers are classes, floats values.
"""

import io
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.lib.format import MAGIC_PREFIX

from harness.dataset.npz_member import members_of, read_member
from harness.dataset.records import Array, DataFileError, Records
from harness.scenario import FromFile
from harness.scenario.vocabulary import nearest

NAMES = ("x", "y", "x_validation", "y_validation")


def read_npz(content: bytes, _data: FromFile) -> Records:
    """Read the content of an NPZ file.

    Raises:
        DataFileError: if it is malformed, or lacks an array that others need.
    """
    return records_of(_arrays(content))


def records_of(arrays: dict[str, Array]) -> Records:
    """Return arrays by name as records, integers as classes and floats as values.

    Raises:
        DataFileError: if their shapes or types do not go together.
    """
    records = {"x": arrays["x"], "y": arrays["y"]}
    if "x_validation" in arrays or "y_validation" in arrays:
        if not {"x_validation", "y_validation"} <= arrays.keys():
            raise DataFileError("has only one of x_validation and y_validation")
        records |= {name: arrays[name] for name in ("x_validation", "y_validation")}
    _check_shapes(records)
    return Records(**{name: _widest(values) for name, values in records.items()})


def _arrays(content: bytes) -> dict[str, Array]:
    """Read the arrays that are records; others are left alone."""
    if content.startswith(MAGIC_PREFIX):
        raise DataFileError("is not an NPZ file: it holds one array without a name")
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            members = members_of(archive)
            for name in ("x", "y"):
                if name not in members:
                    raise DataFileError(f"has no array {name!r}{nearest(name, list(members))}")
            return {n: read_member(archive, members[n]) for n in NAMES if n in members}
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise DataFileError(f"is not an NPZ file: {error}") from None


def _widest(values: Array) -> Array:
    return values.astype(np.int64 if np.issubdtype(values.dtype, np.integer) else np.float64)


def _check_shapes(records: dict[str, Array]) -> None:
    for name, values in records.items():
        if values.dtype.kind not in "iuf":
            raise DataFileError(f"{name} holds {values.dtype}, not real numbers")
        if values.dtype.kind == "u" and values.max(initial=0) > np.iinfo(np.int64).max:
            raise DataFileError(f"{name} holds {values.max()}, which is beyond int64")
        wanted = 3 if name.startswith("x") else 1
        if values.ndim != wanted:
            shape = "[records, timesteps, features]" if wanted > 1 else "[records]"
            raise DataFileError(f"{name} must have shape {shape}, got {list(values.shape)}")
    for inputs, targets in (("x", "y"), ("x_validation", "y_validation")):
        if inputs in records and len(records[inputs]) != len(records[targets]):
            given = f"{len(records[inputs])} and {len(records[targets])}"
            raise DataFileError(f"{inputs} and {targets} must have as many records, got {given}")
    if (
        "y_validation" in records
        and _widest(records["y"]).dtype != _widest(records["y_validation"]).dtype
    ):
        raise DataFileError("y and y_validation must both hold integers (classes) or both floats")
    if "x_validation" in records and records["x"].shape[1:] != records["x_validation"].shape[1:]:
        raise DataFileError("x and x_validation differ in timesteps or features")
