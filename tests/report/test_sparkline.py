"""A curve in one line."""

import math

import pytest

from harness.report import sparkline


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([], ""),
        ([0.0], "▁"),
        ([2.0, 2.0, 2.0], "███"),
        ([0.69, 0.68, 0.3, 0.05], "██▄▁"),
        ([-2.0, -1.0], "▁█"),
        ([0, 1, 2, 3, 4, 5, 6, 7], "▁▂▃▄▅▆▇█"),
        ([1.0, math.nan, 0.0], "█?▁"),
        ([math.nan, math.inf], "??"),
        ([1.0, 10.0, 100.0, 1000.0], "▁▃▆█"),
        ([-1e300, 0.0, 1e300], "▁▅█"),
    ],
)
def test_a_higher_value_fills_its_block_more(values: list[float], shown: str) -> None:
    assert sparkline(values, 40) == shown


def test_a_long_curve_keeps_its_ends() -> None:
    shown = sparkline([float(value) for value in range(1000)], 40)
    assert (len(shown), shown[0], shown[-1]) == (40, "▁", "█")


def test_two_lines_beside_each_other_have_the_same_heights() -> None:
    assert sparkline([1.0, 1.0], 40, [2.0, 0.5]) == "▅▅"
    assert sparkline([2.0, 0.5], 40, [1.0, 1.0]) == "█▃"
