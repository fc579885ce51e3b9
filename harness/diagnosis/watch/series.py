"""Windows of a series that lies in the script: which value follows each of them."""

from collections.abc import Mapping

import numpy as np

from harness.diagnosis.observations import Array
from harness.diagnosis.watch.lookup import row_bytes

FEWEST = 24
"""Records of which a simple model says something."""

MOST_VALUES = 2_000_000
"""Values of all windows of a series together: of more, copies take too long."""

MOST = 0.9
"""Share of the records that are windows of a series, and of targets at one distance."""


def following(
    inputs: Array, targets: Array, arrays: Mapping[str, Array]
) -> list[tuple[str, Array, Array]]:
    """Windows with the values that come next, where their targets are from elsewhere.

    A target up to as many steps ahead as a window is long is a forecast, and asked for on purpose.

    Args:
        inputs: `[records, steps]` or `[records, steps, 1]`.
        targets: `[records, ...]` that they were trained on.
        arrays: the script's own, by name.
    """
    windows = inputs.reshape(len(inputs), -1)
    steps = windows.shape[1]
    if inputs.dtype.kind != "f" or inputs.ndim > 3 or steps < 3 or targets.size != len(inputs):  # noqa: PLR2004 - records, steps and one value
        return []
    found = []
    for name, array in arrays.items():
        series = array.reshape(-1)
        if len(series) != len(array) or array.dtype.kind != "f" or len(series) <= steps + FEWEST:
            continue
        if len(series) * steps > MOST_VALUES:
            continue
        begins = _begins(windows, series)
        known = (begins >= 0) & (begins + steps < len(series))
        if known.mean() < MOST or _ahead(begins[known] + steps, targets[known], series, steps):
            continue
        next_ones = series[begins[known] + steps].reshape(-1, *targets.shape[1:])
        found.append((f"the values of {name} that follow each window", inputs[known], next_ones))
    return found


def _begins(windows: Array, series: Array) -> Array:
    """Where in the series each window begins; -1 where it is not found."""
    rows = row_bytes(np.lib.stride_tricks.sliding_window_view(series, windows.shape[1]))
    at = {row: place for place, row in enumerate(rows)}
    return np.array([at.get(row, -1) for row in row_bytes(windows)])


def _ahead(ends: Array, targets: Array, series: Array, most: int) -> bool:
    """Whether targets are values of the series, all as many steps ahead, or in the window."""
    wanted = targets.reshape(-1)
    for ahead in range(-most, most + 1):
        inside = ends + ahead < len(series)
        same = np.isclose(series[(ends + ahead)[inside]], wanted[inside], atol=1e-5)
        if inside.mean() > MOST and same.mean() > MOST:
            return True
    return False
