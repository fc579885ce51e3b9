"""Faults in the metric that decides convergence."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from harness.backends import loop
from harness.selftest.fault import SYNTHETIC, Fault, Inject

Array = NDArray[Any]
Metric = Callable[[Array, Array], Any]


def measured(wrong: Metric) -> Inject:
    """Evaluate with ``wrong``, of outputs and targets."""

    def measure(_name: str, outputs: Array, targets: Array, *_: Any) -> float:
        return float(wrong(outputs, targets))

    return lambda: patch.object(loop, "measure", measure)


def worst_class(outputs: Array, targets: Array) -> Any:
    """Take the least likely class for the answer."""
    return (outputs.argmin(-1) == targets).mean()


def last_left_out(outputs: Array, targets: Array) -> Any:
    """Leave out the last record."""
    return (outputs.argmax(-1) == targets)[:-1].mean()


def accuracy(outputs: Array, targets: Array) -> Any:
    """Weigh records alike, whichever class they belong to."""
    return (outputs.argmax(-1) == targets).mean()


def squared(outputs: Array, targets: Array) -> Any:
    """Leave out the root."""
    return ((outputs[:, 0] - targets) ** 2).mean()


def correlation(outputs: Array, targets: Array) -> Any:
    """Take the squared correlation for the explained variance."""
    return np.corrcoef(outputs[:, 0], targets)[0, 1] ** 2


FAULTS = tuple(
    Fault(name, "metric", SYNTHETIC, sentence, case, measured(wrong), ("reference_steps",))
    for name, sentence, case, wrong in (
        ("worst_class", "accuracy counts the least likely class", "accuracy", worst_class),
        ("last_record_left_out", "accuracy leaves out a record", "accuracy", last_left_out),
        ("unbalanced_accuracy", "balanced accuracy weighs records", "balanced", accuracy),
        ("squared_error", "the root mean square error has no root", "rmse", squared),
        ("correlation_for_r2", "R2 is a squared correlation", "r2", correlation),
    )
)
