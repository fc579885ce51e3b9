"""Small cases for the ensemble, and what it means that two histories are the same."""

from pathlib import Path
from typing import Any

import numpy as np

from harness.history import History
from harness.scenario import TASKS, Case, Converged, Model, Seeds, Training

TOLERANCE = {"float32": 1e-5, "float64": 1e-10}


def case_of(
    data: dict[str, Any] | None = None,
    model: dict[str, Any] | None = None,
    training: dict[str, Any] | None = None,
    converged: dict[str, Any] | None = None,
) -> Case:
    """A small case: two layers, 40 records in three batches, 21 steps."""
    table = {"records": 40, "timesteps": 3, "validation_records": 9} | (data or {})
    epochs = {"batch_size": 16, "epochs": 7, "learning_rate": 0.01}
    never = {"metric": "loss", "at_most": -1.0}
    return Case.model_construct(
        name="case",
        expect="converges",
        scenario="scenario",
        directory=Path(),
        data=TASKS[table.pop("task", "mean_sign")].model_validate(table),
        model=Model.model_validate({"units": (4, 4)} | (model or {})),
        training=Training.model_validate(epochs | (training or {})),
        converged=Converged.model_validate(converged or never),
        seeds=Seeds.model_validate({}),
    )


def silent(seed: int, epoch: int) -> None:
    """Watch nothing."""


def sgd(**numbers: Any) -> dict[str, Any]:
    return {"optimizer": "sgd", "learning_rate": 0.1} | numbers


def in_dtype(case: Case, dtype: str) -> Case:
    return case.model_copy(update={"training": case.training.model_copy(update={"dtype": dtype})})


def assert_same_record(ours: History, theirs: History, tolerance: float) -> None:
    assert (ours.message, ours.stopped) == (theirs.message, theirs.stopped)
    assert (ours.seed, ours.steps, ours.layers) == (theirs.seed, theirs.steps, theirs.layers)
    for name in ("train_loss", "train_metric", "validation_loss", "validation_metric"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), tolerance)
    np.testing.assert_allclose(ours.gradient_norm, theirs.gradient_norm, tolerance, tolerance)
    np.testing.assert_allclose(ours.update_ratio, theirs.update_ratio, tolerance, tolerance)
