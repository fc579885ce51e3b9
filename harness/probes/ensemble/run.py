"""The ensemble's run of two seeds, opened."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from harness.probes.toolkit.subject import Subject

if TYPE_CHECKING:
    from harness.backends.ensemble.run import EnsembleRun

SEEDS = (0, 1)


def open_run(subject: Subject) -> "AbstractContextManager[EnsembleRun]":
    """Open the run that the ensemble would train, of `SEEDS`."""
    return subject.batch(SEEDS)
