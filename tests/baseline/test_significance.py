"""Each test of a comparison equals its definition, or what SciPy makes of it."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from harness.baseline.crossing_times import CrossingTimes, Measure, crossing_times
from harness.baseline.logrank import logrank, surest_p
from harness.baseline.significance import Difference, converged_share, paired, unpaired
from tests.baseline.canned import seed_record, times

TimeTest = Callable[[Measure, CrossingTimes, CrossingTimes, float], Difference | None]


@pytest.mark.parametrize("test", [paired, unpaired])
def test_seeds_that_never_converged_count_as_slow_in_the_time_test(test: TimeTest) -> None:
    one = [None if index else 20.0 for index in range(12)]
    new, old = ([seed_record(s, t) for s, t in enumerate(side)] for side in (one, [20.0] * 12))
    found = test(
        "convergence", crossing_times(new, "convergence"), crossing_times(old, "convergence"), 0.05
    )
    assert found is not None
    assert found.p_slower < 0.01


def test_the_logrank_statistic_is_scipys() -> None:
    new = CrossingTimes(
        np.log([3.0, 5, 5, 8, 9, 60]), np.array([1, 1, 1, 1, 1, 0], bool), np.zeros(6, bool)
    )
    old = CrossingTimes(
        np.log([2.0, 5, 6, 6, 7, 60]), np.array([1, 1, 1, 1, 1, 0], bool), np.zeros(6, bool)
    )
    first, second = (
        stats.CensoredData.right_censored(np.exp(side.log_time), ~side.crossed)
        for side in (new, old)
    )
    expected = stats.logrank(first, second).statistic
    assert logrank(new, old, 0.0) == pytest.approx(-expected)


def test_the_unpaired_interval_holds_the_effect_and_the_margin_test_agrees_with_it() -> None:
    new, old = (
        [seed_record(i + 100 * side, t) for i, t in enumerate(times(24, median=m, draw=side))]
        for side, m in ((0, 26.0), (1, 20.0))
    )
    found = unpaired("loss", crossing_times(new, "loss"), crossing_times(old, "loss"), 0.05)
    assert found is not None
    assert found.effect is not None
    assert found.interval is not None
    assert found.interval[0] < found.effect < found.interval[1]
    assert found.effect == pytest.approx(0.3, abs=0.08)
    assert (found.interval[0] > 0.05) == (found.p_slower < 0.025)


def test_no_p_value_is_below_what_complete_separation_has_by_chance() -> None:
    new = [seed_record(i, 50.0 + i) for i in range(6)]
    old = [seed_record(100 + i, 10.0 + i / 10) for i in range(6)]
    found = unpaired("loss", crossing_times(new, "loss"), crossing_times(old, "loss"), 0.05)
    assert found is not None
    assert found.p_slower == surest_p(6, 6) == 1 / 924


def test_the_share_test_is_fishers() -> None:
    new = [seed_record(s, 20.0 if s < 4 else None) for s in range(12)]
    old = [seed_record(s, 20.0 if s < 11 else None) for s in range(12)]
    found = converged_share(new, old)
    table = np.array([[4, 8], [11, 1]])
    assert found.p_slower == pytest.approx(stats.fisher_exact(table, "less").pvalue)
    assert found.p_faster == pytest.approx(stats.fisher_exact(table, "greater").pvalue)
