"""CSV: a header of names, one row a step; an empty cell is no point."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from harness.curves.curve import Points, step_number
from harness.curves.errors import CurveError, place
from harness.curves.json_lines import step_name


def parse(text: str, path: Path) -> dict[str, Points]:
    """Return the points of each column.

    Raises:
        CurveError: where a name comes twice, or a row has more or fewer cells than the header.
    """
    rows = _rows(text, path)
    _, header = next(rows)
    names = [name.strip() for name in header]
    _check_header(names, path)
    key = names.index(step_name(names, path, 1))
    found = {name: Points(path) for at, name in enumerate(names) if at != key}
    for line, row in rows:
        if len(row) != len(names):
            raise CurveError(
                f"{place(path, line)}: has {len(row)} cells where the header has {len(names)}: "
                "the row is cut off, or a cell holds a comma without quotes"
            )
        step = step_number(row[key].strip() or None, path, line)
        for at, name in enumerate(names):
            if at != key and row[at].strip():
                found[name].add(step, row[at].strip(), line)
    return found


def _rows(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        raise CurveError(f"{place(path, reader.line_num)}: is broken CSV: {error}") from None


def _check_header(names: list[str], path: Path) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise CurveError(f"{place(path, 1)}: {count} columns are called {name!r}")
