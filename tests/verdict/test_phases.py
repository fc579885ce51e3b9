"""A run is split where its loss began to move and where the criterion was met."""

import numpy as np
import pytest

from harness.history import History, Stop
from harness.scenario import Converged
from harness.verdict import Phases, phases
from harness.verdict.phases import plateau_epochs

RULE = Converged(at_least=0.99, hold=2)


def history(loss: list[float], accuracy: list[float]) -> History:
    none = np.full(len(loss), np.nan)
    norms = np.zeros((max(len(loss) - 1, 0), 1))
    return History(
        seed=0,
        stopped=Stop.BUDGET,
        train_loss=np.array(loss),
        train_metric=np.array(accuracy),
        validation_loss=none,
        validation_metric=none,
        layers=("lstm.0",),
        gradient_norm=norms,
        update_ratio=norms,
        first_losses=np.zeros(0),
        steps=0,
        seconds=0.0,
    )


def test_a_plateau_then_a_fall_then_convergence_are_told_apart() -> None:
    loss = [0.7] * 13 + [0.6, 0.3, 0.1, 0.01, 0.01]
    accuracy = [0.5] * 13 + [0.6, 0.8, 0.9, 1.0, 1.0]
    assert phases(history(loss, accuracy), RULE) == Phases(12, 4, converged_at=16)


def test_the_plateau_ends_with_a_tenth_of_the_way() -> None:
    assert plateau_epochs(np.array([1.0, 0.95, 0.91, 0.9, 0.5, 0.0])) == 2


def test_a_loss_that_falls_at_once_has_no_plateau() -> None:
    assert phases(history([1.0, 0.2, 0.0, 0.0], [0.5, 0.8, 1, 1]), RULE) == Phases(0, 2, 2)


def test_a_run_that_never_leaves_its_start_is_all_plateau() -> None:
    stuck = history([0.7, 0.69, 0.7, 0.68], [0.5] * 4)
    assert phases(stuck, RULE) == Phases(3, 0, None)


def test_a_run_that_does_not_arrive_is_in_transition_to_its_end() -> None:
    unfinished = history([1.0, 1.0, 0.7, 0.6, 0.5], [0.5, 0.5, 0.7, 0.7, 0.8])
    assert phases(unfinished, RULE) == Phases(1, 3, None)


def test_a_criterion_met_but_not_held_is_not_convergence() -> None:
    relapsed = history([1.0, 0.1, 0.5, 0.5], [0.5, 1.0, 0.8, 0.8])
    assert phases(relapsed, RULE).converged_at is None


def test_a_run_that_meets_the_criterion_before_training_took_no_epoch() -> None:
    assert phases(history([0.1, 0.1], [1.0, 1.0]), RULE) == Phases(0, 0, 0)


@pytest.mark.parametrize("loss", [[], [0.7], [0.7, np.nan], [np.nan, np.nan]])
def test_a_run_too_short_to_have_moved_is_all_plateau(loss: list[float]) -> None:
    assert plateau_epochs(np.array(loss)) == max(len(loss) - 1, 0)


def test_a_run_that_ends_in_nan_is_split_by_what_came_before() -> None:
    assert plateau_epochs(np.array([1.0, 1.0, 0.5, np.nan])) == 1
