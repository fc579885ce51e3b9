"""What is trained in one call: seeds of a case, or of several that a backend trains together."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from harness import backends
from harness.backends.source import source_of
from harness.execution.journal import Key, versions
from harness.execution.progress import notes
from harness.history import History
from harness.scenario import Case, OwnCase

LEAST_CHUNK = 16
"""Seeds of one batched model that are worth a worker of their own."""

_ONE_AT_A_TIME = Lock()  # PyTorch's random numbers and thread count belong to the whole process


@dataclass(frozen=True)
class Work:
    """A case on a backend and device."""

    case: Case | OwnCase
    backend: str
    device: str

    @property
    def id(self) -> tuple[str, str, str]:
        """What distinguishes pieces of work within a run."""
        return str(self.case.directory), self.case.id, f"{self.backend}-{self.device}"

    @cached_property
    def key(self) -> Key:
        """A hash of all that decides its results, made once: a data file is read for it.

        A changed source counts as well as a changed version: that of this package, which an
        editable install may bring, of the backend, and of the user's own model or training.
        """
        factory = self.case.factory
        sources = [source_of("harness"), source_of(factory.partition(":")[0]) if factory else ""]
        parts = [
            *self.case.code,
            *(self.case.id, self.case.fingerprint, self.device),
            *self.environment,
            *sources,
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]

    @property
    def environment(self) -> tuple[str, ...]:
        """What trains it here: the versions that matter to all, and the backend's identity."""
        return *versions(), backends.get(self.backend).identity

    @property
    def any_case(self) -> Any:
        """The case, as its backend takes it: one of another kind is `unsupported`."""
        return self.case

    @property
    def unsupported(self) -> str | None:
        """Why its backend cannot train it, ``None`` if it can."""
        return backends.get(self.backend).unsupported(self.any_case)

    def members(self, seeds: Sequence[int]) -> "list[Member]":
        """Return the work seed by seed, as a trainer is asked for it."""
        return [Member(self, seed) for seed in seeds]


class Member(NamedTuple):
    """One seed of a piece of work."""

    work: Work
    seed: int

    @property
    def key(self) -> Key:
        """What its history is kept under."""
        return f"{self.work.key}-{self.seed}"


@dataclass(frozen=True)
class Job:
    """Seeds that are trained in one call, of one case unless their backend trains many together.

    ``note`` is the file that shows its progress.
    """

    members: tuple[Member, ...]
    note: Path

    @property
    def environment(self) -> tuple[str, ...]:
        """What it has to be trained with, wherever that is."""
        return self.members[0].work.environment


def chunks(members: Sequence[Member], workers: int) -> list[list[Member]]:
    """Split seeds into jobs: one for each, or evenly among workers for a backend that batches."""
    if not members:
        return []
    backend = backends.get(members[0].work.backend)
    if backend.batches_cases:
        return _evenly(members, workers)
    if backend.batches_seeds:
        cases = [list(each) for _, each in groupby(members, lambda member: member.work.id)]
        return [chunk for case in cases for chunk in _evenly(case, workers)]
    return [[member] for member in members]


def _evenly(members: Sequence[Member], workers: int) -> list[list[Member]]:
    pieces = min(workers, max(1, len(members) // LEAST_CHUNK))
    bounds = [len(members) * piece // pieces for piece in range(pieces + 1)]
    return [list(members[a:b]) for a, b in pairwise(bounds)]


def train(job: Job, wanted: tuple[str, ...]) -> list[History]:
    """Train a job's seeds in this process; runs in a worker.

    Raises:
        RuntimeError: if this machine has another environment than the ``wanted`` one, or if the
            backend does not return one history per seed.
    """
    if job.environment != wanted:
        raise RuntimeError(f"the worker has {', '.join(job.environment)}, not {', '.join(wanted)}")
    work, first = job.members[0]
    pairs = [(member.work.any_case, member.seed) for member in job.members]
    with _ONE_AT_A_TIME, notes(job.note, work.case, first) as watch:
        histories = backends.get(work.backend).train_many(pairs, work.device, watch)
    returned, asked = [history.seed for history in histories], [seed for _, seed in pairs]
    if returned != asked:
        raise RuntimeError(
            f"backend {work.backend} answered seeds {asked} with those of {returned}"
        )
    return histories
