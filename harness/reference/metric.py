"""The metrics that a criterion can name, of one set of records, record by record."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping

import numpy as np

from harness.reference.activation import Array
from harness.scenario.vocabulary import MetricName


def accuracy(outputs: Array, targets: Array) -> float:
    """Return the share of records whose largest logit is their class's."""
    return math.fsum(_right(outputs, targets)) / len(targets)


def balanced_accuracy(outputs: Array, targets: Array) -> float:
    """Return the mean over the classes that occur of the share of each that is recognised."""
    by_class: dict[int, list[bool]] = defaultdict(list)
    for label, right in zip(targets.tolist(), _right(outputs, targets), strict=True):
        by_class[label].append(right)
    return math.fsum(sum(right) / len(right) for right in by_class.values()) / len(by_class)


def f1(outputs: Array, targets: Array) -> float:
    """Return the harmonic mean of precision and recall of class 1."""
    return _f1_of(1, outputs, targets)


def macro_f1(outputs: Array, targets: Array) -> float:
    """Return the mean of that of each class that occurs."""
    labels = set(targets.tolist())
    return math.fsum(_f1_of(label, outputs, targets) for label in labels) / len(labels)


def perplexity(outputs: Array, targets: Array) -> float:
    """Return how many classes, equally likely, would be as hard to tell apart."""
    total = 0.0
    for row, label in zip(_two(outputs).tolist(), targets.tolist(), strict=True):
        most = max(row)
        total += math.log(math.fsum(math.exp(each - most) for each in row)) + most - row[label]
    return math.exp(total / len(targets))


def mae(outputs: Array, targets: Array) -> float:
    """Return the mean size of an error, in units of ``targets``."""
    values = outputs[:, 0].tolist()
    return math.fsum(abs(a - b) for a, b in zip(values, targets, strict=True)) / len(targets)


def rmse(outputs: Array, targets: Array) -> float:
    """Return the root of the mean squared error, in units of ``targets``."""
    return math.sqrt(_squares(outputs, targets) / len(targets))


def r2(outputs: Array, targets: Array) -> float:
    """Return the share of the targets' variance that the first output explains."""
    mean = math.fsum(targets) / len(targets)
    return 1 - _squares(outputs, targets) / math.fsum((target - mean) ** 2 for target in targets)


FORMULAS: Mapping[MetricName, Callable[[Array, Array], float]] = {
    "accuracy": accuracy,
    "balanced_accuracy": balanced_accuracy,
    "f1": f1,
    "macro_f1": macro_f1,
    "perplexity": perplexity,
    "mae": mae,
    "rmse": rmse,
    "r2": r2,
}
"""Of every metric but the loss, which needs no outputs, and skill, which is of another."""


def _right(outputs: Array, targets: Array) -> list[bool]:
    return [guess == label for guess, label in _answers(outputs, targets)]


def _answers(outputs: Array, targets: Array) -> list[tuple[int, int]]:
    """Return each record's class as guessed and as it is."""
    rows = zip(_two(outputs).tolist(), targets.tolist(), strict=True)
    return [(row.index(max(row)), label) for row, label in rows]


def _two(outputs: Array) -> Array:
    """Return a logit of each class, where there is one of two: the second's over the first's."""
    if outputs.shape[1] > 1:
        return outputs
    return np.concatenate([np.zeros_like(outputs), outputs], axis=1)


def _f1_of(label: int, outputs: Array, targets: Array) -> float:
    answers = _answers(outputs, targets)
    hits = sum(guess == known == label for guess, known in answers)
    named = sum((guess == label) + (known == label) for guess, known in answers)
    return 2 * hits / named if named else 0.0


def _squares(outputs: Array, targets: Array) -> float:
    values = outputs[:, 0].tolist()
    return math.fsum((value - target) ** 2 for value, target in zip(values, targets, strict=True))
