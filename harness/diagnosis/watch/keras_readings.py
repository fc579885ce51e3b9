"""Metrics that a Keras network was compiled with, beside what its answers give."""

from typing import Any

import numpy as np

from harness.diagnosis.canonical import CLASSIFYING, quality, rows
from harness.diagnosis.observations import Array, Loss, Reading
from harness.diagnosis.watch.keras_layers import flat_layers
from harness.diagnosis.watch.keras_training import KerasTraining

OFF = 0.06
"""Points between Keras' own validation accuracy and ours: the records and weights are the same."""

BETWEEN = 0.08
"""Share of logits between 0 and 0.5, which a threshold of 0.5 decides wrongly."""


def scores(training: KerasTraining, prefix: str) -> Array:
    """Accuracy of each epoch, `[epochs]`; empty without one."""
    names = [
        n
        for n in (training.epochs[0] if training.epochs else {})
        if n.startswith(prefix) and ("acc" in n) and (prefix or not n.startswith("val_"))
    ]
    return np.array([e[names[0]] for e in training.epochs]) if names else np.zeros(0)


def readings(
    training: KerasTraining,
    described: Loss,
    targets: Array | None,
    outputs: Array | None,
    validation: tuple[Array | None, Array | None],
) -> tuple[Reading, ...]:
    """Accuracies that say something else than the network's answers.

    Args:
        training: its compiled metrics and their history.
        described: the loss.
        targets: `[records, ...]` trained on.
        outputs: `[records, ...]` of the trained network for them.
        validation: outputs and targets of records that are not trained on, as the loss takes them.
    """
    found = (
        _of_quantities(training, described, targets, outputs),
        _of_logits(training, described, outputs),
        _of_other_records(training, described, *validation),
    )
    return tuple(reading for reading in found if reading is not None)


def _of_quantities(
    training: KerasTraining, described: Loss, targets: Array | None, outputs: Array | None
) -> Reading | None:
    """Accuracy, where the targets are numbers that no output, or no decision, will ever equal."""
    name = _accuracy(training)
    if described.kind not in {"mse", "mae"} or not name or targets is None:
        return None
    found = scores(training, "")
    value = float(found[-1]) if len(found) else None
    if len(np.unique(targets)) > min(20, len(targets) / 4):
        return Reading(name, value, value, "numbers of a regression are compared for equality")
    if name not in PLAIN or outputs is None or np.isin(targets, (0, 1)).all():
        return None
    if not outputs.size == targets.size == len(targets):
        return None
    rounded = float(np.mean(np.round(outputs.ravel()) == targets.ravel()))
    why = "its one output is cut at 0.5, and targets other than 0 and 1 never equal that"
    return Reading(name, value, rounded, why)


def _of_logits(training: KerasTraining, described: Loss, outputs: Array | None) -> Reading | None:
    """Logits that are cut as if they were probabilities."""
    name = _accuracy(training)
    if described.kind != "bce_logits" or not name or outputs is None:
        return None
    between = float(np.mean((outputs > 0) & (outputs <= _threshold(training))))
    if between < BETWEEN:
        return None
    why = f"logits are cut at 0.5, their threshold is 0: {between:.0%} lie between"
    return Reading(name, None, None, why)


def _of_other_records(
    training: KerasTraining, described: Loss, outputs: Array | None, targets: Array | None
) -> Reading | None:
    """Validation accuracy, against the decisions of the same network on the same records."""
    said = scores(training, "val_")
    if not len(said) or described.kind not in CLASSIFYING or outputs is None or targets is None:
        return None
    several = described.kind in {"bce", "bce_logits"} and outputs.size != len(outputs)
    if several or _masks(training) or _accuracy(training) not in PLAIN:
        return None  # counted by labels or by records, without padding, or in a way of one's own
    canonical = rows(described.kind, outputs, targets)
    if canonical is None:
        return None
    ours = quality(described.kind, canonical).score
    if float(np.nanmin(np.abs(said - ours))) < OFF:  # of any epoch: the best may be restored
        return None
    name = _accuracy(training) or "accuracy"
    return Reading(name, float(said[-1]), ours, "it does not compare decisions with labels")


PLAIN = {
    "acc",
    "accuracy",
    "binary_accuracy",
    "categorical_accuracy",
    "sparse_categorical_accuracy",
}
"""Keras' own names of what we compute too."""


def _masks(training: KerasTraining) -> bool:
    """Whether padding is left out of Keras' metrics, by a layer that masks it."""
    return any(
        getattr(layer, "mask_zero", False) or type(layer).__name__ == "Masking"
        for layer in flat_layers(training.model)
    )


def _accuracy(training: KerasTraining) -> str:
    names = [str(getattr(m, "name", m)) for m in metrics_of(training)]
    return next((name for name in names if "acc" in name and "top" not in name), "")


def _threshold(training: KerasTraining) -> float:
    made = [
        m for m in metrics_of(training) if isinstance(getattr(m, "threshold", None), (int, float))
    ]
    return float(made[0].threshold) if made else 0.5


def metrics_of(training: KerasTraining) -> list[Any]:
    """Metrics as they were given to ``compile``, without nesting."""
    given = getattr(getattr(training.model, "_compile_metrics", None), "_user_metrics", None) or ()
    flat: list[Any] = []
    for metric in given.values() if isinstance(given, dict) else given:
        flat += metric if isinstance(metric, (list, tuple)) else [metric]
    return flat


def first_metric(training: KerasTraining) -> str:
    """Name of the first metric beside the loss."""
    names = [n for n in (training.epochs[0] if training.epochs else {}) if not n.startswith("val_")]
    return next((n for n in names if n != "loss"), "")
