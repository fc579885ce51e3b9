"""One seed at every place of a batch of seeds: who else is trained, and where, must not matter."""

import numpy as np

from harness.history import History
from harness.probes.check import Array, Check, conclude
from harness.probes.probe import Probe
from harness.probes.subject import Subject

NAME = "places"

PLACES = 64
"""As many as the ensemble trains as one model."""

TOLERANCE = 1e-6
"""Relative; the same arithmetic on the same numbers: 0 here."""


def places(subject: Subject) -> Probe:
    """Train one seed at every place and compare all histories with the first one."""
    seeds = (0,) * PLACES
    first, *others = subject.backend.train(subject.case, seeds, subject.device, lambda *_: None)
    return conclude(
        NAME,
        f"one seed at {PLACES} places of a batch",
        [Check("histories differ by", max(_apart(first, other) for other in others), TOLERANCE)],
    )


def _apart(one: History, other: History) -> float:
    pairs = [
        (one.first_losses, other.first_losses),
        (one.train_loss, other.train_loss),
        (one.update_ratio, other.update_ratio),
    ]
    return max(_difference(*pair) for pair in pairs)


def _difference(one: Array, other: Array) -> float:
    """Return the largest relative difference; a number that is not finite equals its like."""
    if one.shape != other.shape:
        return float("inf")
    differ = ~((one == other) | (np.isnan(one) & np.isnan(other)))
    if not differ.any():
        return 0.0
    a, b = one[differ], other[differ]
    return float(np.max(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))))
