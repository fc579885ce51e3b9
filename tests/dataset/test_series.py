"""Time series: windows by name, a split in time, and what is wrong with a file told by its line."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.dataset.files import read as read_expected
from harness.dataset.records import DataFileError, Records
from harness.scenario import FromSeries
from harness.scenario.data_digest import digest_of_file

ROWS = 40


def text(rows: int = ROWS, *, start: str = "2024-01-01") -> str:
    """Rows of a date, a price 0, 1, 2 ... and a volume 100, 101 ..."""
    days = np.datetime64(start) + np.arange(rows)
    lines = [f"{day},{n},{100 + n}" for n, day in enumerate(days)]
    return "\n".join(["date,price,volume", *lines]) + "\n"


def series(folder: Path, content: str, **options: Any) -> Records:
    (folder / "s.csv").write_text(content, encoding="utf-8")
    named = {"series": "s.csv", "column": "price", "window": 3, "validation_records": 5}
    data = FromSeries.model_validate(named | options)
    return read_expected(folder / "s.csv", data, digest_of_file(folder / "s.csv"))


def refused(folder: Path, content: str, **options: Any) -> str:
    with pytest.raises(DataFileError) as raised:
        series(folder, content, **options)
    return str(raised.value)


def test_a_window_predicts_the_value_a_horizon_after_its_last(tmp_path: Path) -> None:
    records = series(tmp_path, text(), horizon=2)
    assert records.x[0].tolist() == [[0], [1], [2]]
    assert records.y[:3].tolist() == [4, 5, 6]


def test_columns_are_the_inputs_and_column_is_what_is_predicted(tmp_path: Path) -> None:
    both = series(tmp_path, text(), columns=["volume", "price"])
    assert both.x[0].tolist() == [[100, 0], [101, 1], [102, 2]]
    assert both.y[0] == 3
    first = series(tmp_path, text(), column=None, columns=["volume", "price"])
    assert first.y[0] == 103


def test_each_step_of_a_window_can_predict_its_own_future(tmp_path: Path) -> None:
    records = series(tmp_path, text(), horizon=2, targets="each_step")
    assert records.y[0].tolist() == [2, 3, 4]


@pytest.mark.parametrize(("window", "horizon"), [(3, 1), (1, 1), (4, 5)])
@pytest.mark.parametrize("validation", [1, 7])
def test_no_row_of_training_is_in_a_held_out_window(
    tmp_path: Path, window: int, horizon: int, validation: int
) -> None:
    records = series(
        tmp_path, text(), window=window, horizon=horizon, validation_records=validation
    )
    assert records.x_validation is not None
    assert records.y_validation is not None
    assert len(records.y_validation) == validation
    assert records.y_validation[-1] == ROWS - 1
    assert records.y.max() == records.x_validation.min() - 1  # as near as it may be


def test_records_are_the_latest_training_windows(tmp_path: Path) -> None:
    every = series(tmp_path, text())
    some = series(tmp_path, text(), records=4)
    assert some.y.tolist() == every.y[-4:].tolist()


def test_without_held_out_windows_all_are_trained_on(tmp_path: Path) -> None:
    assert len(series(tmp_path, text(), validation_records=0).y) == ROWS - 3


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        (text(3), {}, "has 3 rows; one window of 3 and horizon 1 take 4"),
        (text(10), {}, "has 10 rows, which make 7 windows; 1 for training, 5 held out and 3"),
        (text(40), {"records": 30}, "take 41 rows"),
        (text(), {"column": "prise"}, "has no column 'prise'; did you mean 'price'?"),
        (text(), {"columns": ["price", "prise"]}, "has no column 'prise'"),
        (text(), {"date": "day"}, "has no column 'day'"),
        (text().replace("date,", "price,", 1), {}, "has 2 columns 'price'"),
        (text().replace(",7,107", ",7"), {}, "line 9 has 2 cells, the header 3"),
        (
            text().replace(",7,107", ",seven,107"),
            {},
            "line 9, column 'price': 'seven' is no number",
        ),
        (
            text().replace(",7,107", ",,107"),
            {},
            "line 9, column 'price': '' is no number: the cell is empty",
        ),
        (text().replace(",7,107", ",nan,107"), {}, "line 9, column 'price': 'nan' is not finite"),
        (
            text().replace("2024-01-08", "2024-02-30"),
            {},
            "line 9, column 'date': '2024-02-30' is no date",
        ),
        (
            text().replace("2024-01-08", ""),
            {},
            "line 9, column 'date': is empty; a date is missing",
        ),
        (
            text().replace("2024-01-08", "2023-01-08"),
            {},
            "line 9, column 'date': 2023-01-08 follows 2024-01-07: sort the rows by date",
        ),
        (
            text().replace("2024-01-08", "2024-01-07"),
            {},
            "line 9, column 'date': 2024-01-07 stands twice",
        ),
        (text().replace(",", ";"), {}, "its cells are separated by ';'"),
        (text().replace("2024-01-08", "08.01.2024"), {}, "write 2024-12-31"),
        ("date,price,volume\n", {}, "has 0 rows"),
        ("", {}, "has no column 'price'"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column(
    tmp_path: Path, content: str, options: dict[str, Any], said: str
) -> None:
    assert said in refused(tmp_path, content, **options)


def without(day: str) -> str:
    """Return a year of days, one of which is missing."""
    lines = text(365).splitlines()
    return "\n".join(line for line in lines if not line.startswith(day))


def test_a_date_that_is_missing_from_a_regular_series_is_a_mistake(tmp_path: Path) -> None:
    message = refused(tmp_path, without("2024-05-01"))
    assert "line 123, column 'date': 2 days between 2024-04-30 and 2024-05-02" in message
    assert "others are 1 day apart: add the missing rows, or set gaps = true" in message
    assert len(series(tmp_path, without("2024-05-01"), gaps=True).y)


def weekdays(rows: int) -> list[str]:
    days = np.datetime64("2024-01-01") + np.arange(rows)
    return [str(day) for day in days if np.is_busday(day, holidays=["2024-12-25"])]


def months(rows: int) -> list[str]:
    return [str(np.datetime64("2020-01") + n) for n in range(rows)]


def hours(rows: int) -> list[str]:
    return [f"{np.datetime64('2024-01-01T00') + n}:00" for n in range(rows)]


def seconds(rows: int) -> list[str]:
    return [str(1_700_000_000 + 60 * n) for n in range(rows)]


@pytest.mark.parametrize("made", [weekdays, months, hours, seconds])
def test_ordinary_calendars_have_no_gaps(tmp_path: Path, made: Any) -> None:
    dates = made(400)
    content = "\n".join(["when,price", *(f"{date},{n}" for n, date in enumerate(dates))])
    named = {"date": "when"} if made is seconds else {}
    assert len(series(tmp_path, content, **named).y) == len(dates) - 3 - 5 - 3


WRITTEN = [
    *("%m/%d/%Y", "%d.%m.%Y", "%m/%d/%y", "%d %b %Y", "%b %d, %Y", "%Y%m%d"),
    *("%m/%d/%Y %I:%M %p", "%Y-%m-%d %H:%M UTC"),
]


def dated(days: list[Any], form: str = "%Y-%m-%d", name: str = "date") -> str:
    """Return rows of the days, written so, and a price."""
    lines = [f'"{day.strftime(form)}",{n}' for n, day in enumerate(days)]
    return "\n".join([f"{name},price", *lines])


def days(rows: int) -> list[datetime]:
    return [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(n) for n in range(rows)]


@pytest.mark.parametrize("form", [*WRITTEN, "%s"])
def test_dates_in_any_usual_format_are_checked_for_order_and_gaps(
    tmp_path: Path, form: str
) -> None:
    right = days(120)
    assert not series(tmp_path, dated(right, form)).note
    assert "the rows are newest first" in refused(tmp_path, dated(right[::-1], form))
    swapped = [*right[:50], right[51], right[50], *right[52:]]
    assert "sort the rows by date" in refused(tmp_path, dated(swapped, form))
    assert "2 days between" in refused(tmp_path, dated(right[:50] + right[51:], form))


@pytest.mark.parametrize("form", ["%m/%d/%Y", "%d/%m/%Y"])
def test_a_day_that_could_be_a_month_is_read_so_that_rows_are_in_order(
    tmp_path: Path, form: str
) -> None:
    some = [datetime(2024, month, day, tzinfo=UTC) for month in (1, 2, 3) for day in (2, 5, 8)]
    assert len(series(tmp_path, dated(some, form), validation_records=0).y)
    some[3:5] = some[4], some[3]
    assert "sort the rows" in refused(tmp_path, dated(some, form), validation_records=0)


def minutes(rows: int, step: int = 5) -> list[datetime]:
    return [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=step * n) for n in range(rows)]


def test_rows_that_are_missing_within_a_day_are_told(tmp_path: Path) -> None:
    some = [at for n, at in enumerate(minutes(600)) if n % 25 != 20]
    message = refused(tmp_path, dated(some, "%Y-%m-%d %H:%M"))
    assert "0:10:00 between 2024-01-01 01:35 and 2024-01-01 01:45, where others are" in message


@pytest.mark.parametrize("step", [1, 5, 60])
def test_hours_in_which_a_market_is_closed_are_no_gaps(tmp_path: Path, step: int) -> None:
    traded = [at for at in minutes(60 * 24 * 15 // step, step) if 9 <= at.hour < 16]
    records = series(tmp_path, dated(traded, "%Y-%m-%d %H:%M"))
    assert not records.note
    lacking = traded[: len(traded) // 2] + traded[len(traded) // 2 + 1 :]
    assert "apart: add the missing rows" in refused(tmp_path, dated(lacking, "%Y-%m-%d %H:%M"))


def test_of_dates_that_are_irregular_a_line_is_told(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    some = [at + timedelta(seconds=int(rng.integers(0, 200))) for at in minutes(60)]
    content = dated(some, "%Y-%m-%d %H:%M:%S")
    assert "apart; a window takes each row for one step" in series(tmp_path, content).note
    assert not series(tmp_path, content, gaps=True).note


def test_a_first_date_that_is_blank_is_a_mistake(tmp_path: Path) -> None:
    assert "line 2, column 'date': is empty" in refused(
        tmp_path, text().replace("2024-01-01", "", 1)
    )


def test_of_dates_that_cannot_be_read_a_line_is_told(tmp_path: Path) -> None:
    strange = dated(days(40), "%d~%m~%Y")
    assert "the order of the rows is not checked" in series(tmp_path, strange).note
    assert "is no date" in refused(tmp_path, strange, date="date")
    numbers = "hour,day,price\n" + "\n".join(f"{n % 24},{n % 7},{n}" for n in range(40))
    assert "column 'day'" in series(tmp_path, numbers).note
    assert not series(tmp_path, numbers.replace("day", "size")).note
    tickers = "ticker,price\n" + "\n".join(f"AAPL,{n}" for n in range(40))
    assert not series(tmp_path, tickers).note


@pytest.mark.parametrize("left_out", [(10, 50, 90), (10, 11, 50, 90)])
def test_several_missing_days_are_told_as_one_is(tmp_path: Path, left_out: tuple[int]) -> None:
    some = [day for n, day in enumerate(days(120)) if n not in left_out]
    assert "between 2024-01-10 and 2024-01-1" in refused(tmp_path, dated(some))


@pytest.mark.parametrize("closed", [{5, 6}, {4, 5}, {6}])
def test_of_trading_days_a_week_that_is_missing_is_told_and_holidays_are_not(
    tmp_path: Path, closed: set[int]
) -> None:
    trading = [day for day in days(365) if day.weekday() not in closed]
    holidays = [day for n, day in enumerate(trading) if n % 50 not in (20, 21)]
    assert len(series(tmp_path, dated(holidays)).y)
    message = refused(tmp_path, dated(trading[:40] + trading[46:]))
    assert f"between {trading[39]:%Y-%m-%d} and {trading[46]:%Y-%m-%d}" in message


def test_values_that_are_predicted_and_no_input_are_kept_beside(tmp_path: Path) -> None:
    records = series(tmp_path, text(), columns=["volume"])
    assert records.series is not None
    assert records.ends is not None
    assert (records.series[records.ends] == records.x[:, -1, 0] - 100).all()


def test_a_file_without_dates_is_taken_in_its_order(tmp_path: Path) -> None:
    content = "price\n" + "\n".join(map(str, range(20)))
    assert series(tmp_path, content).y[0] == 3


def test_another_ending_is_told(tmp_path: Path) -> None:
    (tmp_path / "s.npz").write_bytes(b"")
    data = FromSeries(series="s.npz", column="price")
    with pytest.raises(DataFileError, match=r"must end in \.csv, not '\.npz'"):
        read_expected(tmp_path / "s.npz", data, digest_of_file(tmp_path / "s.npz"))
