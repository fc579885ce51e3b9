"""Trains seeds of cases, here or on an executor, and hands their histories back in seed order."""

import math
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from harness.execution.executors import ExecutorError
from harness.execution.job import Job, Member, TrainingError, Work, call, chunks, train
from harness.execution.journal import Journal, Key
from harness.execution.lost_worker import twice
from harness.execution.priority import PriorityExecutor
from harness.execution.progress import done_last, noted
from harness.execution.time_left import Done, work_of
from harness.execution.watchdog import LOOK, Stalled, Watchdog
from harness.history import History, crashed

T = TypeVar("T")


@dataclass
class Trainer:
    """Hands out seeds and collects their histories.

    Attributes:
        make_pool: builds the executor when first needed; ``None`` trains in this process.
        workers: how many jobs run at once.
        journal: where finished seeds are written down, and read when resuming.
        watchdog: tells which jobs hang; nothing does for what is trained in this process.
        folder: where jobs note their progress.
        asked: the seeds that this run has to train, by their keys.
        pending: jobs on the executor, by the keys of their seeds.
        fatal: the lowest seed of a piece of work that killed its worker twice.
    """

    make_pool: Callable[[], Executor] | None
    workers: int
    journal: Journal
    watchdog: Watchdog = field(default_factory=Watchdog)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="harness-")))
    pool: Executor | None = None
    asked: dict[Key, Member] = field(default_factory=dict)
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

    @property
    def work(self) -> Done:
        """What is done of these, in work, and what is left."""
        running = {
            member.key: now.epoch
            for job in self._unfinished()
            if (now := noted(job.note)) is not None
            for member in job.members
        }
        return work_of(tuple(self.asked.values()), self.journal.entries, running)

    def queue(self, members: Sequence[Member]) -> None:
        """Start training seeds on the executor; in one process they wait until asked for."""
        left = {each.key: each for each in members if self._lacks(each)}
        self.asked.update(left)
        if self.make_pool is not None:
            for chunk in chunks(list(left.values()), self.workers):
                self._submit(self._job(chunk))

    def histories(self, members: Sequence[Member]) -> list[History]:
        """Return the histories of seeds, in their order, training those not yet trained.

        Those of a piece of work end with the first seed, if any, that killed its worker twice.

        Raises:
            ExecutorError: if the executor was lost and cannot be had again.
        """
        self.queue(members)
        if self.make_pool is None:
            left = [each for each in members if each.key not in self.journal.entries]
            for chunk in chunks(left, self.workers):
                self._train_here(self._job(chunk))
        waiting = (self.pending.get(each.key) for each in members)
        self._prioritise([future for _, future in filter(None, waiting)])
        return [
            self._history(each)
            for each in members
            if each.seed <= self.fatal.get(each.work.id, math.inf)
        ]

    def call(self, work: Work, function: Callable[..., T], *given: Any) -> T:
        """Call ``function(begin, *given)`` on a worker; where that dies or hangs once more, alone.

        Raises:
            TrainingError: if it did so again, in words.
            ExecutorError: if the executor was lost and cannot be had again.
        """
        members = tuple(work.members([0]))
        job, again = (
            Job(members, self.folder / str(next(self.numbers)), limit_per_note=True)
            for _ in range(2)
        )
        if self.make_pool is None:
            return call(job, work.environment, function, *given)
        try:
            future: Future[T] = self._start(call, job, function, *given)
            return self._result(future, partial(self._unfinished, job))
        except (ExecutorError, TrainingError):
            raise
        except Exception as error:  # noqa: BLE001  # as in _history
            first = error
        lost = self._settle(job, first)
        try:
            future = self._start(call, again, function, *given)
            return self._result(future, partial(list, [again]))
        except (ExecutorError, TrainingError):
            raise
        except Exception as second:  # noqa: BLE001  # as in _history
            lost += self._abandon()
            raise TrainingError(f"{done_last(again.note)}: {twice(first, second)}") from None
        finally:
            for each in lost:
                self.queue(each.members)

    def close(self) -> None:
        """Stop all workers, finished or not."""
        self._abandon()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _train_here(self, job: Job) -> None:
        try:
            histories = train(job, job.environment)
        except TrainingError as error:
            histories = [crashed(member.seed, str(error)) for member in job.members]
        self._keep(job, histories)

    def _lacks(self, member: Member) -> bool:
        known = member.key in self.journal.entries or member.key in self.pending
        return not known and member.seed <= self.fatal.get(member.work.id, math.inf)

    def _job(self, members: Sequence[Member]) -> Job:
        return Job(tuple(members), self.folder / str(next(self.numbers)))

    def _start(self, function: Callable[..., T], job: Job, *given: Any) -> "Future[T]":
        if self.pool is None:
            assert self.make_pool is not None  # noqa: S101  # the callers checked
            self.pool = self.make_pool()
        try:
            return self.pool.submit(function, job, job.environment, *given)
        except Exception as error:  # noqa: BLE001  # a broken pool shows where the result is asked for
            future: Future[T] = Future()
            future.set_exception(error)
            return future

    def _prioritise(self, futures: "Sequence[Future[Any]]") -> None:
        if isinstance(self.pool, PriorityExecutor):
            self.pool.prioritise(futures)

    def _submit(self, job: Job) -> "Future[list[History]]":
        future = self._start(train, job)
        for member in job.members:
            self.pending[member.key] = (job, future)
        future.add_done_callback(lambda done: self._note(job, done))
        return future

    def _note(self, job: Job, future: "Future[list[History]]") -> None:
        """Write finished seeds down at once, whether or not anyone waits for them."""
        if not future.cancelled() and future.exception() is None:
            self._keep(job, future.result())

    def _keep(self, job: Job, histories: Sequence[History]) -> None:
        for member, history in zip(job.members, histories, strict=True):
            key = member.key
            self.journal.add(key, history)
            self.pending.pop(key, None)  # a cluster may forget the result now

    def _history(self, member: Member) -> History:
        key = member.key
        while True:
            waiting = self.pending.get(key)  # looked up first: it leaves only for the journal
            if key in self.journal.entries:
                return self.journal.entries[key]
            assert waiting is not None  # noqa: S101  # `queue` and `_recover` submit what lacks
            job, future = waiting
            try:
                histories = self._result(future, partial(self._unfinished, job))
                self._keep(job, histories)
            except Exception as error:  # noqa: BLE001  # a dead worker or what the executor raises
                self._recover(job, error)

    def _result(self, future: "Future[T]", watched: Callable[[], list[Job]]) -> T:
        """Wait for a job, with an eye on those that must not hang."""
        self._prioritise([future])
        while True:
            try:
                return future.result(LOOK)
            except TimeoutError:
                if future.done():
                    return future.result()
                self.watchdog.check(watched())

    def _recover(self, failed: Job, error: Exception) -> None:
        """Give what was being trained one retry, and queue the rest again."""
        for job in self._settle(failed, error):
            self.queue(job.members)

    def _settle(self, failed: Job, error: Exception) -> list[Job]:
        """Give what was being trained one retry, seed by seed and alone; return what was lost.

        Which of the seeds that ran at once killed the pool is not known before that. A call that
        failed is retried by who waits for it.
        """
        lost, suspects = self._unfinished(), [failed]
        if isinstance(error, Stalled):
            suspects = list(error.jobs)
        elif isinstance(error, BrokenExecutor):
            suspects = [job for job in lost if job.note.exists()] or [failed]
        if isinstance(error, TrainingError):  # all else is the executor's: it is not to be trusted
            lost = self._forget([failed])
        else:
            self._abandon()
        for job in suspects:
            if not job.limit_per_note:
                lost += self._retry(job, error)
        return lost

    def _retry(self, job: Job, error: Exception) -> list[Job]:
        """Train seeds one by one; return the jobs that were lost if one broke the pool again."""
        lost: list[Job] = []
        for member in job.members:
            work, seed = member
            if not self._lacks(member):
                continue
            again = self._job([member])
            try:
                [history] = self._result(self._submit(again), partial(list, [again]))
            except ExecutorError:
                raise
            except Exception as second:  # noqa: BLE001  # as in _history
                history = crashed(seed, twice(error, second))
                self.fatal[work.id] = seed
                lost += [] if isinstance(second, TrainingError) else self._abandon()
            self._keep(again, [history])
        return lost

    def _unfinished(self, *first: Job) -> list[Job]:
        """Return the jobs on the executor: ``first``, and the others as they were queued."""
        waiting = tuple(self.pending.values())  # workers' results take entries out meanwhile
        return list({job.note: job for job in (*first, *(job for job, _ in waiting))}.values())

    def _forget(self, jobs: list[Job]) -> list[Job]:
        for job in jobs:
            job.note.unlink(missing_ok=True)
            for member in job.members:
                self.pending.pop(member.key, None)
        return jobs

    def _abandon(self) -> list[Job]:
        """Stop the pool; return the jobs that it had not finished."""
        if self.pool is not None:
            self.pool.shutdown(wait=False, cancel_futures=True)
            self.pool = None
        return self._forget(self._unfinished())
