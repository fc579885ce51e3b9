"""Whether the declared loss fits the targets that there are."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.dataset.labels import saved_as_classes
from harness.dataset.padding import present
from harness.scenario import Training
from harness.scenario.vocabulary import LOSSES


def misfit(training: Training, y: NDArray[Any], *, each_step: bool = False) -> str | None:
    """Say why a loss cannot be computed of targets; ``None`` if it can, or is the user's own.

    Args:
        training: what is declared of it.
        y: all targets, int64 classes or float64 values.
        each_step: whether there is a target at each step.
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
        hint = saved_as_classes(y, each_step=each_step)
        told = f"targets are {hint}" if hint else "targets are decimal numbers: mse, mae, huber"
        return f"loss {loss!r} needs integer classes, and {told}"
    if training.label_smoothing:
        return "label_smoothing needs classes, and targets are decimal numbers: leave it out"
    return None


def _of_classes(training: Training, loss: str, classes: int) -> str | None:
    facts, weights = LOSSES[loss], training.class_weights
    if facts.one_logit and classes > 2:  # noqa: PLR2004  # it tells two apart
        return f"loss {loss!r} tells two classes apart, and there are {classes}: cross_entropy"
    if isinstance(weights, tuple) and len(weights) != classes:
        return f"class_weights has {len(weights)} numbers, and there are {classes} classes"
    return None
