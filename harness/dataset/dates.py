"""The dates of a time series: found, read, and checked for order and gaps."""

import re
from collections.abc import Collection
from datetime import datetime
from itertools import pairwise

from harness.dataset.csv_file import column_of
from harness.dataset.date_formats import dates_of, is_number
from harness.dataset.date_gaps import check_gaps
from harness.dataset.records import DataFileError

Rows = list[tuple[int, list[str]]]
Cells = list[tuple[int, str]]

SAYS_DATE = re.compile(r"(?<![a-z])(date|day|time|timestamp|datetime)(?![a-z])")
"""Names of columns that are to hold dates, in lower case: `trade_date`, `time (utc)`."""

MOMENT = 1e8
"""Numbers in such a column are moments from here on (seconds, in 1973); below they may count."""


def dates_among(
    header: list[str], rows: Rows, named: str | None, taken: Collection[int]
) -> int | None:
    """Return the place of the column of dates: the one that is named, or that looks like it.

    Args:
        header: names of the columns.
        rows: each with its line.
        named: by the user; ``None``: the first column of which half are dates.
        taken: places of columns that hold numbers.

    Returns:
        ``None`` where there is none.

    Raises:
        DataFileError: if there is no column of that name.
    """
    if named is not None:
        return column_of(named, header)
    others = (place for place in range(len(header)) if place not in taken)
    return next((place for place in others if _of_dates(header, rows, place)), None)


def unread_dates(header: list[str], rows: Rows, taken: Collection[int]) -> str | None:
    """Return the name of a column that seems to hold dates, though `dates_among` read none.

    It has a date's name, or it is text that differs from row to row.
    """
    for place, name in enumerate(header):
        cells = [row[place].strip() for _, row in rows]
        text = sum(not is_number(cell) for cell in cells if cell) > len(cells) / 2
        differs = len(set(cells)) > len(cells) / 2
        if place not in taken and (SAYS_DATE.search(name.lower()) or (text and differs)):
            return name
    return None


def _of_dates(header: list[str], rows: Rows, place: int) -> bool:
    """Tell whether half of a column's cells or more are dates of one format."""
    cells = [row[place] for _, row in rows]
    numbers = [float(cell) for cell in cells if is_number(cell)]
    moments = bool(SAYS_DATE.search(header[place].lower())) and min(numbers, default=0) >= MOMENT
    read = dates_of(cells, numbers=moments)
    return sum(date is not None for date in read) >= max(len(cells), 1) / 2


def check_dates(name: str, cells: Cells, *, gaps: bool) -> str:
    """Check that each date is later than the one before, and that a regular series has no gap.

    Args:
        name: of the column.
        cells: each with its line.
        gaps: whether dates may be missing.

    Returns:
        What to say of dates that are not regular; empty if they are.

    Raises:
        DataFileError: at the first that is none, out of order, twice there or after a gap.
    """
    dates = _read(name, cells)
    if _newest_first(dates):
        (_, above), (line, cell) = cells[:2]
        raise DataFileError(
            f"line {line}, column {name!r}: {cell} follows {above}: the rows are newest first; "
            "a series starts with the oldest. Turn them, or sort the file by date: "
            "pandas.read_csv(old)[::-1].to_csv(new, index=False)"
        )
    for before, after in pairwise(zip(dates, cells, strict=True)):
        (earlier, (_, above)), (later, (line, cell)) = before, after
        where = f"line {line}, column {name!r}"
        if later == earlier:
            raise DataFileError(f"{where}: {cell} stands twice")
        if later < earlier:
            raise DataFileError(f"{where}: {cell} follows {above}: sort the rows by date")
    return check_gaps(name, dates, cells) if not gaps and len(dates) > 1 else ""


def _newest_first(dates: list[datetime]) -> bool:
    steps = [earlier > later for earlier, later in pairwise(dates)]
    return bool(steps) and steps[0] and sum(steps) > len(steps) / 2


def _read(name: str, cells: Cells) -> list[datetime]:
    """Return the dates of a column, all with a time zone or none."""
    read = dates_of([cell for _, cell in cells], numbers=True)
    dates: list[datetime] = []
    example = next((cell for (_, cell), date in zip(cells, read, strict=True) if date), None)
    for (line, cell), date in zip(cells, read, strict=True):
        where = f"line {line}, column {name!r}"
        if not cell.strip():
            raise DataFileError(f"{where}: is empty; a date is missing")
        if date is None:
            others = f", as others are ({example})" if example else ""
            raise DataFileError(
                f"{where}: {cell!r} is no date{others}; write 2024-12-31 or 2024-12-31 23:59"
            )
        if dates and (dates[-1].tzinfo is None) != (date.tzinfo is None):
            raise DataFileError(f"{where}: only some dates have a time zone")
        dates.append(date)
    return dates
