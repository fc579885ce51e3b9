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
"""The same for one in which a whole row is missing: a series with 3 of 116 days left out is a
regular one. Within a day it is told of steps that end on the day they begin: nights may be long."""

MISSING = 1.5
"""How much longer a step is then than usual: a week may end a day early or late."""

ALIKE = 1.12
"""How much longer the longest of steps that are alike may be: February and a month of 31 days."""

CLOSED = 0.1
"""Rows on a day of the week, of those on the commonest: with fewer it is a closed one."""


CLOSES = 0.8
"""Share of the longer steps within a day that begin at a few times of day where it closes then."""

TIMES = 0.1
"""Share of them that begin at each of those: seen from elsewhere, summer moves a market's hours."""


def check_gaps(name: str, dates: list[datetime], cells: list[tuple[int, str]]) -> str:
    """Check that no row is missing, where dates follow each other regularly.

    Days of the week that are closed are not counted. Where there are some, a market or an office,
    holidays are ordinary, and what is missing is a whole week: the New York Stock Exchange was
    closed for four days at most since 1933. Nor are hours counted in which a day is closed.

    Args:
        name: of the column.
        dates: two or more, each later than the one before.
        cells: that they were read from, each with its line.

    Returns:
        What to say of dates that are not regular; empty if they are.

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
    closing = _closing(dates, whole, usual)
    steps = [usual if shut else step for step, shut in zip(steps, closing, strict=True)]
    alike = sum(usual / ALIKE <= step <= usual * ALIKE for step in steps) / len(steps)
    if alike < OFTEN:
        shortest, longest = _told(min(whole)), _told(max(whole))
        return (
            f"column {name!r}: its dates are {shortest} to {longest} apart; a window takes each "
            "row for one step (gaps = true says that this is meant)"
        )
    for index, step in enumerate(steps):
        earlier, later = dates[index : index + 2]
        same_day = earlier.date() == later.date()
        if step > _longest(usual, 7 - len(closed), alike, same_day=same_day):
            (_, above), (line, cell) = cells[index : index + 2]
            raise DataFileError(
                f"line {line}, column {name!r}: {_told(whole[index])} between {above} and {cell}, "
                f"where others are {_told(usual)} apart: add the missing rows, or set gaps = true"
            )
    return ""


def _longest(usual: timedelta, week: int, alike: float, *, same_day: bool) -> timedelta:
    """Return the longest step that is no gap."""
    if week < 7:  # noqa: PLR2004  # days
        return week * DAY
    if alike >= REGULAR:
        return usual * ALIKE
    return usual * MISSING if usual >= DAY / ALIKE or same_day else timedelta.max


def _closing(dates: list[datetime], steps: Steps, usual: timedelta) -> list[bool]:
    """Tell which steps of less than a day pass over hours in which no rows are expected."""
    begins = [date.time() for date, step in zip(dates, steps, strict=False) if step > usual * ALIKE]
    counts = Counter(begins)
    times = {at for at, n in counts.items() if n >= max(3, TIMES * len(begins))}
    if usual >= DAY / ALIKE or sum(counts[at] for at in times) < CLOSES * len(begins):
        return [False] * len(steps)
    return [
        step > usual * ALIKE and date.time() in times
        for date, step in zip(dates, steps, strict=False)
    ]


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
