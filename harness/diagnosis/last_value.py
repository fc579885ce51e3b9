"""Forecasts that repeat the last value: right by any score, and right about nothing new."""

from dataclasses import dataclass

import numpy as np

from harness.diagnosis.learnable import learnable
from harness.diagnosis.observations import Array

SHORTEST = 3
"""Steps of a window: of fewer nothing says that they follow each other."""

FOLLOWS = 0.9
"""Correlation of a value with the next one, and of the last one with the target: of a walk, whose
last value looks like a good forecast. Of noise around a level it is lower."""

FEWEST = 200
"""Records from which a simple model's silence says something."""

GAINED = 0.1
"""Share of the last value's error that a network gains on its training records by heart."""


@dataclass(frozen=True)
class LastValue:
    """A series whose next step does not follow from those before.

    Attributes:
        score: share of the targets' variance that their last value explains.
        change: share of the change from the last value that a simple model explains.
    """

    score: float
    change: float

    def skill(self, score: float) -> float:
        """Share of the last value's error that an explained share gets rid of."""
        return 1 - (1 - score) / max(1 - self.score, 1e-12)


def last_value(inputs: Array, targets: Array) -> LastValue | None:
    """Find that only the last value of windows `[records, steps, ...]` says anything of a target.

    ``None`` where the change from it can be learnt too, or where records are no such windows.
    """
    if inputs.ndim not in {2, 3} or inputs.dtype.kind != "f" or len(inputs) < FEWEST:
        return None
    if targets.size != len(inputs) or inputs.shape[1] < SHORTEST:
        return None
    values = inputs.reshape(*inputs.shape[:2], -1).astype(np.float64)
    wanted = targets.reshape(-1).astype(np.float64)
    errors = ((values[:, -1] - wanted[:, None]) ** 2).mean(0)
    column = int(errors.argmin())
    last, before = values[:, -1, column], values[:, -2, column]
    spread = float(wanted.var())
    if not np.isfinite(spread) or spread <= 0 or last.std() <= 0 or before.std() <= 0:
        return None
    score = 1 - float(errors[column]) / spread
    if score < FOLLOWS or np.corrcoef(last, before)[0, 1] < FOLLOWS:
        return None
    change = learnable(inputs, wanted - last, classes=False)
    return None if change is None or change.found else LastValue(score, change.skill)
