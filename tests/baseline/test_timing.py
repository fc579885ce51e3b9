import numpy as np
import pytest

from harness.baseline import compare_timing

STEADY = (1.00, 1.02, 1.01, 1.03, 1.00)


def scaled(rounds: tuple[float, ...], factor: float) -> tuple[float, ...]:
    return tuple(factor * value for value in rounds)


def test_equal_times_are_the_same() -> None:
    assert compare_timing(STEADY, STEADY).status == "same"


@pytest.mark.parametrize(("factor", "status"), [(1.2, "same"), (1.4, "slower"), (0.6, "faster")])
def test_only_a_change_beyond_the_factor_counts(factor: float, status: str) -> None:
    assert compare_timing(scaled(STEADY, factor), STEADY).status == status


def test_one_slow_round_of_the_accepted_side_forbids_a_verdict() -> None:
    disturbed = (1.0, 1.0, 1.0, 1.0, 3.0)
    found = compare_timing(scaled(STEADY, 1.4), disturbed)
    assert found.status == "too_noisy"
    assert "too noisy to tell" in found.sentence


def test_scatter_of_the_new_rounds_forbids_a_verdict_that_their_fastest_would_give() -> None:
    assert compare_timing((1.4, 1.5, 2.5, 1.4, 1.6), STEADY).status == "too_noisy"


def test_noise_does_not_hide_a_change_that_exceeds_it() -> None:
    noisy = (1.0, 1.1, 1.4, 1.2, 1.3)
    assert compare_timing(scaled(noisy, 3), noisy).status == "slower"


def test_too_few_rounds_cannot_tell() -> None:
    two = (1.0, 1.0)
    assert compare_timing(scaled(two, 9), two).status == "too_few"
    assert compare_timing((), STEADY).status == "too_few"


def test_equal_speeds_raise_no_alarm_in_a_thousand_noisy_comparisons() -> None:
    rng = np.random.default_rng(3)
    for spread in (0.02, 0.1, 0.3):
        rounds = np.exp(rng.normal(0, spread, (1000, 2, 7)))
        alarms = [
            compare_timing(tuple(new), tuple(old)).status in {"slower", "faster"}
            for new, old in rounds
        ]
        assert not any(alarms)
