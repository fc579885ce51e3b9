"""Dates as files write them: the one reading of a column under which its cells are dates."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from itertools import pairwise

Dates = list[datetime | None]
Reading = Callable[[str], datetime | None]

FORMATS = (
    *("%Y-%m-%d", "%m-%d-%Y", "%d-%m-%Y", "%Y%m%d", "%d-%b-%Y", "%b-%d-%Y", "%Y-%b-%d"),
    *("%d-%B-%Y", "%B-%d-%Y", "%m-%d-%y", "%d-%m-%y", "%y-%m-%d", "%d-%b-%y", "%b-%d-%y"),
    *("%b-%Y", "%B-%Y", "%m-%Y", "%Y-%m"),
)
"""Beside ISO 8601, with any of ``/ . , -`` or a space between the parts; read in this order."""

YEARS = range(1800, 2200)
"""Eight digits are a date in these; other numbers have eight digits, too."""

SAMPLE = 200
"""Cells, spread over the column, that a reading is first tried on: most read hardly any."""

_DAY = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[ ,.]+", re.IGNORECASE
)
_TIME = re.compile(
    r"(?:[T ,]+|(?<=\d):)(\d{1,2}):(\d\d)(?::(\d\d(?:[.,]\d+)?))?\s*([ap])?\.?(?:m\.?)?"
    r"\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$",
    re.IGNORECASE,
)
_SINCE_1970 = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3), (0.0, 1.0))


def dates_of(cells: Sequence[str], *, numbers: bool) -> Dates:
    """Return the dates in the cells of a column, ``None`` where one is no date as the others are.

    Of readings that read as many cells (is 01/02/2024 in January or in February?) it is the first
    under which they are in order, the oldest or the newest first.

    Args:
        cells: of the column.
        numbers: whether any number is a date, in seconds (or ms, us, ns) since 1970; otherwise
            eight digits are only.
    """
    kept = [cell.strip() for cell in cells]
    some = [cell for cell in kept if cell][:: max(1, len(kept) // SAMPLE)]
    if some and all(map(_iso, some)):  # which can be read in one way only
        return [_iso(cell) for cell in kept]
    tried = [(sum(read(cell) is not None for cell in some), read) for read in _readings(numbers)]
    most = max(count for count, _ in tried)
    if not most:
        return [None] * len(kept)
    found = [[read(cell) for cell in kept] for count, read in tried if count == most]
    return max(found, key=_rank)  # the first of several


def is_number(cell: str) -> bool:
    """Tell whether a cell is a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _readings(numbers: bool) -> Iterator[Reading]:
    yield _iso
    yield from (partial(_formatted, form) for form in FORMATS)
    if numbers:
        yield _since_1970


def _rank(dates: Dates) -> tuple[int, int]:
    read = [date if date.tzinfo else date.replace(tzinfo=UTC) for date in dates if date]
    rises = all(earlier < later for earlier, later in pairwise(read))
    falls = all(earlier > later for earlier, later in pairwise(read))
    return len(read), 2 * rises + falls


def _iso(text: str) -> datetime | None:
    """Return a date as in ISO 8601, slashes for hyphens allowed; plain numbers are none."""
    known = text.replace("/", "-")
    if "-" not in known[1:]:
        return None
    for one in (known, f"{known}-01"):  # a month without a day
        try:
            return datetime.fromisoformat(one)
        except ValueError:
            continue
    return None


def _formatted(form: str, text: str) -> datetime | None:
    """Return a date in a format of `FORMATS`; a price of 12.2024 is none."""
    if form != "%Y%m%d" and is_number(text):
        return None
    time = _TIME.search(text)
    day = _DAY.sub("", text[: time.start()] if time else text)
    try:
        date = datetime.strptime(re.sub(r"[/.,\s-]+", "-", day), form)  # noqa: DTZ007  # see _at
    except ValueError:
        return None
    if form == "%Y%m%d" and (len(day) != 8 or date.year not in YEARS):  # noqa: PLR2004  # digits
        return None
    return _at(date, time) if time else date


def _at(date: datetime, time: re.Match[str]) -> datetime | None:
    hour, minute, second, half, zone = time.groups()
    hours = int(hour) % 12 + 12 * (half in "pP") if half else int(hour)
    moment = timedelta(hours=hours, minutes=int(minute))
    moment += timedelta(seconds=float((second or "0").replace(",", ".")))
    if moment >= timedelta(days=1):
        return None
    if zone is None:
        return date + moment
    sign, digits = (-1 if zone[0] == "-" else 1), re.sub(r"\D", "", zone).ljust(4, "0")
    apart = sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return (date + moment).replace(tzinfo=timezone(apart))


def _since_1970(text: str) -> datetime | None:
    """Return the moment that is so many seconds after 1970, as logs count; or ms, us, ns."""
    try:
        count = float(text)
        scale = next(scale for least, scale in _SINCE_1970 if abs(count) >= least)
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=count / scale)
    except (ValueError, OverflowError, StopIteration):  # not even NaN is one
        return None
