"""The metrics: what each is of, its bounds and unit, and its formula on arrays.

Formulas take any leading axes (seeds) and are the ones that every backend is measured by;
`harness.reference` writes them out again, record by record.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

MetricName = Literal["accuracy", "balanced_accuracy", "loss", "rmse", "r2"]
Array = NDArray[Any]
Formula = Callable[[Array, Array], Array]


@dataclass(frozen=True)
class Metric:
    """The facts about one metric.

    Attributes:
        of: the targets that it is made for; ``"any"`` takes both.
        lowest, highest: the values that it cannot pass.
        formula: `[...]` from guesses and targets `[..., records]`; guesses are the classes of the
            largest logits, or values. ``None`` for the loss, which is measured anyway.
        in_target_units: it grows with the targets; else it is a plain number.
    """

    of: Literal["classes", "values", "any"]
    lowest: float
    highest: float
    formula: Formula | None
    in_target_units: bool = False

    def suits(self, targets: Literal["classes", "values"]) -> bool:
        """Tell whether it can be measured on targets of this kind."""
        return self.of in ("any", targets)


def _accuracy(guesses: Array, targets: Array) -> Array:
    return np.asarray((guesses == targets).mean(axis=-1))


def _balanced_accuracy(guesses: Array, targets: Array) -> Array:
    """Mean recall over the classes that occur (Brodersen et al. 2010)."""
    right, recalls = guesses == targets, []
    for label in range(int(targets.max()) + 1):
        members = targets == label
        count = members.sum(axis=-1)
        recalls.append(
            np.where(count, (right & members).sum(axis=-1) / np.maximum(count, 1), np.nan)
        )
    return np.asarray(np.nanmean(recalls, axis=0))


def _squared_error(values: Array, targets: Array) -> Array:
    return np.asarray(np.mean((values - targets) ** 2, axis=-1))


def _rmse(values: Array, targets: Array) -> Array:
    return np.asarray(np.sqrt(_squared_error(values, targets)))


def _r2(values: Array, targets: Array) -> Array:
    return np.asarray(1 - _squared_error(values, targets) / np.var(targets, axis=-1))


METRICS: Mapping[MetricName, Metric] = {
    "accuracy": Metric("classes", 0, 1, _accuracy),
    "balanced_accuracy": Metric("classes", 0, 1, _balanced_accuracy),
    "loss": Metric("any", -math.inf, math.inf, None),
    "rmse": Metric("values", 0, math.inf, _rmse, in_target_units=True),
    "r2": Metric("values", -math.inf, 1, _r2),
}
