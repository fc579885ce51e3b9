"""What is trained in one call: seeds of a case, or of several that a backend trains together."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from harness import backends
from harness.backends.isolation import isolated
from harness.backends.raised import ends_the_test, sentence_of
from harness.backends.replaced import originals_kept, told
from harness.dataset import changed
from harness.execution.environment import (
    Environment,
    difference,
    edited_files,
    edited_since,
    environment,
)
from harness.execution.journal import Key
from harness.execution.progress import doing, notes
from harness.execution.shards import effort
from harness.history import History, crashed
from harness.scenario import Case, OwnCase
from harness.user_code import handed_over, importable

LEAST_CHUNK = 16
"""Seeds of one batched model that are worth a worker of their own."""

T = TypeVar("T")

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
        """A hash of all that decides its results, made once.

        A changed source counts as well as a changed version: that of this package, which an
        editable install may bring, of the backend, and of the user's own model or training.
        """
        named = (self.case.id, self.case.fingerprint, self.device)
        code = (source.digest for source in self.case.code)
        parts = [*code, *named, *self.environment]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]

    @cached_property
    def environment(self) -> Environment:
        """What it has to be trained with, wherever that is: what the run began with."""
        with importable(self.case.importable):
            return environment(self.backend, self.case.own_code)

    @cached_property
    def epoch_effort(self) -> float:
        """How much is computed in an epoch; of training that its owner wrote nothing is known."""
        return effort(self.case, [1]) or 1.0

    @property
    def disturbed(self) -> str | None:
        """Say what of its data or code was edited since the run began, if anything."""
        declared = self.case.declared
        data = changed(declared) if declared else None
        with importable(self.case.importable):
            return data or edited_since(self.case.own_code) or edited_files(self.case.code)

    def refused(self, wanted: Environment) -> str | None:
        """Say why nothing may be made of it in this process, if so.

        Args:
            wanted: the environment of the process that asks for it.
        """
        here = environment(self.backend, self.case.own_code)
        other = difference(here, wanted)
        return other or edited_since(self.case.own_code) or edited_files(self.case.code)

    @property
    def any_case(self) -> Any:
        """The case, as its backend takes it: one of another kind is `unsupported`."""
        return self.case

    @property
    def unsupported(self) -> str | None:
        """Why its backend cannot train it, ``None`` if it can."""
        backend, case = backends.get(self.backend), self.any_case
        with importable(case.importable):  # what its own data look like may decide
            return backend.unsupported(case) or backend.lacks(case, self.device)

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

    Attributes:
        members: the seeds.
        note: the file that shows its progress.
        limit_per_note: whether what a seed may take holds from one note to the next; else it holds
            for each member.
    """

    members: tuple[Member, ...]
    note: Path
    limit_per_note: bool = False

    @property
    def environment(self) -> Environment:
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


class TrainingError(Exception):
    """What a job raised, in words: not every exception can cross processes, nor should all."""


def train(job: Job, wanted: Environment) -> list[History]:
    """Train a job's seeds in this process; runs in a worker.

    A seed is a crash, and nothing is made of what it trained, where this process runs other code
    than the ``wanted`` environment, where its data or its own code was edited meanwhile, or where
    its model replaced what other cases train with.

    Raises:
        TrainingError: if the backend does not return one history per seed, or raises anything.
    """
    with _in_words(job):
        return _train(job, wanted)


def call(job: Job, wanted: Environment, function: Callable[..., T], *given: Any) -> T:
    """Call ``function(begin, *given)`` for the work of a job in this process; runs in a worker.

    It says by ``begin(name)`` what it does next.

    Raises:
        TrainingError: if this process runs other code than is wanted, or for whatever is raised.
    """
    work = job.members[0].work
    with _in_words(job):
        if (refusal := work.refused(wanted)) is not None:
            raise TrainingError(refusal)
        with _ONE_AT_A_TIME, doing(job.note, work.case) as begin:
            return function(begin, *given)


@contextmanager
def _in_words(job: Job) -> Iterator[None]:
    """Let the user's modules be imported; tell what is raised in words."""
    folders = tuple(dict.fromkeys(f for each in job.members for f in each.work.case.importable))
    try:
        with importable(folders), handed_over(job.members[0].work.case.handed_over):
            yield
    except TrainingError:
        raise
    except BaseException as error:
        if ends_the_test(error):
            raise
        raise TrainingError(sentence_of(error)) from None


def _train(job: Job, wanted: Environment) -> list[History]:
    work, first = job.members[0]
    if (refusal := work.refused(wanted)) is not None:
        return [crashed(seed, refusal) for _, seed in job.members]
    pairs = [(member.work.any_case, member.seed) for member in job.members]
    own = [code for each in job.members for code in each.work.case.own_code]
    may_be_replaced = work.case.declared is None or bool(own)
    with (
        _ONE_AT_A_TIME,
        notes(job.note, work.case, first) as watch,
        isolated(),
        originals_kept(may_be_replaced=may_be_replaced, own=own) as replaced,
    ):
        histories = backends.get(work.backend).train_many(pairs, work.device, watch)
    returned, asked = [history.seed for history in histories], [seed for _, seed in pairs]
    if returned != asked:
        raise RuntimeError(
            f"backend {work.backend} answered seeds {asked} with those of {returned}"
        )
    spoilt = {each.work.id: each.work.disturbed or told(replaced) for each in job.members}
    return [
        crashed(member.seed, message) if (message := spoilt[member.work.id]) else history
        for member, history in zip(job.members, histories, strict=True)
    ]
