"""Records from CSV and NPZ files, and what is wrong with them.

A CSV is wide, one row a record; the columns other than the target, in order, are the values
`[timesteps, features]`, time first. An NPZ holds `x` `[records, timesteps, features]` and `y`
`[records]` (integers: classes, floats: regression), and optionally `x_validation`,
`y_validation`.
"""

import csv
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from harness.scenario import Case, FromFile
from harness.scenario.vocabulary import CLASSIFICATION_METRICS, REGRESSION_METRICS, nearest

Array = NDArray[Any]

MOST_CLASSES = 10_000
"""More are numbers, not classes: the head has a unit for each."""

_LABEL = re.compile(r"[+-]?[0-9]{1,9}")
"""A cell that is a class; longer whole numbers are no class of anything, but values."""


@dataclass(frozen=True)
class Records:
    """A file's content: inputs `[records, timesteps, features]`, targets `[records]`."""

    x: Array
    y: Array
    x_validation: Array | None = None
    y_validation: Array | None = None


class DataFileError(Exception):
    """A data file cannot be used; the message says why and what would be right."""


def check_file(case: Case) -> list[str]:
    """Return what is wrong with the data file that ``case`` names; empty if it names none."""
    if not isinstance(case.data, FromFile):
        return []
    try:
        records = read(case.directory / case.data.file, case.data)
        _check_use(records, case)
    except DataFileError as error:
        return [f"{case.data.file}: {error}"]
    return []


def read(path: Path, data: FromFile) -> Records:
    """Read a data file.

    Raises:
        DataFileError: if it is missing, malformed, or holds no usable records.
    """
    readers = {".csv": _read_csv, ".npz": _read_npz}
    if path.suffix not in readers:
        raise DataFileError(f"must end in .csv or .npz, not {path.suffix!r}")
    try:
        records = readers[path.suffix](path, data)
    except OSError as error:
        raise DataFileError(f"cannot be read: {error.strerror or error}") from None
    _check_records(records)
    return records


def _check_records(records: Records) -> None:
    if records.x.size == 0:
        raise DataFileError(f"has no records: x has shape {list(records.x.shape)}")
    for name in ("x", "y", "x_validation", "y_validation"):
        values = getattr(records, name)
        if values is not None and not np.isfinite(values).all():
            where = ", ".join(str(i) for i in np.argwhere(~np.isfinite(values))[0])
            raise DataFileError(f"{name}[{where}] is not finite")
    if np.issubdtype(records.y.dtype, np.integer):
        classes = np.unique(records.y)
        if len(classes) < 2:  # noqa: PLR2004  # a choice needs two
            raise DataFileError(f"labels are of one class only ({classes[0]}); give at least two")
        validation = records.y if records.y_validation is None else records.y_validation
        lowest = min(classes[0], validation.min(initial=0))
        if lowest < 0:
            raise DataFileError(f"class labels must not be negative, got {lowest}")
        if classes[-1] >= MOST_CLASSES:
            raise DataFileError(
                f"class label {classes[-1]} is too large (at most {MOST_CLASSES - 1}); "
                "write regression targets with a decimal point"
            )


def _check_use(records: Records, case: Case) -> None:
    """Check a file against the case that uses it: enough records, a metric of its kind."""
    data, given = case.data, len(records.y)
    assert isinstance(data, FromFile)  # noqa: S101  # the caller asked
    kind = "classification" if np.issubdtype(records.y.dtype, np.integer) else "regression"
    wrong = REGRESSION_METRICS if kind == "classification" else CLASSIFICATION_METRICS
    if case.converged.metric in wrong:
        raise DataFileError(f"metric {case.converged.metric!r} does not fit {kind} targets")
    held_out = 0 if records.x_validation is not None else data.validation_records
    wanted = (data.records or 1) + held_out
    if given < wanted:
        raise DataFileError(
            f"holds {given} records, but {wanted} are asked for "
            f"(records {data.records or 'all that are left'}, validation_records {held_out})"
        )
    has_own = records.x_validation is not None and len(records.x_validation)
    if case.converged.on == "validation" and not has_own and not held_out:
        raise DataFileError("holds no validation records and validation_records is 0")


def _read_csv(path: Path, data: FromFile) -> Records:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = csv.reader(stream)
            header = next(lines, [])
            rows = [(lines.line_num, row) for row in lines if row]
    except UnicodeDecodeError as error:
        raise DataFileError(f"is not UTF-8: byte {error.start}") from None
    except csv.Error as error:
        raise DataFileError(f"is not CSV: {error}") from None
    if header.count(data.target) != 1:
        if header.count(data.target) > 1:
            raise DataFileError(f"has {header.count(data.target)} columns {data.target!r}")
        raise DataFileError(f"has no column {data.target!r}{nearest(data.target, header)}")
    if not rows:
        raise DataFileError("has no records")
    cells = np.array([_numbers(row, header, line) for line, row in rows])
    column = header.index(data.target)
    x, y = np.delete(cells, column, axis=1), cells[:, column]
    timesteps = data.timesteps or 1
    if x.shape[1] == 0 or x.shape[1] % timesteps:
        raise DataFileError(f"{x.shape[1]} value columns are no multiple of timesteps {timesteps}")
    whole = all(_LABEL.fullmatch(row[column].strip()) for _, row in rows)
    return Records(x.reshape(len(x), timesteps, -1), y.astype(np.int64) if whole else y)


def _numbers(row: list[str], header: list[str], line: int) -> list[float]:
    if len(row) != len(header):
        raise DataFileError(f"line {line} has {len(row)} cells, the header {len(header)}")
    values = []
    for name, cell in zip(header, row, strict=True):
        try:
            value = float(cell)
        except ValueError:
            raise DataFileError(f"line {line}, column {name!r}: {cell!r} is no number") from None
        if not np.isfinite(value):
            raise DataFileError(f"line {line}, column {name!r}: {cell!r} is not finite")
        values.append(value)
    return values


def _read_npz(path: Path, _data: FromFile) -> Records:
    try:
        with path.open("rb") as stream:
            content = np.load(stream, allow_pickle=False)
            if not isinstance(content, np.lib.npyio.NpzFile):
                raise DataFileError("is not an NPZ file: it holds one array without a name")
            arrays = {name: content[name] for name in content.files}
    except (ValueError, BadZipFile, EOFError, zlib.error) as error:
        raise DataFileError(f"is not an NPZ file: {error}") from None
    for name in ("x", "y"):
        if name not in arrays:
            raise DataFileError(f"has no array {name!r}{nearest(name, list(arrays))}")
    records = {"x": arrays["x"], "y": arrays["y"]}
    if "x_validation" in arrays or "y_validation" in arrays:
        if not {"x_validation", "y_validation"} <= arrays.keys():
            raise DataFileError("has only one of x_validation and y_validation")
        records |= {name: arrays[name] for name in ("x_validation", "y_validation")}
    _check_shapes(records)
    return Records(**{name: _widest(values) for name, values in records.items()})


def _widest(values: Array) -> Array:
    return values.astype(np.int64 if np.issubdtype(values.dtype, np.integer) else np.float64)


def _check_shapes(records: dict[str, Array]) -> None:
    for name, values in records.items():
        if values.dtype.kind not in "iuf":
            raise DataFileError(f"{name} holds {values.dtype}, not real numbers")
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
