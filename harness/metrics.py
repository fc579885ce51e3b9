"""Metrics on arrays with any leading axes (seeds), computed alike for every backend."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def measure(metric: str, outputs: Array, targets: Array, loss: Array, scale: float) -> Array:
    """Return ``metric`` of the model's outputs.

    Args:
        metric: a name that a scenario file can give as ``converged.metric``.
        outputs: `[..., records, outputs]` logits, or `[..., records, 1]` values.
        targets: `[..., records]` classes or values.
        loss: `[...]`, the loss on the same records.
        scale: what targets were divided by; `rmse` is in the targets' own units.

    Returns:
        `[...]`; NaN where there are no records, and for classes where an output is not finite:
        `argmax` would take it for the first class.
    """
    if metric == "loss":
        return np.asarray(loss)
    if targets.shape[-1] == 0:
        return np.full(targets.shape[:-1], np.nan)
    if metric in ("rmse", "r2"):
        return _regression(metric, outputs[..., 0], targets, scale)
    right = outputs.argmax(axis=-1) == targets
    share = right.mean(axis=-1) if metric == "accuracy" else _balanced(right, targets)
    return np.where(np.isfinite(outputs).all(axis=(-2, -1)), share, np.nan)


def _regression(metric: str, values: Array, targets: Array, scale: float) -> Array:
    """A diverged model's values overflow; that is a result, and no reason to warn."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        squared = np.mean((values - targets) ** 2, axis=-1)
        if metric == "rmse":
            return np.asarray(np.sqrt(squared) * scale)
        return np.asarray(1 - squared / np.var(targets, axis=-1))


def _balanced(right: Array, targets: Array) -> Array:
    """Mean recall over the classes that occur (Brodersen et al. 2010)."""
    recalls = []
    for label in range(int(targets.max()) + 1):
        members = targets == label
        count = members.sum(axis=-1)
        recalls.append(
            np.where(count, (right & members).sum(axis=-1) / np.maximum(count, 1), np.nan)
        )
    return np.asarray(np.nanmean(recalls, axis=0))
