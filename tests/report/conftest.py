"""Canned outcomes: training is not the point here."""

from collections.abc import Callable
from typing import Any

import pytest

from harness.results.outcome import Outcome, SeedRun, wilson_interval

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
        stopped="budget" if converged_at is None else "converged",
        symptom="plateaued" if converged_at is None else None,
        converged_at=converged_at,
        plateau=epochs if converged_at is None else plateau,
        transition=0 if converged_at is None else converged_at - plateau,
        train_loss=[*loss],
        metric=[1 - each for each in loss],
        first_losses=[0.69] * 20,
        steps=7 * epochs,
        seconds=0.01,
    )


def make(
    case: str = "adam_default",
    epochs: tuple[int | None, ...] = (18, 17, 19, 20),
    **changes: Any,
) -> Outcome:
    """Return the outcome of a case whose seeds converged at ``epochs``."""
    runs = [seed_run(seed, at) for seed, at in enumerate(epochs)]
    converged = sum(at is not None for at in epochs)
    scenario = changes.get("scenario", "training/learning_rate")
    failed = {"plateaued": len(epochs) - converged} if converged < len(epochs) else {}
    record: dict[str, Any] = {
        "id": f"{scenario}/{case}",
        "scenario": scenario,
        "case": case,
        "question": "What does the learning rate do to the hello-world LSTM?",
        "note": "",
        "remedies": None,
        "backend": "eager",
        "device": "cpu",
        "expect": "converges",
        "stated": None,
        "rate": 0.9,
        "criterion": "train accuracy >= 1, held 2",
        "outcome": "pass",
        "sentence": f"claimed to converge; {converged} of {len(epochs)} seeds converged",
        "seeds": len(epochs),
        "converged": converged,
        "interval": wilson_interval(converged, len(epochs)),
        "epochs_to_converge": list(epochs),
        "plateau_epochs": [run.plateau for run in runs],
        "symptom": "plateaued" if failed else None,
        "symptoms": failed,
        "fingerprint": "0123456789abcdef",
        "workload": "data {}; model {}",
        "seconds": 0.04,
        "runs": runs,
    }
    return Outcome(**(record | changes))


def learning_rate(**changes: Any) -> list[Outcome]:
    """Return a scenario of three cases: one that converges, one that fails, and its cure."""
    too_low = {"expect": "fails", "stated": "learning_rate_too_low", **changes}
    return [
        make(epochs=(18, 17, 19, 20) * 3, **changes),
        make("too_low", epochs=(None,) * 4, **too_low),
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
