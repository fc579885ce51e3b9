"""A declared schedule means the factors that its source defines."""

import math
from collections.abc import Callable

import pytest
import torch
from torch.optim import lr_scheduler

from harness.scenario import Training, plateau_of, rate_factor

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


TORCHS: dict[str, Callable[[torch.optim.Optimizer], lr_scheduler.LRScheduler]] = {
    "linear": lambda optimizer: lr_scheduler.LinearLR(optimizer, 1.0, 0.1, 4 * STEPS),
    "one_cycle": lambda optimizer: lr_scheduler.OneCycleLR(
        optimizer, 0.5, total_steps=4 * STEPS, cycle_momentum=False
    ),
    "cosine_restarts": lambda optimizer: lr_scheduler.CosineAnnealingWarmRestarts(
        optimizer, 3 * STEPS, eta_min=0.05
    ),
}


@pytest.mark.parametrize("name", TORCHS)
def test_a_schedule_of_torchs_name_has_the_rates_of_torchs(name: str) -> None:
    training = Training.model_validate({"schedule": name, "epochs": 4, "decay_epochs": 3})
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 0.5)
    scheduler, rates = TORCHS[name](optimizer), []
    for _ in range(4 * STEPS - 1):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    found = [0.5 * rate_factor(training, step, STEPS) for step in range(len(rates))]
    assert found == pytest.approx(rates)


def test_a_schedule_made_for_more_epochs_is_as_far_as_its_share_of_them() -> None:
    training = Training(schedule="linear", decay=0.2, epochs=4, schedule_epochs=8)
    assert rate_factor(training, 4 * STEPS, STEPS) == pytest.approx(0.6)


def test_a_plateau_is_that_of_torch() -> None:
    training = Training(schedule="plateau", decay=0.5, decay_epochs=2)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 1.0)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=2, eps=0.0)
    plateau = plateau_of(training)
    assert plateau is not None
    losses = [1.0, 0.9, 0.91, 0.89999, 0.95, 0.9, 0.8, *[0.8] * 7, float("nan"), 0.7]
    for loss in losses:
        scheduler.step(loss)
        plateau.see(loss)
        assert plateau.factor == optimizer.param_groups[0]["lr"]
    assert plateau.factor == 0.125
