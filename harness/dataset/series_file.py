"""A time series in a CSV file -> windows, and a split in time: later windows are held out.

Window ``w`` holds rows ``w`` to ``w + window - 1`` and predicts the row ``horizon`` after its last.
"""

from dataclasses import replace

import numpy as np

from harness.dataset.csv_file import check_cells, column_of, number, table_of
from harness.dataset.dates import check_dates, dates_among, unread_dates
from harness.dataset.padding import Array
from harness.dataset.records import DataFileError, Records
from harness.scenario import FromSeries


def read_series(content: bytes, data: FromSeries) -> Records:
    """Read the content of a CSV file as windows, split in time.

    Raises:
        DataFileError: if it is malformed, its dates are out of order, or it is too short.
    """
    header, rows = table_of(content)
    inputs = [column_of(name, header) for name in data.inputs]
    predicted = column_of(data.predicted, header)
    for line, row in rows:
        check_cells(row, header, line)
    taken, note = {*inputs, predicted}, ""
    dates = dates_among(header, rows, data.date, taken)
    if dates is not None:
        cells = [(line, row[dates]) for line, row in rows]
        note = check_dates(header[dates], cells, gaps=data.gaps)
    elif unread := unread_dates(header, rows, taken):
        note = (
            f"column {unread!r} is not read as dates: the order of the rows is not checked; "
            f'data.date = "{unread}" says what is wrong if it holds them'
        )
    values = np.array(
        [
            [number(row[column], header[column], line) for column in (*inputs, predicted)]
            for line, row in rows
        ]
    ).reshape(len(rows), len(inputs) + 1)
    return replace(split_in_time(values[:, :-1], values[:, -1], data), note=note)


def split_in_time(inputs: Array, target: Array, data: FromSeries) -> Records:
    """Return the windows of rows `[rows, features]` and `[rows]`: the last ones are held out.

    No row that a training window holds or predicts is in a held-out window, so that between them
    ``window + horizon - 1`` windows are left out.

    Raises:
        DataFileError: if there are too few rows.
    """
    span = data.window + data.horizon
    windows, held_out = len(target) - span + 1, data.validation_records
    if windows < 1:
        raise DataFileError(
            f"has {len(target)} rows; one window of {data.window} and horizon {data.horizon} "
            f"take {span}"
        )
    training = windows - held_out - (span - 1 if held_out else 0)
    if training < (wanted := data.records or 1):
        needed = wanted + held_out + 2 * (span - 1)
        raise DataFileError(
            f"has {len(target)} rows, which make {windows} windows; {wanted} for training, "
            f"{held_out} held out and {span - 1} between them, which would share rows with both, "
            f"take {needed} rows: ask for fewer validation_records, or a shorter window"
        )
    first = training - data.records if data.records else 0
    x, y = _windows(inputs, target, data)
    later = slice(windows - held_out, windows)
    ends = np.arange(windows) + data.window - 1
    return Records(
        *(x[first:training], y[first:training], x[later], y[later]),
        series=target,
        ends=ends[first:training],
        ends_validation=ends[later],
    )


def _windows(inputs: Array, target: Array, data: FromSeries) -> tuple[Array, Array]:
    """Return all windows `[windows, window, ...]` of the inputs, and what each predicts."""
    rows = np.arange(len(target) - data.window - data.horizon + 1)[:, None]
    held = rows + np.arange(data.window)
    ahead = held + data.horizon
    return inputs[held], target[ahead if data.targets == "each_step" else ahead[:, -1]]
