"""Records from a CSV file: wide, one row a record.

The columns other than the target, in order, are the values `[timesteps, features]`, time first.
"""

import csv
import io
import re

import numpy as np

from harness.dataset.records import DataFileError, Records
from harness.scenario import FromFile
from harness.scenario.vocabulary import nearest

_LABEL = re.compile(r"[+-]?[0-9]{1,9}")
"""A cell that is a class; longer whole numbers are no class of anything, but values."""


def read_csv(content: bytes, data: FromFile) -> Records:
    """Read the content of a CSV file; targets that are all whole numbers are classes.

    Raises:
        DataFileError: if it is malformed or has no column of the target's name.
    """
    try:
        lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
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
