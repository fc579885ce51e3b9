"""A run split into its plateau, its transition and its converged phase."""

from dataclasses import dataclass

import numpy as np

from harness.history import Floats, History, converged_epoch
from harness.scenario.criterion import ConvergenceRule

RISE = 0.1
"""The plateau ends with a tenth of the way from the start to the lowest loss, as the 10 % point
of a step response begins its transition (IEEE Std 181-2011, transition duration)."""


@dataclass(frozen=True)
class Phases:
    """Epochs spent in each phase; ``converged_at`` is ``None`` for a run that never did."""

    plateau: int
    transition: int
    converged_at: int | None


def phases(history: History, converged: ConvergenceRule) -> Phases:
    """Split a run.

    The plateau counts the epochs until the training loss has made a tenth of its way; all of
    them, if it never fell below nine tenths of its start. The transition lasts from there until
    the criterion is first met for good, or to the end.
    """
    at = converged_epoch(history.judged_metric(converged), converged)
    end = history.epochs if at is None else at
    plateau = min(plateau_epochs(history.train_loss), end)
    return Phases(plateau, end - plateau, at)


def plateau_epochs(loss: Floats) -> int:
    """Return how many epochs of a training loss `[epochs + 1]` passed before it began to move."""
    finite = loss[np.isfinite(loss)]
    if len(finite) < 2 or finite.min() > (1 - RISE) * finite[0]:  # noqa: PLR2004  # a start and an end
        return max(len(loss) - 1, 0)
    level = finite[0] - RISE * (finite[0] - finite.min())
    return int(np.argmax(loss <= level)) - 1
