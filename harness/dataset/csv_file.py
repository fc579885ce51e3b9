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
    header, rows = table_of(content)
    column = column_of(data.target, header)
    if not rows:
        raise DataFileError("has no records")
    cells = np.array([_numbers(row, header, line) for line, row in rows])
    x, y = np.delete(cells, column, axis=1), cells[:, column]
    timesteps = data.timesteps or 1
    if x.shape[1] == 0 or x.shape[1] % timesteps:
        raise DataFileError(f"{x.shape[1]} value columns are no multiple of timesteps {timesteps}")
    whole = all(_LABEL.fullmatch(row[column].strip()) for _, row in rows)
    return Records(x.reshape(len(x), timesteps, -1), y.astype(np.int64) if whole else y)


def table_of(content: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header of a CSV file, and its other rows, each with its line.

    Raises:
        DataFileError: if it is no CSV.
    """
    try:
        lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        header = next(lines, [])
        rows = [(lines.line_num, row) for row in lines if row]
    except UnicodeDecodeError as error:
        raise DataFileError(f"is not UTF-8: byte {error.start}") from None
    except csv.Error as error:
        raise DataFileError(f"is not CSV: {error}") from None
    return header, rows


def column_of(name: str, header: list[str]) -> int:
    """Return the place of a column.

    Raises:
        DataFileError: if there is none of that name, or several.
    """
    if header.count(name) > 1:
        raise DataFileError(f"has {header.count(name)} columns {name!r}")
    if name not in header:
        if len(header) == 1 and (mark := next((m for m in ";\t|" if m in header[0]), None)):
            raise DataFileError(f"its cells are separated by {mark!r}: separate them by commas")
        raise DataFileError(f"has no column {name!r}{nearest(name, header)}")
    return header.index(name)


def check_cells(row: list[str], header: list[str], line: int) -> None:
    """Check that a row has a cell for each column.

    Raises:
        DataFileError: if not.
    """
    if len(row) != len(header):
        raise DataFileError(f"line {line} has {len(row)} cells, the header {len(header)}")


def number(cell: str, name: str, line: int) -> float:
    """Return the number in a cell of the column ``name``.

    Raises:
        DataFileError: if there is none, or it is not finite.
    """
    try:
        value = float(cell)
    except ValueError:
        empty = "" if cell.strip() else ": the cell is empty"
        where = f"line {line}, column {name!r}"
        raise DataFileError(f"{where}: {cell!r} is no number{empty}") from None
    if not np.isfinite(value):
        raise DataFileError(f"line {line}, column {name!r}: {cell!r} is not finite")
    return value


def _numbers(row: list[str], header: list[str], line: int) -> list[float]:
    check_cells(row, header, line)
    return [number(cell, name, line) for name, cell in zip(header, row, strict=True)]
