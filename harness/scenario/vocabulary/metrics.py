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

MetricName = Literal[
    "accuracy",
    "balanced_accuracy",
    "f1",
    "macro_f1",
    "perplexity",
    "loss",
    "mae",
    "rmse",
    "r2",
    "skill",
]
Array = NDArray[Any]
Formula = Callable[[Array, Array], Array]


@dataclass(frozen=True)
class Metric:
    """The facts about one metric.

    Attributes:
        of: the targets that it is made for; ``"any"`` takes both.
        lowest, highest: the values that it cannot pass.
        perfect: the value of a model that makes no error.
        formula: `[...]` from guesses and targets `[..., records]`; guesses are the classes of the
            largest logits, or values. ``None`` for the loss, which is measured anyway, and for
            skill, which is of another metric.
        of_logits: guesses are logits `[..., records, classes]` instead.
        in_target_units: it grows with the targets; else it is a plain number.
        guess: the value of the best constant answer where no data can change it.
    """

    of: Literal["classes", "values", "any"]
    lowest: float
    highest: float
    formula: Formula | None
    perfect: float = 1.0
    of_logits: bool = False
    in_target_units: bool = False
    guess: float | None = None

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


def _f1_of(label: int, guesses: Array, targets: Array) -> Array:
    """Return the harmonic mean of a class's precision and recall (van Rijsbergen 1979).

    It is 0 where the class is neither there nor guessed.
    """
    guessed, there = guesses == label, targets == label
    both = (guessed & there).sum(axis=-1)
    return np.asarray(2 * both / np.maximum(guessed.sum(axis=-1) + there.sum(axis=-1), 1))


def _f1(guesses: Array, targets: Array) -> Array:
    return _f1_of(1, guesses, targets)


def _macro_f1(guesses: Array, targets: Array) -> Array:
    """Mean over the classes that occur among the targets, each set of records for itself."""
    scores = [
        np.where((targets == label).any(axis=-1), _f1_of(label, guesses, targets), np.nan)
        for label in range(int(targets.max()) + 1)
    ]
    return np.asarray(np.nanmean(scores, axis=0))


def _perplexity(logits: Array, targets: Array) -> Array:
    """Exponential of the mean cross entropy, unweighted and unsmoothed (Jelinek et al. 1977)."""
    largest = logits.max(axis=-1, keepdims=True)
    log_sum = largest[..., 0] + np.log(np.exp(logits - largest).sum(axis=-1))
    chosen = np.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
    return np.asarray(np.exp((log_sum - chosen).mean(axis=-1)))


def _mae(values: Array, targets: Array) -> Array:
    return np.asarray(np.abs(values - targets).mean(axis=-1))


def _squared_error(values: Array, targets: Array) -> Array:
    return np.asarray(np.mean((values - targets) ** 2, axis=-1))


def _rmse(values: Array, targets: Array) -> Array:
    return np.asarray(np.sqrt(_squared_error(values, targets)))


def _r2(values: Array, targets: Array) -> Array:
    return np.asarray(1 - _squared_error(values, targets) / np.var(targets, axis=-1))


METRICS: Mapping[MetricName, Metric] = {
    "accuracy": Metric("classes", 0, 1, _accuracy),
    "balanced_accuracy": Metric("classes", 0, 1, _balanced_accuracy),
    "f1": Metric("classes", 0, 1, _f1),
    "macro_f1": Metric("classes", 0, 1, _macro_f1),
    "perplexity": Metric("classes", 1, math.inf, _perplexity, perfect=1, of_logits=True),
    "loss": Metric("any", -math.inf, math.inf, None, perfect=0),
    "mae": Metric("values", 0, math.inf, _mae, perfect=0, in_target_units=True),
    "rmse": Metric("values", 0, math.inf, _rmse, perfect=0, in_target_units=True),
    "r2": Metric("values", -math.inf, 1, _r2, guess=0),
    "skill": Metric("any", -math.inf, 1, None, guess=0),
}


def metrics_of(targets: Literal["classes", "values"]) -> str:
    """Return the names of those made for targets of a kind, as a list in a sentence."""
    *names, last = (name for name, metric in METRICS.items() if metric.of == targets)
    return f"{', '.join(names)} or {last}"
