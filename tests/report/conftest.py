"""Canned outcomes: training is not the point here."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from harness.history import Stop
from harness.results.criterion import Criterion
from harness.results.outcome import Outcome
from harness.results.seed_run import SeedRun
from harness.verdict import Symptom

Make = Callable[..., Outcome]


def seed_run(seed: int, converged_at: int | None, plateau: int = 4, budget: int = 30) -> SeedRun:
    """Return a run whose loss falls from its plateau on, or stays where it was."""
    epochs = budget if converged_at is None else converged_at + 1
    loss = [
        0.69 if converged_at is None else 0.69 * 0.8 ** max(epoch - plateau, 0)
        for epoch in range(epochs + 1)
    ]
    return SeedRun(
        seed=seed,
        stopped=Stop.BUDGET if converged_at is None else Stop.CONVERGED,
        symptom=Symptom.PLATEAUED if converged_at is None else None,
        converged_at=converged_at,
        plateau=epochs if converged_at is None else plateau,
        transition=0 if converged_at is None else converged_at - plateau,
        train_loss=tuple(loss),
        train_metric=tuple(1 - each for each in loss),
        first_losses=(0.69,) * 20,
        steps=7 * epochs,
        seconds=0.01,
    )


def make(
    case: str = "adam_default",
    epochs: tuple[int | None, ...] = (18, 17, 19, 20) * 3,
    **changes: Any,
) -> Outcome:
    """Return the outcome of a case whose seeds converged at ``epochs``."""
    record: dict[str, Any] = {
        "scenario": "training/learning_rate",
        "case": case,
        "question": "What does the learning rate do to the hello-world LSTM?",
        "backend": "eager",
        "device": "cpu",
        "expect": "converges",
        "criterion": Criterion("accuracy", "train", at_least=1.0, hold=2),
        "fingerprint": "0123456789abcdef",
        "workload": "data {}; model {}",
        "runs": tuple(seed_run(seed, at) for seed, at in enumerate(epochs)),
    }
    return Outcome(**(record | changes))


def crash(message: str) -> SeedRun:
    """Return a seed that raised before it trained."""
    return replace(
        seed_run(0, None), stopped=Stop.CRASHED, symptom=Symptom.CRASHED, message=message
    )


def learning_rate(**changes: Any) -> list[Outcome]:
    """Return a scenario of three cases: one that converges, one that fails, and its cure."""
    too_low = {"expect": "fails", "stated": "learning_rate_too_low", **changes}
    return [
        make(**changes),
        make("too_low", epochs=(None,) * 12, **too_low),
        make("raised", epochs=(4, 5, 3, 4) * 3, remedies="too_low", **changes),
    ]


@pytest.fixture(name="make")
def make_fixture() -> Make:
    """Return the factory of outcomes."""
    return make


@pytest.fixture(name="learning_rate")
def learning_rate_fixture() -> Callable[..., list[Outcome]]:
    """Return the factory of a whole scenario."""
    return learning_rate
