"""Whether the declared loss fits the targets that there are."""

import numpy as np
from numpy.typing import NDArray

from harness.dataset.labels import only_labels
from harness.dataset.padding import present
from harness.scenario import Training
from harness.scenario.vocabulary import LOSSES

LABELS = "save them as integers, y.astype(int), or take training.loss = 'bce'"
"""What to do with 0. and 1., which are values."""


def misfit(training: Training, y: NDArray[np.generic]) -> str | None:
    """Say why a loss cannot be computed of targets; ``None`` if it can, or is the user's own.

    Args:
        training: what is declared of it.
        y: all targets, int64 classes or float64 values.
    """
    loss = training.loss_of("classes" if np.issubdtype(y.dtype, np.integer) else "values")
    if loss is None:
        return None
    if np.issubdtype(y.dtype, np.integer):
        return _of_classes(training, loss, int(y.max()) + 1)
    if LOSSES[loss].one_logit:
        labels = y[present(y)] if y.ndim == 1 else y[~np.isnan(y)]
        other = labels[(labels != 0) & (labels != 1)]
        if not len(other):
            return None
        return (
            f"loss {loss!r} needs labels 0 and 1; there is a target {other[0]:g}: mse, mae, huber"
        )
    if LOSSES[loss].of == "classes":
        return f"loss {loss!r} needs integer classes, and targets are decimal numbers: " + (
            LABELS if only_labels(y) else "mse, mae, huber"
        )
    if training.label_smoothing:
        return "label_smoothing needs classes, and targets are decimal numbers: leave it out"
    return None


def _of_classes(training: Training, loss: str, classes: int) -> str | None:
    facts, weights = LOSSES[loss], training.class_weights
    if facts.of != "classes":
        return (
            f"loss {loss!r} needs values, and targets are integers, that is classes: write them "
            "with a decimal point, or take cross_entropy"
        )
    if facts.one_logit and classes > 2:  # noqa: PLR2004  # it tells two apart
        return f"loss {loss!r} tells two classes apart, and there are {classes}: cross_entropy"
    if isinstance(weights, tuple) and len(weights) != classes:
        return f"class_weights has {len(weights)} numbers, and there are {classes} classes"
    return None
