"""Metrics on arrays with any leading axes (seeds), computed alike for every backend."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.scenario.vocabulary import METRICS, MetricName

Array = NDArray[Any]


def measure(
    metric: MetricName, outputs: Array, targets: Array, loss: Array, scale: float | Array
) -> Array:
    """Return ``metric`` of the model's outputs; of skill, what it is of: accuracy or rmse.

    Args:
        metric: a name that a scenario file can give as ``converged.metric``.
        outputs: `[..., records, outputs]` logits, one of each class or one in all for the second
            of two; or `[..., records, 1]` values.
        targets: `[..., records]` classes or values.
        loss: `[...]`, the loss on the same records.
        scale: what targets were divided by, once or `[...]`; a metric in their units is measured
            in those that they had before.

    Returns:
        `[...]`; NaN where there are no records, and for classes where an output is not finite:
        `argmax` would take it for the first class.
    """
    if metric == "skill":
        metric = "accuracy" if np.issubdtype(targets.dtype, np.integer) else "rmse"
    facts = METRICS[metric]
    if facts.formula is None:
        return np.asarray(loss)
    if targets.shape[-1] == 0:
        return np.full(targets.shape[:-1], np.nan)
    if facts.of == "classes":
        with np.errstate(over="ignore", invalid="ignore"):  # of a diverged model
            guesses = _logits(outputs) if facts.of_logits else _guesses(outputs)
            measured = facts.formula(guesses, targets)
        return np.where(np.isfinite(outputs).all(axis=(-2, -1)), measured, np.nan)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # of a diverged model
        measured = facts.formula(outputs[..., 0], targets)
        return np.asarray(measured * scale) if facts.in_target_units else measured


def _guesses(logits: Array) -> Array:
    """Return the class with the largest logit; one logit is the second's over the first's."""
    return logits[..., 0] > 0 if logits.shape[-1] == 1 else logits.argmax(axis=-1)


def _logits(outputs: Array) -> Array:
    """Return a logit of each class; one logit is the second's over the first's."""
    if outputs.shape[-1] > 1:
        return outputs
    return np.concatenate([np.zeros_like(outputs), outputs], axis=-1)
