"""Trains seeds of cases, here or on an executor, and hands their histories back in seed order."""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from pathlib import Path

from harness import backends
from harness.history import History, crashed
from harness.journal import Journal, key_of
from harness.progress import notes
from harness.scenario import Case

LEAST_CHUNK = 16
"""Seeds of one batched model that are worth a worker of their own."""


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


def train_seeds(work: Work, seeds: Sequence[int], folder: Path) -> list[History]:
    """Train seeds in this process; runs in a worker."""
    backend = backends.get(work.backend)
    folder.mkdir(exist_ok=True)  # a worker on another machine has a folder of its own
    return backend.train(work.case, seeds, work.device, notes(folder, work.case))


Pending = tuple[Work, "Future[list[History]]"]


@dataclass
class Trainer:
    """Hands out seeds and collects their histories.

    Attributes:
        make_pool: builds the executor when first needed; ``None`` trains in this process.
        workers: how many pieces run at once.
        journal: where finished seeds are written down, and found when resuming.
    """

    make_pool: Callable[[], Executor] | None
    workers: int
    journal: Journal
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="harness-")))
    queued: int = 0
    finished: int = 0
    pool: Executor | None = None
    pending: dict[tuple[str, str, str], dict[int, Pending]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def queue(self, work: Work, seeds: Sequence[int]) -> None:
        """Start training seeds on the executor; in one process they wait until asked for."""
        if self.make_pool is None:
            return
        left = [s for s in seeds if self._known(work, s) is None and s not in self.pending[work.id]]
        for chunk in self._chunks(work, left):
            self._submit(work, chunk)

    def histories(self, work: Work, seeds: Sequence[int]) -> list[History]:
        """Return the histories of seeds, in their order, training those not yet trained."""
        self.queue(work, seeds)
        return [self._history(work, seed) for seed in seeds]

    def close(self) -> None:
        """Stop all workers, finished or not."""
        if self.pool is not None:
            _stop(self.pool)
            self.pool = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def _known(self, work: Work, seed: int) -> History | None:
        return self.journal.entries.get(key_of(work.case, seed, work.backend, work.device))

    def _chunks(self, work: Work, seeds: list[int]) -> list[list[int]]:
        if not backends.get(work.backend).batches_seeds:
            return [[seed] for seed in seeds]
        size = max(LEAST_CHUNK, -(-len(seeds) // self.workers))
        return [seeds[start : start + size] for start in range(0, len(seeds), size)]

    def _submit(self, work: Work, seeds: list[int]) -> None:
        if self.pool is None:
            assert self.make_pool is not None  # noqa: S101  # the caller checked
            self.pool = self.make_pool()
        future = self.pool.submit(train_seeds, work, seeds, self.folder)
        self.queued += len(seeds)
        future.add_done_callback(lambda done: self._note(work, done))
        for seed in seeds:
            self.pending[work.id][seed] = (work, future)

    def _note(self, work: Work, future: "Future[list[History]]") -> None:
        """Write finished seeds down at once, whether or not anyone waits for them."""
        if future.cancelled() or future.exception() is not None:
            return
        for history in future.result():
            self.finished += 1
            self._keep(work, history)

    def _keep(self, work: Work, history: History) -> None:
        self.journal.add(key_of(work.case, history.seed, work.backend, work.device), history)

    def _history(self, work: Work, seed: int) -> History:
        known = self._known(work, seed)
        if known is not None:
            return known
        if self.make_pool is None:
            [history] = train_seeds(work, [seed], self.folder)
            self._keep(work, history)
            return history
        try:
            results = self.pending[work.id][seed][1].result()
        except Exception as error:  # noqa: BLE001  # a dead worker or what the executor raises
            return self._again(work, seed, error)
        return next(history for history in results if history.seed == seed)

    def _again(self, work: Work, seed: int, error: Exception) -> History:
        """Give a seed whose worker died one retry, alone, so that no neighbour is blamed."""
        lost = self._drop_broken()
        try:
            self._submit(work, [seed])
            [history] = self.pending[work.id][seed][1].result()
        except Exception as second:  # noqa: BLE001  # as in _history
            message = f"its worker failed twice: {_sentence(error)}; then {_sentence(second)}"
            history = crashed(seed, message)
            lost += self._drop_broken()
        for other, other_seed in lost:
            if (other.id, other_seed) != (work.id, seed):
                self.queue(other, [other_seed])
        return history

    def _drop_broken(self) -> list[tuple[Work, int]]:
        """Forget a broken pool; return what it had not finished."""
        lost = [
            (work, seed)
            for seeds in self.pending.values()
            for seed, (work, future) in seeds.items()
            if future.done() and isinstance(future.exception(), BrokenExecutor)
        ]
        for work, seed in lost:
            del self.pending[work.id][seed]
        if lost and self.pool is not None:
            _stop(self.pool)
            self.pool = None
        return lost


def _sentence(error: Exception) -> str:
    if isinstance(error, BrokenExecutor):
        return "the process ended abruptly (out of memory, or a crash in compiled code)"
    return f"{type(error).__name__}: {error}".splitlines()[0]


def _stop(pool: Executor) -> None:
    try:
        pool.shutdown(wait=True, kill_workers=True)  # type: ignore[call-arg]  # loky's own
    except TypeError:
        pool.shutdown(wait=False, cancel_futures=True)
