"""The metrics that a criterion can name, of one set of records, record by record."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping

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
    "rmse": rmse,
    "r2": r2,
}
"""Of every metric but the loss, which needs no outputs."""


def _right(outputs: Array, targets: Array) -> list[bool]:
    rows = zip(outputs.tolist(), targets.tolist(), strict=True)
    return [
        (row.index(max(row)) if len(row) > 1 else int(row[0] > 0)) == label for row, label in rows
    ]


def _squares(outputs: Array, targets: Array) -> float:
    values = outputs[:, 0].tolist()
    return math.fsum((value - target) ** 2 for value, target in zip(values, targets, strict=True))
