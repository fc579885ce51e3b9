"""What is trained in one call: seeds of a case, or of several that a backend trains together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from harness import backends
from harness.execution.journal import Key, key_of, versions
from harness.execution.progress import notes
from harness.history import History
from harness.scenario import Case

_ONE_AT_A_TIME = Lock()  # PyTorch's random numbers and thread count belong to the whole process


@dataclass(frozen=True)
class Work:
    """A case on a backend and device."""

    case: Case
    backend: str
    device: str

    @property
    def id(self) -> tuple[str, str, str]:
        """What tells two pieces of work apart."""
        return str(self.case.directory), self.case.id, f"{self.backend}-{self.device}"

    def members(self, seeds: Sequence[int]) -> "list[Member]":
        """Return the work seed by seed, as a trainer is asked for it."""
        return [(self, seed) for seed in seeds]


Member = tuple[Work, int]
"""One seed of a piece of work."""


@dataclass(frozen=True)
class Job:
    """Seeds that are trained in one call, of one case unless their backend trains many together.

    ``note`` is the file that shows its progress.
    """

    members: tuple[Member, ...]
    note: Path


def train(job: Job, wanted: tuple[str, ...]) -> list[History]:
    """Train a job's seeds in this process; runs in a worker.

    Raises:
        RuntimeError: if this machine has other versions than the ``wanted`` ones, or if the backend
            does not return a history a seed.
    """
    if versions() != wanted:
        raise RuntimeError(f"the worker has {', '.join(versions())}, not {', '.join(wanted)}")
    work, first = job.members[0]
    with _ONE_AT_A_TIME, notes(job.note, work.case, first) as watch:
        histories = _trained(job, watch)
    found, asked = [history.seed for history in histories], [seed for _, seed in job.members]
    if found != asked:
        raise RuntimeError(f"backend {work.backend} answered seeds {asked} with those of {found}")
    return histories


def _trained(job: Job, watch: backends.Watch) -> list[History]:
    work, _ = job.members[0]
    backend = backends.get(work.backend)
    if isinstance(backend, backends.TrainsMany):
        pairs = [(each.case, seed) for each, seed in job.members]
        return backend.train_many(pairs, work.device, watch)
    return backend.train(work.case, [seed for _, seed in job.members], work.device, watch)


def key_of_member(member: Member) -> Key:
    """Return what a seed's history is kept under."""
    work, seed = member
    return key_of(work.case, seed, work.backend, work.device)
