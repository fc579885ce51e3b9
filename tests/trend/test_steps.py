"""Steps are found where they are, and seldom where there is none."""

import math
from itertools import permutations

import numpy as np
import pytest

from harness.trend.steps import FALSE_ALARMS, one_step, steps, two_steps

SERIES = 150


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
def test_a_step_between_constants_is_found_at_its_place_whatever_its_size(size: float) -> None:
    assert steps([5.0] * 20 + [5.0 + size] * 4) == [20]


def test_a_step_of_noisy_values_is_found_close_to_its_place() -> None:
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.normal(1, 0.05, 30), rng.normal(1.3, 0.05, 10)])
    [place] = steps(values.tolist())
    assert abs(place - 30) <= 1


def test_several_steps_are_found_in_order_also_there_and_back() -> None:
    assert steps([1.0] * 12 + [2.0] * 12 + [1.0] * 12 + [4.0] * 12) == [12, 24, 36]


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0], [3.0] * 50, [1.0] * 20 + [9.0]])
def test_what_chance_might_do_is_no_step(values: list[float]) -> None:
    assert steps(values) == []


def test_a_single_outlier_is_no_step() -> None:
    assert steps([1.0] * 20 + [50.0] + [1.0] * 20) == []


def test_the_same_series_has_the_same_steps_each_time() -> None:
    values = np.random.default_rng(3).normal(size=60).tolist()
    assert steps(values) == steps(values)


@pytest.mark.parametrize("ties", [False, True])
def test_false_alarms_are_as_rare_as_stated(ties: bool) -> None:
    rng = np.random.default_rng(7)
    draws = [rng.normal(size=30) for _ in range(SERIES)]
    found = sum(bool(steps((np.round(each) if ties else each).tolist())) for each in draws)
    most = FALSE_ALARMS * SERIES + 3 * math.sqrt(FALSE_ALARMS * SERIES)  # three deviations
    assert found <= most


def test_the_statistic_is_the_standardised_rank_sum_over_all_orders() -> None:
    """Its square is 1 on average over all orders, by enumeration, whatever the ties."""
    ranks = np.array([-2.0, -2.0, -0.5, 1.0, 1.0, 2.5])
    orders = np.array(list(permutations(ranks)))
    sums = np.insert(np.cumsum(orders, axis=1), 0, 0.0, axis=1)
    assert (one_step(sums) ** 2).mean(axis=0) == pytest.approx(np.ones(5))
    ends = np.maximum(one_step(sums), one_step(sums)[:, ::-1])
    assert (two_steps(sums) >= ends - 1e-12).all(), "a step at an end is among any two"
