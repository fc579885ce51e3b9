import numpy as np
import pytest

from harness.diagnosis.watch.series import following

SERIES = np.random.default_rng(0).standard_normal(300).astype(np.float32)
WINDOWS = np.lib.stride_tricks.sliding_window_view(SERIES, 8)[:200, :, None]


@pytest.mark.parametrize(
    ("ahead", "named"), [(0, False), (5, False), (8, False), (-3, False), (40, True), (-60, True)]
)
def test_targets_from_another_stretch_are_told_from_a_forecast(ahead: int, named: bool) -> None:
    begins = 60 + np.arange(200)
    inputs = np.lib.stride_tricks.sliding_window_view(SERIES, 8)[begins, :, None]
    targets = SERIES[np.minimum(begins + 8 + ahead, 299)][:, None]
    assert bool(following(inputs, targets, {"series": SERIES})) == named


def test_the_value_after_each_window_is_what_follows_it() -> None:
    targets = SERIES[100:][:, None]
    ((name, inputs, values),) = following(WINDOWS, targets, {"series": SERIES})
    assert "series" in name
    assert np.array_equal(inputs, WINDOWS)
    assert np.array_equal(values[:, 0], SERIES[8:208])


def test_records_that_are_no_windows_of_a_series_are_followed_by_nothing() -> None:
    others = np.random.default_rng(1).standard_normal((200, 8))
    assert following(others, SERIES[:200], {"series": SERIES}) == []
