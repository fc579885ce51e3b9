from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from harness import backends
from harness.backends.base import Backend, Watch
from harness.execution import trainer
from harness.execution.job import Job, Member, Work, chunks, train
from harness.execution.journal import Journal
from harness.execution.priority import PriorityExecutor
from harness.execution.trainer import Trainer
from harness.history import History, Stop, crashed
from harness.scenario import Case, load
from tests.pytest_plugin.runner import QUICK


@dataclass
class Canned(Backend):
    """Records the seeds of each call and answers at once, with nothing trained."""

    name: str = "canned"
    batches_seeds: bool = False
    raising_at: int | None = None
    calls: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)

    def train(self, case: Case, seeds: Sequence[int], device: str, watch: Watch) -> list[History]:
        self.calls.append((case.name, tuple(seeds)))
        if self.raising_at in seeds:
            raise KeyboardInterrupt
        return [replace(crashed(seed, ""), stopped=Stop.BUDGET, layers=("lstm",)) for seed in seeds]

    def epoch(self, case: Case, device: str) -> Callable[[], int]:
        raise NotImplementedError


class Mortal(Executor):
    """A pool of one process, as it looks from outside; some seeds kill it, their note stays.

    What is submitted waits until a result is asked for, as behind a busy worker.
    """

    def __init__(self, deadly: set[tuple[str, int]], deaths: list[tuple[str, int]]) -> None:
        self.deadly, self.deaths, self.broken = deadly, deaths, False
        self.waiting: list[tuple[Lazy, Callable[[], list[History]], Job]] = []

    def submit(self, fn: Callable[..., Any], /, *given: Any, **_named: Any) -> Any:
        future = Lazy(self.run_all)
        self.waiting.append((future, partial(fn, *given), given[0]))
        return future

    def run_all(self) -> None:
        while self.waiting:
            future, call, job = self.waiting.pop(0)
            death = next(
                (
                    (work.case.name, seed)
                    for work, seed in job.members
                    if (work.case.name, seed) in self.deadly
                ),
                None,
            )
            if death and not self.broken:
                job.note.write_text("begun")
                self.deaths.append(death)
                self.broken = True
            if self.broken:
                future.set_exception(BrokenProcessPool("died"))
            else:
                future.set_result(call())

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.broken = True
        self.run_all()


class Lazy(Future[list[History]]):
    """A future whose pool works once somebody waits."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self.work = work

    def result(self, timeout: float | None = None) -> list[History]:
        if not self.done():
            self.work()
        return super().result(timeout)


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Canned:
    canned = Canned()
    monkeypatch.setattr(backends, "get", lambda name: canned)
    return canned


@pytest.fixture
def works(tmp_path: Path) -> list[Work]:
    path = tmp_path / "quick.toml"
    path.write_text(QUICK, encoding="utf-8")
    return [Work(case, "canned", "cpu") for case in load(path, "quick").cases]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.start(tmp_path / "reports/journal.jsonl")


def seeds_of(histories: list[History]) -> list[int]:
    return [history.seed for history in histories]


def test_in_one_process_a_batching_backend_gets_all_missing_seeds_at_once(
    backend: Canned, works: list[Work], journal: Journal
) -> None:
    backend.batches_seeds = True
    here = Trainer(None, 1, journal)
    here.histories(works[0].members(range(2)))
    assert seeds_of(here.histories(works[0].members(range(40)))) == list(range(40))
    assert [seeds for _, seeds in backend.calls] == [(0, 1), tuple(range(2, 40))]


def test_in_one_process_each_seed_is_journalled_as_it_finishes(
    backend: Canned, works: list[Work], journal: Journal
) -> None:
    backend.raising_at = 2
    with pytest.raises(KeyboardInterrupt):
        Trainer(None, 1, journal).histories(works[0].members(range(5)))
    assert len(Journal.resume(journal.path).entries) == 2


def test_a_resumed_seed_is_not_trained_again(
    backend: Canned, works: list[Work], journal: Journal
) -> None:
    Trainer(None, 1, journal).histories(works[0].members(range(3)))
    resumed = Trainer(None, 1, Journal.resume(journal.path))
    assert seeds_of(resumed.histories(works[0].members(range(5)))) == list(range(5))
    assert [seeds for _, seeds in backend.calls] == [(0,), (1,), (2,), (3,), (4,)]
    assert (resumed.finished, resumed.queued) == (2, 2)


def test_queueing_starts_on_an_executor_and_only_counts_in_one_process(
    backend: Canned, works: list[Work], journal: Journal
) -> None:
    here = Trainer(None, 1, journal)
    here.queue(works[0].members(range(3)))
    assert (here.queued, here.finished, backend.calls) == (3, 0, [])
    there = Trainer(lambda: ThreadPoolExecutor(1), 1, journal)
    there.queue(works[0].members(range(3)))
    there.histories(works[0].members(range(3)))
    there.close()
    assert len(backend.calls) == there.finished == 3


@pytest.mark.parametrize(
    ("seeds", "workers", "sizes"), [(12, 4, [12]), (24, 2, [24]), (40, 2, [20, 20]), (0, 2, [])]
)
def test_a_batching_backend_s_seeds_are_split_evenly_and_not_too_finely(
    backend: Canned, works: list[Work], seeds: int, workers: int, sizes: list[int]
) -> None:
    backend.batches_seeds = True
    split = chunks(works[0].members(range(seeds)), workers)
    assert [len(chunk) for chunk in split] == sizes
    assert [seed for chunk in split for _, seed in chunk] == list(range(seeds))


def test_results_come_in_seed_order_however_they_finish(
    backend: Canned, works: list[Work], journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_is_done = Event()

    def late(job: Job, wanted: tuple[str, ...]) -> list[History]:
        [(work, seed)] = job.members
        if seed == 0:
            assert another_is_done.wait(10)
        histories = backend.train(work.any_case, [seed], "cpu", lambda seed, epoch: None)
        another_is_done.set()
        return histories

    monkeypatch.setattr(trainer, "train", late)
    pool = Trainer(lambda: ThreadPoolExecutor(2), 2, journal)
    assert seeds_of(pool.histories(works[0].members(range(4)))) == [0, 1, 2, 3]
    pool.close()
    assert backend.calls[0][1] == (1,)


def test_a_case_that_is_waited_for_is_trained_before_those_that_were_queued_earlier(
    backend: Canned, works: list[Work], journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody_waits = Event()

    class Told(PriorityExecutor):
        def prioritise(self, futures: Iterable[Future[Any]]) -> None:
            super().prioritise(futures)
            somebody_waits.set()

    def held(job: Job, wanted: tuple[str, ...]) -> list[History]:
        assert somebody_waits.wait(10)
        return train(job, wanted)

    monkeypatch.setattr(trainer, "train", held)
    with ThreadPoolExecutor(1) as threads:  # what still runs is waited for
        pool = Trainer(lambda: Told(threads, at_once=1), 1, journal)
        for work in works[:2]:
            pool.queue(work.members(range(2)))
        pool.histories(works[1].members(range(2)))
        pool.close()
    running, *others = [(name, *seeds) for name, seeds in backend.calls]
    assert running == (works[0].case.name, 0)
    assert others[:2] == [(works[1].case.name, 0), (works[1].case.name, 1)]


def test_a_seed_that_kills_its_worker_twice_ends_its_case_and_costs_nothing_else(
    backend: Canned, works: list[Work], journal: Journal
) -> None:
    deaths: list[tuple[str, int]] = []
    pool = Trainer(lambda: Mortal({("learns", 3)}, deaths), 1, journal)
    for work in works:
        pool.queue(work.members(range(6)))
    ended = pool.histories(works[0].members(range(6)))
    assert seeds_of(ended) == [0, 1, 2, 3]
    assert ended[-1].stopped is Stop.CRASHED
    assert ended[-1].message == (
        "its worker failed twice: the process ended abruptly "
        "(out of memory, or a crash in compiled code)"
    )
    assert seeds_of(pool.histories(works[1].members(range(6)))) == list(range(6))
    assert deaths == [("learns", 3)] * 2
    assert len(backend.calls) == len(set(backend.calls))


def test_a_seed_whose_worker_is_killed_once_is_trained_by_the_next(
    backend: Canned, works: list[Work], journal: Journal
) -> None:
    pools = iter([Mortal({("learns", 1)}, []), Mortal(set(), []), Mortal(set(), [])])
    pool = Trainer(lambda: next(pools), 1, journal)
    histories = pool.histories(works[0].members(range(4)))
    assert [history.stopped for history in histories] == [Stop.BUDGET] * 4
    assert not list(pool.folder.iterdir())


def test_of_a_batch_that_kills_its_worker_the_seed_is_found(
    backend: Canned, works: list[Work], journal: Journal
) -> None:
    backend.batches_seeds = True
    pool = Trainer(lambda: Mortal({("learns", 2)}, []), 1, journal)
    assert seeds_of(pool.histories(works[0].members(range(12)))) == [0, 1, 2]


def test_what_an_executor_raises_is_the_seed_s_error_after_one_retry(
    backend: Canned, works: list[Work], journal: Journal
) -> None:
    class Refusing(ThreadPoolExecutor):
        tries = 0

        def submit(self, fn: Callable[..., Any], /, *given: Any, **_named: Any) -> Any:
            self.tries += 1
            raise OSError(f"connection {self.tries} lost")

    refusing = Refusing(1)
    pool = Trainer(lambda: refusing, 1, journal)
    [history] = pool.histories(works[0].members(range(1)))
    assert history.message == (
        "its worker failed twice: OSError: connection 1 lost; then OSError: connection 2 lost"
    )


def test_a_worker_with_other_versions_trains_nothing_and_says_what_differs(
    backend: Canned, works: list[Work], tmp_path: Path
) -> None:
    job = Job((Member(works[0], 3),), tmp_path / "0")
    same, torch, *others = job.environment
    [history] = train(job, (same, "torch 0.1", *others))
    assert (history.seed, history.stopped) == (3, Stop.CRASHED)
    assert history.message.startswith(f"the worker has {torch}, not torch 0.1: give it the same")
    assert backend.calls == []


def test_after_closing_what_was_waiting_is_trained_when_asked_for(
    backend: Canned, works: list[Work], journal: Journal
) -> None:
    pool = Trainer(lambda: Mortal(set(), []), 1, journal)
    pool.queue(works[0].members(range(2)))
    pool.close()
    assert backend.calls == []
    assert seeds_of(pool.histories(works[0].members(range(2)))) == [0, 1]


def test_a_backend_that_loses_seeds_is_the_error_of_its_case(
    backend: Canned, works: list[Work], journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "train", lambda *_: [])
    pool = Trainer(lambda: ThreadPoolExecutor(1), 1, journal)
    [history] = pool.histories(works[0].members(range(1)))
    assert history.message.endswith(
        "RuntimeError: backend canned answered seeds [0] with those of []"
    )
    pool.close()


class Together(Canned):
    """Trains seeds of several cases in one call."""

    batches_cases = True

    def train_many(
        self, jobs: Sequence[tuple[Case, int]], device: str, watch: Watch
    ) -> list[History]:
        names = ", ".join(dict.fromkeys(case.name for case, _ in jobs))
        seeds = [seed for _, seed in jobs]
        self.calls.append((names, tuple(seeds)))
        return [replace(crashed(seed, ""), stopped=Stop.BUDGET) for seed in seeds]


def test_several_cases_are_one_job_of_a_backend_that_trains_them_together(
    works: list[Work], journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = Together()
    monkeypatch.setattr(backends, "get", lambda name: together)
    members = [member for work in works[:2] for member in work.members(range(20))]
    pool = Trainer(lambda: ThreadPoolExecutor(1), 2, journal)
    assert seeds_of(pool.histories(members)) == [*range(20), *range(20)]
    pool.close()
    assert [len(seeds) for _, seeds in together.calls] == [20, 20]
    assert len(journal.entries) == 40
