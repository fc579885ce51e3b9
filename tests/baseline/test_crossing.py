import pytest

from harness.baseline import accept
from harness.baseline.crossing import loss_crossing, loss_level, metric_crossing
from harness.baseline.record import seed_records
from harness.scenario.criterion import Criterion
from tests.baseline.canned import outcome, run, times


def test_a_crossing_is_interpolated_within_its_epoch() -> None:
    assert loss_crossing((1.0, 0.8, 0.4, 0.1), 0.5) == pytest.approx(1.75)


def test_a_loss_that_starts_below_its_level_crosses_at_once() -> None:
    assert loss_crossing((0.4, 0.3), 0.5) == 0.0


def test_a_loss_that_stays_above_its_level_never_crosses() -> None:
    assert loss_crossing((1.0, None, 0.6), 0.5) is None


def test_a_crossing_after_a_non_finite_loss_is_at_its_epoch() -> None:
    assert loss_crossing((1.0, None, 0.4), 0.5) == 2.0


def test_the_loss_level_is_half_way_in_factors() -> None:
    runs = [run(0, 5.0, train_loss=(1.0, 0.3, 0.01)), run(1, 5.0, train_loss=(1.0, 0.2, 0.01))]
    assert loss_level(runs) == pytest.approx(0.1)


def test_a_loss_that_never_left_its_plateau_has_no_level() -> None:
    assert loss_level([run(0, None, train_loss=(1.0, 0.95, 0.96))]) is None


def test_a_case_that_never_converges_is_timed_where_its_loss_still_falls() -> None:
    runs = [run(seed, None, train_loss=(1.0, 0.5, 0.25)) for seed in range(3)]
    level = loss_level(runs)
    assert level == pytest.approx(0.5)
    assert loss_crossing(runs[0].train_loss, level) == pytest.approx(1.0)


def test_runs_that_crashed_before_any_loss_have_no_level() -> None:
    assert loss_level([run(0, None, train_loss=())]) is None


def test_the_metric_crosses_when_it_meets_the_criterion_for_good() -> None:
    told = run(0, 5.0, train_metric=(0.5, 1.0, 0.6, 0.8, 1.0, 1.0), converged_at=4)
    assert metric_crossing(
        told, Criterion("accuracy", "train", at_least=0.9, hold=2)
    ) == pytest.approx(3.5)


def test_a_falling_metric_crosses_too() -> None:
    told = run(0, 5.0, validation_metric=(1.0, 0.6, 0.2), converged_at=2)
    assert metric_crossing(told, Criterion("rmse", "validation", at_most=0.3)) == pytest.approx(
        1.75
    )


def test_new_runs_are_timed_at_the_accepted_level() -> None:
    accepted = accept(outcome(times()))
    slower = outcome([1.1 * at for at in times()])
    new = seed_records(slower, accepted.loss_level)
    ratios = [
        n.loss_crossing / a.loss_crossing  # type: ignore[operator]  # both cross
        for n, a in zip(new, accepted.seeds, strict=True)
    ]
    assert ratios == pytest.approx([1.1] * 12, rel=0.02)
