"""Metrics of a script, asked what they make of answers of our making: all right, or all wrong."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from harness.diagnosis.observations import Array, Loss, Reading
from harness.diagnosis.watch.keras_readings import metrics_of
from harness.diagnosis.watch.keras_training import KerasTraining

ACCURACY = re.compile(r"acc(uracy)?([^a-z]|$)")
SCORE = re.compile(ACCURACY.pattern + "|f1|precision|recall")
"""Names of scores that are 1 where every decision is right."""

RIGHT, WRONG = 0.9, 0.5
"""Least score of decisions that are all right, and highest accuracy of those that are all wrong."""

SURE = 8.0
"""A logit of which nobody doubts the decision: a chance of 0.9997."""


def asked_scores(
    training: KerasTraining, described: Loss, outputs: Array | None, targets: Array | None
) -> Iterator[Reading]:
    """Scores that are not 1 for decisions that are all right, or high for wrong ones.

    Args:
        training: its compiled metrics.
        described: the loss.
        outputs: `[records, ...]` of the network, for their shape.
        targets: `[records, ...]` as `fit` was given them.
    """
    if outputs is None or targets is None:
        return
    right, wrong = (_answers(described, outputs, targets, moved=moved) for moved in (False, True))
    if right is None or wrong is None:
        return
    for metric in metrics_of(training):
        name = _name(metric)
        if not SCORE.search(name.lower()) or "top" in name.lower():
            continue
        best, worst = _asked(metric, targets, right), _asked(metric, targets, wrong)
        if best < RIGHT or (worst > WRONG and ACCURACY.search(name.lower())):
            why = (
                f"of decisions that are all right it makes {best:.2f}, of decisions that are all "
                f"wrong {worst:.2f}"
            )
            yield Reading(name, None, None, why)


def _answers(described: Loss, outputs: Array, targets: Array, *, moved: bool) -> Array | None:
    """Outputs `[records, ...]` that decide for the targets, or each for another class."""
    if described.kind in {"bce", "bce_logits"} and outputs.size == targets.size == len(targets):
        labels = targets.reshape(outputs.shape)
        if not np.array_equal(np.unique(labels), (0, 1)):
            return None
        chances = np.where((labels > 0) != moved, 1.0, -1.0)
    elif described.kind in {"nll", "cross_entropy"} and outputs.shape[-1] > 1:
        count = outputs.shape[-1]
        labels = targets if described.sparse else targets.argmax(-1)
        if labels.size != np.prod(outputs.shape[:-1]):
            return None
        labels = labels.reshape(outputs.shape[:-1]).astype(np.int64)
        if len(np.unique(labels)) < 2:  # noqa: PLR2004 - classes
            return None
        labels = np.where(labels < count / 2, count - 1, 0) if moved else labels  # far away
        chances = np.where(np.arange(count) == labels[..., None], 1.0, -1.0)
    else:
        return None
    logits = SURE * chances
    if described.kind in {"bce_logits", "cross_entropy"}:
        return logits.astype(np.float32)
    shares = 1 / (1 + np.exp(-logits))
    if described.kind == "nll":
        shares /= shares.sum(-1, keepdims=True)
    return shares.astype(np.float32)


def _asked(metric: Any, targets: Array, answers: Array) -> float:
    """What a metric makes of answers; NaN where it refuses."""
    import keras  # noqa: PLC0415 - Keras is imported when it is needed

    given = (keras.ops.convert_to_tensor(part) for part in (targets, answers))
    try:
        made = keras.metrics.get(metric) if isinstance(metric, str) else metric
        if isinstance(metric, keras.metrics.Metric):
            made = type(metric).from_config(metric.get_config())  # one that remembers nothing
        return float(np.mean(keras.ops.convert_to_numpy(made(*given))))
    except Exception:  # noqa: BLE001 - the user's own metric may refuse anything
        return float("nan")


def _name(metric: Any) -> str:
    """Its name; nothing for what Keras chooses itself to fit the loss."""
    name = metric if isinstance(metric, str) else getattr(metric, "__name__", None)
    return "" if metric in CHOSEN else str(name or getattr(metric, "name", ""))


CHOSEN = ("acc", "accuracy")
"""Strings of which Keras makes what fits the shapes of output and target."""
