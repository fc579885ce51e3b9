"""Outcomes with canned curves, where training is not the point."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from harness.baseline import SeedRecord
from harness.history import Stop
from harness.results.outcome import Outcome
from harness.results.seed_run import SeedRun
from harness.verdict import Symptom
from tests import canned

ENVIRONMENT: dict[str, str | int] = {
    "date": "2026-01-02",
    "harness": "0.1.0",
    "torch": "2.13.0",
    "python": "3.11.9",
    "processor": "test",
    "threads": 1,
}


def run(seed: int, at: float | None, epochs: int = 60, **changes: Any) -> SeedRun:
    """Return a seed whose loss and metric cross half-way at ``at``; ``None``: it never does."""
    done = epochs if at is None else int(np.ceil(at)) + 3
    steps = np.arange(done + 1)
    middle = 300 if at is None else at
    progress = 1 / (1 + np.exp(-(steps - middle) * 2))
    converged = None if at is None else int(np.argmax(progress >= 0.99))
    known: dict[str, Any] = {
        "seed": seed,
        "stopped": Stop.BUDGET if at is None else Stop.CONVERGED,
        "symptom": Symptom.PLATEAUED if at is None else None,
        "converged_at": converged,
        "plateau": 1,
        "transition": 1,
        "train_loss": tuple(float(v) for v in 0.7 * np.exp(-4 * progress)),
        "train_metric": tuple(float(v) for v in 0.5 + 0.5 * progress),
        "first_losses": tuple(0.7 - 0.001 * step - 0.0001 * seed for step in range(20)),
        "steps": 7 * done,
        "seconds": 0.1,
    }
    return SeedRun(**(known | changes))


def outcome(at: Sequence[float | None], first_seed: int = 0, **changes: Any) -> Outcome:
    """Return a passing outcome of one seed a crossing time."""
    runs = [run(first_seed + index, time) for index, time in enumerate(at)]
    known = {"scenario": "training/rate", "case": "plain", "rounding": (1e-7, 1e-7, 1e-7)}
    return canned.outcome(*runs, **(known | changes))


def times(
    seeds: int = 12, spread: float = 0.084, median: float = 20.0, draw: int = 0
) -> list[float]:
    """Return lognormal crossing times, in epochs."""
    normal = np.random.default_rng(draw).normal(size=seeds)
    return [float(t) for t in median * np.exp(spread * normal)]


def seed_record(seed: int, at: float | None, budget: int = 60) -> SeedRecord:
    """Return what is kept of a seed that crosses both levels at ``at`` epochs."""
    if at is not None and at > budget:
        at = None
    return SeedRecord(
        seed=seed,
        stopped="budget" if at is None else "converged",
        epochs=budget if at is None else int(np.ceil(at)),
        epochs_to_converge=None if at is None else int(np.ceil(at)),
        loss_crossing=at,
        metric_crossing=at,
        final_loss=0.1,
        final_metric=1.0,
        first_losses=(0.7, 0.69, 0.68),
    )
