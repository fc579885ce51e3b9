"""Each symptom is recognised from the curve that defines it."""

from typing import Any

import numpy as np
import pytest

from harness.history import History, Stop
from harness.scenario import Converged
from harness.scenario.vocabulary.guess import Guess
from harness.verdict import SENTENCES, Symptom, symptom_of
from harness.verdict.symptom import kendall_tau

TRAIN = Converged(at_least=0.99, hold=2)
VALIDATION = Converged(at_least=0.99, on="validation")
EPOCHS = np.arange(41)


def run(loss: Any, accuracy: float | list[float] = 0.5, **changed: Any) -> History:
    """Return a canned run that ended with its budget, unless changed."""
    train_loss = np.array(loss, float)
    epochs = len(train_loss)
    norms = np.zeros((epochs - 1, 1))
    fields: dict[str, Any] = {
        "seed": 0,
        "stopped": Stop.BUDGET,
        "train_loss": train_loss,
        "train_metric": np.zeros(epochs) + accuracy,
        "validation_loss": train_loss.copy(),
        "validation_metric": np.full(epochs, 0.5),
        "layers": ("lstm.0",),
        "gradient_norm": norms,
        "update_ratio": norms,
        "first_losses": np.zeros(0),
        "steps": epochs - 1,
        "seconds": 0.1,
    }
    return History(**(fields | changed))


FLAT = 0.69 + 0.001 * np.sin(EPOCHS)
FALLING = 0.69 * 0.95**EPOCHS
LEARNT = np.maximum(0.69 * 0.8**EPOCHS, 0.02)
SWINGING = 0.69 + 0.3 * np.sin(EPOCHS * 2.5)
RISING_LATE = np.where(EPOCHS < 10, 0.69 - 0.02 * EPOCHS, 0.49 + 0.02 * (EPOCHS - 10))


def test_a_run_that_raised_crashed() -> None:
    assert symptom_of(run(FLAT, stopped=Stop.CRASHED), TRAIN) is Symptom.CRASHED


def test_a_run_out_of_time_timed_out_whatever_its_loss() -> None:
    assert symptom_of(run(FALLING, stopped=Stop.TIME_LIMIT), TRAIN) is Symptom.TIMED_OUT


def test_a_loss_that_is_no_number_diverged() -> None:
    loss = np.append(FLAT, np.nan)
    assert symptom_of(run(loss, stopped=Stop.NON_FINITE), TRAIN) is Symptom.DIVERGED


def test_a_loss_that_was_no_number_before_any_update_never_diverged() -> None:
    at_start = run([np.nan], stopped=Stop.NON_FINITE)
    assert symptom_of(at_start, TRAIN) is Symptom.NON_FINITE_AT_START


def test_a_loss_twice_its_start_diverged_and_one_below_that_did_not() -> None:
    assert symptom_of(run([0.69, 0.7, 1.39]), TRAIN) is Symptom.DIVERGED
    assert symptom_of(run([0.69, 0.7, 1.37]), TRAIN) is not Symptom.DIVERGED


def test_training_records_learnt_and_validation_records_not_is_overfitting() -> None:
    assert symptom_of(run(LEARNT, 1.0), VALIDATION) is Symptom.OVERFIT


def test_a_validation_loss_that_rises_while_training_loss_halved_is_overfitting() -> None:
    history = run(LEARNT, 0.9, validation_loss=RISING_LATE)
    assert symptom_of(history, VALIDATION) is Symptom.OVERFIT


def test_overfitting_needs_a_criterion_on_validation_records() -> None:
    history = run(LEARNT, 0.9, validation_loss=RISING_LATE)
    assert symptom_of(history, TRAIN) is not Symptom.OVERFIT


def test_a_validation_loss_that_rises_without_learning_is_not_overfitting() -> None:
    history = run(FLAT, validation_loss=RISING_LATE)
    assert symptom_of(history, VALIDATION) is Symptom.PLATEAUED


def test_a_criterion_met_once_but_not_held_relapsed() -> None:
    accuracy = [0.5] * 20 + [1.0] + [0.5] * 20
    assert symptom_of(run(FLAT, accuracy), TRAIN) is Symptom.RELAPSED


def test_a_loss_that_falls_to_the_end_is_still_improving() -> None:
    assert symptom_of(run(FALLING), TRAIN) is Symptom.STILL_IMPROVING


def test_a_loss_that_fell_early_and_then_stood_plateaued() -> None:
    assert symptom_of(run(LEARNT), TRAIN) is Symptom.PLATEAUED


def test_a_loss_that_falls_too_little_to_matter_plateaued() -> None:
    assert symptom_of(run(0.69 * 0.9999**EPOCHS), TRAIN) is Symptom.PLATEAUED


def test_a_loss_that_never_moves_plateaued() -> None:
    assert symptom_of(run(FLAT), TRAIN) is Symptom.PLATEAUED


def test_a_loss_that_swings_without_getting_anywhere_oscillates() -> None:
    assert symptom_of(run(SWINGING), TRAIN) is Symptom.OSCILLATING


def test_jitter_is_no_oscillation() -> None:
    noise = np.random.default_rng(0).normal(0, 0.01, len(EPOCHS))
    assert symptom_of(run(0.69 + noise), TRAIN) is Symptom.PLATEAUED


@pytest.mark.parametrize("epochs", [1, 2, 3])
def test_a_run_of_hardly_an_epoch_has_a_symptom_too(epochs: int) -> None:
    assert symptom_of(run([0.69] * epochs), TRAIN) is Symptom.PLATEAUED


def test_every_symptom_has_a_sentence() -> None:
    assert SENTENCES.keys() == set(Symptom)


@pytest.mark.parametrize(
    ("values", "tau"), [([3, 2, 1], -1), ([1, 2, 3], 1), ([1, 1, 1], 0), ([1, 3, 2], 1 / 3)]
)
def test_kendalls_tau_counts_rising_pairs_against_falling_ones(
    values: list[float], tau: float
) -> None:
    assert kendall_tau(np.array(values, float)) == pytest.approx(tau)


MAJORITY = Guess("the majority class", 0.5, 1.0, 0.1)


def test_a_loss_that_stood_still_at_the_metric_of_a_guess_is_no_better_than_guessing() -> None:
    assert symptom_of(run(FLAT, 0.5, guess=MAJORITY), TRAIN) is Symptom.NO_BETTER_THAN_GUESSING


def test_within_the_tolerance_it_is_no_better_and_beyond_it_plateaued() -> None:
    assert symptom_of(run(FLAT, 0.549, guess=MAJORITY), TRAIN) is Symptom.NO_BETTER_THAN_GUESSING
    assert symptom_of(run(FLAT, 0.56, guess=MAJORITY), TRAIN) is Symptom.PLATEAUED


def test_a_metric_that_has_to_fall_is_held_against_the_guess_the_same_way() -> None:
    last_value = Guess("the last value", 2.0, 0.0, 0.05)
    rmse = Converged(metric="rmse", at_most=0.5)
    assert symptom_of(run(FLAT, 1.95, guess=last_value), rmse) is Symptom.NO_BETTER_THAN_GUESSING
    assert symptom_of(run(FLAT, 1.5, guess=last_value), rmse) is Symptom.PLATEAUED


def test_on_validation_the_guess_is_of_validation_records() -> None:
    found = run(FLAT, 0.8, guess=MAJORITY)
    assert symptom_of(found, VALIDATION) is Symptom.NO_BETTER_THAN_GUESSING


def test_a_loss_that_still_falls_or_swings_says_more_than_that() -> None:
    for loss, symptom in ((FALLING, Symptom.STILL_IMPROVING), (SWINGING, Symptom.OSCILLATING)):
        assert symptom_of(run(loss, 0.5, guess=MAJORITY), TRAIN) is symptom
