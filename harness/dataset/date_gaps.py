"""Dates that are missing from a regular time series, which a window would span without a word."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise

from harness.dataset.records import DataFileError

DAY = timedelta(days=1)
Steps = list[timedelta]

REGULAR = 0.98
"""Share of the steps between dates that have to be alike for any longer one to be a gap."""

OFTEN = 0.9
"""The same where a step is a day or more, for one in which a whole row is missing: a series with 3
of 116 days left out is a regular one. Within a day, nights can be a tenth of the steps."""

MISSING = 1.5
"""How much longer a step is then than usual: a week may end a day early or late."""

ALIKE = 1.12
"""How much longer the longest of steps that are alike may be: February and a month of 31 days."""

CLOSED = 0.1
"""Rows on a day of the week, of those on the commonest: with fewer it is a closed one."""


def check_gaps(name: str, dates: list[datetime], cells: list[tuple[int, str]]) -> None:
    """Check that no row is missing, where dates follow each other regularly.

    Days of the week that are closed are not counted. Where there are some, a market or an office,
    holidays are ordinary, and what is missing is a whole week: the New York Stock Exchange was
    closed for four days at most since 1933.

    Args:
        name: of the column.
        dates: two or more, each later than the one before.
        cells: that they were read from, each with its line.

    Raises:
        DataFileError: at the first gap.
    """
    whole = [later - earlier for earlier, later in pairwise(dates)]
    usual, _ = Counter(whole).most_common(1)[0]
    closed = _closed_days(dates) if DAY / ALIKE <= usual <= DAY * ALIKE else set()
    steps = [
        step - _days_between(earlier, later, closed) * DAY
        for step, (earlier, later) in zip(whole, pairwise(dates), strict=True)
    ]
    longest = _longest(steps, usual, 7 - len(closed))
    if longest is None:
        return
    rows = zip(pairwise(cells), steps, whole, strict=True)
    for ((_, above), (line, cell)), step, full in rows:
        if step > longest:
            raise DataFileError(
                f"line {line}, column {name!r}: {_told(full)} between {above} and {cell}, where "
                f"others are {_told(usual)} apart: add the missing rows, or set gaps = true"
            )


def _longest(steps: Steps, usual: timedelta, week: int) -> timedelta | None:
    """Return the longest step that is no gap; ``None`` where they are irregular."""
    alike = sum(usual / ALIKE <= step <= usual * ALIKE for step in steps) / len(steps)
    if week < 7 and alike >= OFTEN:  # noqa: PLR2004  # days
        return week * DAY
    if alike >= REGULAR:
        return max(step for step in steps if step <= usual * ALIKE)
    return usual * MISSING if alike >= OFTEN and usual >= DAY / ALIKE else None


def _closed_days(dates: list[datetime]) -> set[int]:
    """Return the days of the week that hold no rows, which were passed over twice at least."""
    rows = Counter(each.weekday() for each in dates)
    if (dates[-1] - dates[0]) < 14 * DAY:  # each stands twice in it
        return set()
    most = max(rows.values())
    return {day for day in range(7) if rows[day] < CLOSED * most}


def _days_between(earlier: datetime, later: datetime, which: set[int]) -> int:
    """Count the days of the week that lie between two dates, both left out."""
    first, last = (date.toordinal(each) for each in (earlier, later))
    weeks, rest = divmod(max(last - first - 1, 0), 7)
    days = ((earlier.weekday() + 1 + n) % 7 for n in range(rest))
    return weeks * len(which) + sum(day in which for day in days)


def _told(step: timedelta) -> str:
    return str(step).removesuffix(", 0:00:00")
