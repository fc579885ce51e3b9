"""A declared schedule means the factors that its source defines."""

import math

import pytest

from harness.scenario import Training, rate_factor

STEPS = 10
"""Steps an epoch."""


def test_a_constant_rate_stays() -> None:
    assert {rate_factor(Training(), step, STEPS) for step in range(50)} == {1.0}


def test_warm_up_rises_linearly_and_reaches_the_whole_rate_with_its_last_step() -> None:
    training = Training(warmup_epochs=0.5)
    factors = [rate_factor(training, step, STEPS) for step in range(7)]
    assert factors == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0, 1.0, 1.0])


def test_step_decay_falls_at_once_every_decay_epochs() -> None:
    training = Training(schedule="step", decay=0.5, decay_epochs=2)
    factors = [rate_factor(training, step, STEPS) for step in (0, 19, 20, 39, 40)]
    assert factors == [1.0, 1.0, 0.5, 0.5, 0.25]


def test_exponential_decay_falls_with_every_step_by_one_factor_in_decay_epochs() -> None:
    training = Training(schedule="exponential", decay=0.5, decay_epochs=2)
    factors = [rate_factor(training, step, STEPS) for step in (0, 10, 20, 40)]
    assert factors == pytest.approx([1.0, math.sqrt(0.5), 0.5, 0.25])


def test_cosine_decay_falls_to_its_share_at_the_end_of_the_budget_and_stays() -> None:
    training = Training(schedule="cosine", decay=0.2, epochs=4)
    factors = [rate_factor(training, step, STEPS) for step in (0, 20, 40, 60)]
    assert factors == pytest.approx([1.0, 0.6, 0.2, 0.2])


def test_warm_up_multiplies_the_decay() -> None:
    training = Training(schedule="step", decay=0.5, decay_epochs=1, warmup_epochs=2)
    assert rate_factor(training, 10, STEPS) == pytest.approx(0.5 * 11 / 20)
