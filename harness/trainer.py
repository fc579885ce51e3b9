"""Trains seeds of cases, here or on an executor, and hands their histories back in seed order."""

import math
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from itertools import count, pairwise
from pathlib import Path
from threading import Lock

from harness import backends
from harness.history import History, crashed
from harness.journal import Journal, Key, key_of, versions
from harness.progress import notes
from harness.scenario import Case

LEAST_CHUNK = 16
"""Seeds of one batched model that are worth a worker of their own."""

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

    def key(self, seed: int) -> Key:
        """Return what a seed's history is kept under."""
        return key_of(self.case, seed, self.backend, self.device)


@dataclass(frozen=True)
class Job:
    """Seeds that are trained in one call; ``note`` is the file that shows its progress."""

    work: Work
    seeds: tuple[int, ...]
    note: Path


def train(job: Job, wanted: tuple[str, ...]) -> list[History]:
    """Train a job's seeds in this process; runs in a worker.

    Raises:
        RuntimeError: if this machine has other versions than the ``wanted`` ones.
    """
    if versions() != wanted:
        raise RuntimeError(f"the worker has {', '.join(versions())}, not {', '.join(wanted)}")
    work = job.work
    backend = backends.get(work.backend)
    with _ONE_AT_A_TIME, notes(job.note, work.case, job.seeds[0]) as watch:
        return backend.train(work.case, job.seeds, work.device, watch)


@dataclass
class Trainer:
    """Hands out seeds and collects their histories.

    Attributes:
        make_pool: builds the executor when first needed; ``None`` trains in this process.
        workers: how many jobs run at once.
        journal: where finished seeds are written down, and found when resuming.
        folder: where jobs note their progress.
        asked: keys of the seeds that this run has to train.
        pending: jobs on the executor, by the keys of their seeds.
        fatal: the lowest seed of a piece of work that killed its worker twice.
    """

    make_pool: Callable[[], Executor] | None
    workers: int
    journal: Journal
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="harness-")))
    pool: Executor | None = None
    asked: set[Key] = field(default_factory=set)
    pending: "dict[Key, tuple[Job, Future[list[History]]]]" = field(default_factory=dict)
    fatal: dict[tuple[str, str, str], int] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=count)

    @property
    def queued(self) -> int:
        """How many seeds this run has to train, as far as is known."""
        return len(self.asked)

    @property
    def finished(self) -> int:
        """How many of these are trained."""
        return sum(key in self.journal.entries for key in tuple(self.asked))

    def queue(self, work: Work, seeds: Sequence[int]) -> None:
        """Start training seeds on the executor; in one process they wait until asked for."""
        left = {key: seed for seed in seeds if self._lacks(work, seed, key := work.key(seed))}
        self.asked.update(left)
        if self.make_pool is not None:
            for chunk in self._chunks(work, list(left.values())):
                self._submit(self._job(work, chunk))

    def histories(self, work: Work, seeds: Sequence[int]) -> list[History]:
        """Return the histories of seeds, in their order, training those not yet trained.

        They end with the first seed, if any, that killed its worker twice.
        """
        self.queue(work, seeds)
        if self.make_pool is None:
            left = [seed for seed in seeds if work.key(seed) not in self.journal.entries]
            for chunk in self._chunks(work, left):
                self._keep(work, train(self._job(work, chunk), versions()))
        histories = []
        for seed in seeds:
            histories.append(self._history(work, seed))
            if self.fatal.get(work.id) == seed:
                break
        return histories

    def together(self, works: Sequence[Work], seeds: Sequence[int], shown: Case) -> None:
        """Train seeds of several cases in one call in this process, if their backend can.

        The journal holds them afterwards. ``shown`` stands for all in what a person is told.
        """
        backend, device = backends.get(works[0].backend), works[0].device
        wanted = [(work, seed) for work in works for seed in seeds]
        left = {w.key(s): (w.case, s) for w, s in wanted if self._lacks(w, s, w.key(s))}
        if not left or not isinstance(backend, backends.TrainsMany):
            return
        self.asked.update(left)
        note = self.folder / str(next(self.numbers))
        with _ONE_AT_A_TIME, notes(note, shown, seeds[0]) as watch:
            histories = backend.train_many(list(left.values()), device, watch)
        for key, history in zip(left, histories, strict=True):
            self.journal.add(key, history)

    def close(self) -> None:
        """Stop all workers, finished or not."""
        self._abandon()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _lacks(self, work: Work, seed: int, key: Key) -> bool:
        known = key in self.journal.entries or key in self.pending
        return not known and seed <= self.fatal.get(work.id, math.inf)

    def _chunks(self, work: Work, seeds: list[int]) -> list[list[int]]:
        """Split seeds into jobs: one each, or evenly for a backend that trains many together."""
        pieces = len(seeds)
        if backends.get(work.backend).batches_seeds:
            pieces = min(self.workers, max(1, len(seeds) // LEAST_CHUNK))
        bounds = [len(seeds) * piece // max(pieces, 1) for piece in range(pieces + 1)]
        return [seeds[a:b] for a, b in pairwise(bounds) if a < b]

    def _job(self, work: Work, seeds: Sequence[int]) -> Job:
        return Job(work, tuple(seeds), self.folder / str(next(self.numbers)))

    def _submit(self, job: Job) -> "Future[list[History]]":
        if self.pool is None:
            assert self.make_pool is not None  # noqa: S101  # the callers checked
            self.pool = self.make_pool()
        try:
            future = self.pool.submit(train, job, versions())
        except Exception as error:  # noqa: BLE001  # a broken pool shows where the seed is asked for
            future = Future()
            future.set_exception(error)
        for seed in job.seeds:
            self.pending[job.work.key(seed)] = (job, future)
        future.add_done_callback(lambda done: self._note(job, done))
        return future

    def _note(self, job: Job, future: "Future[list[History]]") -> None:
        """Write finished seeds down at once, whether or not anyone waits for them."""
        if not future.cancelled() and future.exception() is None:
            self._keep(job.work, future.result())

    def _keep(self, work: Work, histories: Sequence[History]) -> None:
        for history in histories:
            key = work.key(history.seed)
            self.journal.add(key, history)
            self.pending.pop(key, None)  # a cluster may forget the result now

    def _history(self, work: Work, seed: int) -> History:
        key = work.key(seed)
        while True:
            waiting = self.pending.get(key)  # looked up first: it leaves only for the journal
            if key in self.journal.entries:
                return self.journal.entries[key]
            assert waiting is not None  # noqa: S101  # `queue` and `_recover` submit what lacks
            job, future = waiting
            try:
                self._keep(work, future.result())
            except Exception as error:  # noqa: BLE001  # a dead worker or what the executor raises
                self._recover(job, error)

    def _recover(self, failed: Job, error: Exception) -> None:
        """Give what was being trained one retry, seed by seed and alone, and queue the rest again.

        Which of the seeds that ran at once killed the pool is not known before that.
        """
        lost = self._abandon() if isinstance(error, BrokenExecutor) else self._forget([failed])
        for job in [job for job in lost if job.note.exists()] or [failed]:
            job.note.unlink(missing_ok=True)
            lost += self._retry(job, error)
        for job in lost:
            self.queue(job.work, job.seeds)

    def _retry(self, job: Job, error: Exception) -> list[Job]:
        """Train seeds one by one; return the jobs that were lost if one broke the pool again."""
        lost: list[Job] = []
        for seed in job.seeds:
            if not self._lacks(job.work, seed, job.work.key(seed)):
                continue
            again = self._job(job.work, [seed])
            try:
                [history] = self._submit(again).result()
            except Exception as second:  # noqa: BLE001  # as in _history
                history = crashed(seed, _twice(error, second))
                self.fatal[job.work.id] = seed
                lost += self._abandon() if isinstance(second, BrokenExecutor) else []
                again.note.unlink(missing_ok=True)
            self._keep(job.work, [history])
        return lost

    def _forget(self, jobs: list[Job]) -> list[Job]:
        for job in jobs:
            for seed in job.seeds:
                self.pending.pop(job.work.key(seed), None)
        return jobs

    def _abandon(self) -> list[Job]:
        """Stop the pool; return the jobs that it had not finished."""
        if self.pool is not None:
            self.pool.shutdown(wait=False, cancel_futures=True)
            self.pool = None
        return self._forget(list({job.note: job for job, _ in self.pending.values()}.values()))


def _twice(first: Exception, second: Exception) -> str:
    sentences = dict.fromkeys([_sentence(first), _sentence(second)])
    return f"its worker failed twice: {'; then '.join(sentences)}"


def _sentence(error: Exception) -> str:
    if isinstance(error, BrokenExecutor):
        return "the process ended abruptly (out of memory, or a crash in compiled code)"
    return f"{type(error).__name__}: {error}".splitlines()[0]
