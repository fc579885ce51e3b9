"""Canned outcomes: training is not the point here."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from harness.diagnosis.cases.cause import Cause
from harness.history import Stop
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome
from harness.results.probe import Probe
from harness.results.seed_run import SeedRun
from harness.scenario.criterion import Criterion
from harness.verdict import Symptom
from tests.canned import outcome

Make = Callable[..., Outcome]

EVIL = "a|b <script>alert(1)</script> & `x` *y* [z](u) \x1b[31m\x07 \ud800 \u202e"
"""What no report may take for markup, or hand on to a terminal."""


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
    runs = tuple(seed_run(seed, at) for seed, at in enumerate(epochs))
    return outcome(**({"case": case, "runs": runs} | changes))


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


@pytest.fixture
def evil() -> Outcome:
    """Return a case of a user who writes what breaks reports."""
    return make(
        EVIL,
        scenario=EVIL,
        question=EVIL,
        note=EVIL,
        remedies=EVIL,
        criterion=Criterion(EVIL, "train", at_least=1.0),
        diagnosis=(Cause(EVIL, EVIL, EVIL),),
        comparison=Comparison("slower", EVIL),
        probes=(Probe(EVIL, "fail", 2.0, 1.0, EVIL),),
        runs=(crash(EVIL),),
    )
