"""The ensemble's run of two seeds, opened."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from harness.backends.ensemble.job import Job
from harness.backends.ensemble.run import BatchedRun
from harness.backends.torch.device import quiet_torch
from harness.probes.toolkit.subject import Subject

SEEDS = (0, 1)


@contextmanager
def open_run(subject: Subject) -> Iterator[BatchedRun]:
    """Open the run that the ensemble would train, of `SEEDS`."""
    with quiet_torch(0), torch.inference_mode():
        yield BatchedRun([Job.prepare(subject.case, seed) for seed in SEEDS], subject.device)
