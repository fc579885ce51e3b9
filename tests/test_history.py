"""A run is recorded epoch by epoch and stops for an enumerated reason."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.history import Recorder, Stop, converged_epoch, crashed, reached
from harness.scenario import Converged, Training

REPEATABLE = settings(derandomize=True, deadline=None)
NO_VALIDATION = (math.nan, math.nan)
FLOATS = st.lists(st.floats(0, 1), max_size=30).map(np.array)


def recorder(
    epochs: int = 3, hold: int = 1, on: str = "train", time_limit: float | None = None
) -> Recorder:
    training = Training(epochs=epochs, time_limit=time_limit)
    converged = Converged(at_least=0.9, hold=hold, on=on)  # type: ignore[arg-type]  # a valid side
    return Recorder(7, training, converged, ("lstm.0", "head"))


def at_least(bound: float, hold: int = 1) -> Converged:
    return Converged(at_least=bound, hold=hold)


@pytest.mark.parametrize(
    ("metric", "hold", "epoch"),
    [
        ([0.1, 0.9, 0.2], 1, 1),
        ([0.9], 1, 0),
        ([0.1, 0.9, 0.2, 0.9, 0.9], 2, 3),
        ([0.9, 0.2, 0.9], 2, None),
        ([], 1, None),
        ([0.1, math.nan, 0.8], 1, None),
        ([0.9, math.nan, 0.9, 0.9], 2, 2),
    ],
)
def test_a_run_converged_with_the_first_of_enough_evaluations_in_a_row(
    metric: list[float], hold: int, epoch: int | None
) -> None:
    assert converged_epoch(np.array(metric), at_least(0.9, hold)) == epoch


def test_a_bound_may_be_a_ceiling() -> None:
    metric = np.array([0.5, 0.1, 0.05])
    assert converged_epoch(metric, Converged(metric="loss", at_most=0.1)) == 1


@REPEATABLE
@given(FLOATS, st.integers(1, 5))
def test_holding_longer_never_converges_earlier(metric: np.ndarray, hold: int) -> None:
    shorter = converged_epoch(metric, at_least(0.5, hold))
    longer = converged_epoch(metric, at_least(0.5, hold + 1))
    assert longer is None or (shorter is not None and shorter <= longer)


@REPEATABLE
@given(FLOATS, st.integers(1, 5))
def test_the_epoch_it_names_is_the_first_of_a_full_streak(metric: np.ndarray, hold: int) -> None:
    met = reached(metric, at_least(0.5))
    starts = [e for e in range(len(met) - hold + 1) if met[e : e + hold].all()]
    assert converged_epoch(metric, at_least(0.5, hold)) == (starts[0] if starts else None)


@REPEATABLE
@given(FLOATS)
def test_a_floor_and_a_ceiling_are_mirror_images(metric: np.ndarray) -> None:
    below = converged_epoch(-metric, Converged(metric="loss", at_most=-0.5))
    assert converged_epoch(metric, at_least(0.5)) == below


def test_training_stops_once_the_criterion_has_held() -> None:
    record = recorder(hold=2, epochs=9)
    accuracies = [0.5, 0.95, 0.5, 0.95, 0.95]
    stops = [record.evaluate((0.1, accuracy), NO_VALIDATION) for accuracy in accuracies]
    assert stops == [None, None, None, None, Stop.CONVERGED]


def test_the_criterion_looks_at_the_declared_side() -> None:
    record = recorder(on="validation")
    assert record.evaluate((0.1, 1.0), (0.1, 0.5)) is None
    assert record.evaluate((0.1, 0.5), (0.1, 1.0)) is Stop.CONVERGED


def test_the_budget_counts_epochs_not_evaluations() -> None:
    record = recorder(epochs=2)
    stops = [record.evaluate((0.5, 0.5), NO_VALIDATION) for _ in range(3)]
    assert stops == [None, None, Stop.BUDGET]
    assert record.history(Stop.BUDGET).epochs == 2


def test_reaching_the_criterion_with_the_last_epoch_of_the_budget_counts() -> None:
    record = recorder(epochs=1)
    record.evaluate((0.5, 0.5), NO_VALIDATION)
    assert record.evaluate((0.5, 0.9), NO_VALIDATION) is Stop.CONVERGED


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_a_non_finite_loss_stops_even_where_the_criterion_is_met(loss: float) -> None:
    assert recorder().evaluate((loss, 1.0), NO_VALIDATION) is Stop.NON_FINITE


def test_the_time_limit_stops_a_run_that_has_not_converged() -> None:
    record = recorder(time_limit=10.0)
    record.started -= 11
    assert record.evaluate((0.5, 0.5), NO_VALIDATION) is Stop.TIME_LIMIT
    record = recorder(time_limit=10.0)
    record.started -= 11
    assert record.evaluate((0.5, 0.9), NO_VALIDATION) is Stop.CONVERGED


def test_everything_recorded_is_in_the_history() -> None:
    record = recorder()
    record.evaluate((0.7, 0.5), (0.8, 0.4))
    record.first_losses += [0.7, 0.6]
    record.steps = 2
    record.layer_norms(np.array([1.0, 2.0]), np.array([0.1, 0.2]))
    record.evaluate((0.1, 1.0), (0.2, 0.9))
    history = record.history(Stop.CONVERGED)
    assert (history.seed, history.epochs, history.steps) == (7, 1, 2)
    assert history.train_loss.tolist() == [0.7, 0.1]
    assert history.train_metric.tolist() == [0.5, 1.0]
    assert history.validation_loss.tolist() == [0.8, 0.2]
    assert history.validation_metric.tolist() == [0.4, 0.9]
    assert history.gradient_norm.tolist() == [[1.0, 2.0]]
    assert history.update_ratio.tolist() == [[0.1, 0.2]]
    assert history.first_losses.tolist() == [0.7, 0.6]
    assert history.seconds > 0
    assert history.judged_metric(Converged(at_least=1.0, on="validation")).tolist() == [0.4, 0.9]


def test_a_run_that_recorded_nothing_has_arrays_of_the_documented_shapes() -> None:
    history = recorder().history(Stop.CRASHED, "boom")
    assert history.train_loss.shape == (0,)
    assert history.gradient_norm.shape == (0, 2)
    assert (history.epochs, history.message) == (0, "boom")


def test_a_crash_before_the_first_evaluation_is_a_history_too() -> None:
    history = crashed(5, "no such module")
    assert (history.seed, history.stopped, history.epochs) == (5, Stop.CRASHED, 0)
    assert history.message == "no such module"
