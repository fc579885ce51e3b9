"""The dates of a time series: found, read, and checked for order and gaps."""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from harness.dataset.csv_file import column_of
from harness.dataset.records import DataFileError

Rows = list[tuple[int, list[str]]]
Cells = list[tuple[int, str]]

REGULAR = 0.98
"""Share of the steps between dates that have to be alike for another one to be a gap: of trading
days a fifth spans a weekend, and months differ by three days at most."""

ALIKE = 1.12
"""How much longer the longest of steps that are alike may be: February and a month of 31 days."""


def dates_among(
    header: list[str], rows: Rows, named: str | None, taken: Collection[int]
) -> int | None:
    """Return the place of the column of dates: the one that is named, or that looks like it.

    Args:
        header: names of the columns.
        rows: each with its line.
        named: by the user; ``None``: the first column of which the first cell is a date.
        taken: places of columns that hold numbers.

    Returns:
        ``None`` where there is none.

    Raises:
        DataFileError: if there is no column of that name.
    """
    if named is not None:
        return column_of(named, header)
    first = rows[0][1] if rows else []
    others = (n for n, cell in enumerate(first) if n not in taken and _date(cell) is not None)
    return next(others, None)


def check_dates(name: str, cells: Cells, *, gaps: bool) -> None:
    """Check that each date is later than the one before, and that a regular series has no gap.

    Args:
        name: of the column.
        cells: each with its line.
        gaps: whether dates may be missing.

    Raises:
        DataFileError: at the first that is none, out of order, twice there or after a gap.
    """
    dates = [_read(name, line, cell) for line, cell in cells]
    for before, after in pairwise(zip(dates, cells, strict=True)):
        (earlier, (_, above)), (later, (line, cell)) = before, after
        where = f"line {line}, column {name!r}"
        if (earlier.tzinfo is None) != (later.tzinfo is None):
            raise DataFileError(f"{where}: only some dates have a time zone")
        if later == earlier:
            raise DataFileError(f"{where}: {cell} stands twice")
        if later < earlier:
            raise DataFileError(f"{where}: {cell} follows {above}: sort the rows by date")
    if not gaps and len(dates) > 1:
        _check_gaps(name, dates, cells)


def _check_gaps(name: str, dates: list[datetime], cells: Cells) -> None:
    steps = [later - earlier for earlier, later in pairwise(dates)]
    usual, _ = Counter(steps).most_common(1)[0]
    longest = max(step for step in steps if step <= usual * ALIKE)
    alike = sum(usual / ALIKE <= step <= usual * ALIKE for step in steps)
    if alike < REGULAR * len(steps):
        return
    for ((_, above), (line, cell)), step in zip(pairwise(cells), steps, strict=True):
        if step > longest:
            raise DataFileError(
                f"line {line}, column {name!r}: {_told(step)} between {above} and {cell}, where "
                f"others are {_told(usual)} apart: add the missing rows, or set gaps = true"
            )


def _told(step: timedelta) -> str:
    return str(step).removesuffix(", 0:00:00")


def _read(name: str, line: int, cell: str) -> datetime:
    where = f"line {line}, column {name!r}"
    if not cell.strip():
        raise DataFileError(f"{where}: is empty; a date is missing")
    if (date := _date(cell) or _timestamp(cell)) is None:
        raise DataFileError(f"{where}: {cell!r} is no date; write 2024-12-31 or 2024-12-31 23:59")
    return date


def _date(cell: str) -> datetime | None:
    """Return a date as in ISO 8601, slashes for hyphens allowed; plain numbers are none."""
    text = cell.strip().replace("/", "-")
    if "-" not in text[1:]:
        return None
    for known in (text, f"{text}-01"):  # a month without a day
        try:
            return datetime.fromisoformat(known)
        except ValueError:
            continue
    return None


def _timestamp(cell: str) -> datetime | None:
    """Return the moment that is so many seconds after 1970, as logs count."""
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(cell))
    except (ValueError, OverflowError):
        return None
