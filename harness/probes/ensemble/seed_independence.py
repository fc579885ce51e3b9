"""Each seed trains as if alone, whichever seeds share its batched model or stop before it."""

from collections.abc import Sequence

import numpy as np

from harness.history import History
from harness.probes.toolkit.check import Array, Check, conclude
from harness.probes.toolkit.subject import Subject
from harness.results.probe import Probe
from harness.scenario import Case

NAME = "seed_independence"

COPIES = 64
"""As many as the ensemble trains as one model."""

EPOCHS = (1, 4, 2, 4, 3)
"""Of the cases trained together: the first to stop is the first in the batch, not the last."""

VARIED = ("learning_rate", "weight_decay", "clip_norm")

TOLERANCE = 1e-5
"""Relative, as for `reference_steps`; the same arithmetic on the same numbers gives 0 here."""


def seed_independence(subject: Subject) -> Probe:
    """Train one seed many times in one batch, and cases of several lengths together and alone."""
    first, *others = _train(subject, [(subject.case, 0)] * COPIES)
    jobs = [(_varied(subject.case, n, epochs), n) for n, epochs in enumerate(EPOCHS)]
    together, alone = _train(subject, jobs), [_train(subject, [job])[0] for job in jobs]
    return conclude(
        NAME,
        f"one seed {COPIES} times in a batch, {len(jobs)} jobs together and alone",
        [
            Check(
                "copies differ by", max(_difference(first, other) for other in others), TOLERANCE
            ),
            Check(
                "together and alone differ by", max(map(_difference, together, alone)), TOLERANCE
            ),
        ],
    )


def _train(subject: Subject, jobs: Sequence[tuple[Case, int]]) -> list[History]:
    return subject.backend.train_many(jobs, subject.device, lambda *_: None)


def _varied(case: Case, number: int, epochs: int) -> Case:
    """Return the case with numbers of its own, and an end of its own."""
    numbers = {
        name: value * (1 + 0.1 * number)
        for name in VARIED
        if (value := getattr(case.training, name)) is not None
    }
    training = case.training.model_copy(update={"epochs": epochs, **numbers})
    return case.model_copy(update={"training": training})


def _difference(one: History, other: History) -> float:
    pairs = [
        (one.first_losses, other.first_losses),
        (one.train_loss, other.train_loss),
        (one.update_ratio, other.update_ratio),
    ]
    return max(_relative(*pair) for pair in pairs)


def _relative(one: Array, other: Array) -> float:
    """Return the largest relative difference; a number that is not finite equals its like."""
    if one.shape != other.shape:
        return float("inf")
    differ = ~((one == other) | (np.isnan(one) & np.isnan(other)))
    if not differ.any():
        return 0.0
    a, b = one[differ], other[differ]
    return float(np.max(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))))
