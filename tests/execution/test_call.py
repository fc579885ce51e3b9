"""What is called on a worker besides training: it may take the worker with it, and nothing else."""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from harness.execution.job import Job, TrainingError, Work, call
from harness.execution.journal import Journal
from harness.execution.trainer import Trainer
from harness.execution.watchdog import Stalled, Watchdog
from harness.scenario import load
from tests.pytest_plugin.runner import QUICK

Begin = Callable[[str], None]


def name_of(begin: Begin, name: str) -> str:
    begin("to tell its name")
    return name


def raises(begin: Begin) -> None:
    raise GeneratorExit("as if closed")


class Mortal(Executor):
    """A pool that a call kills, with what it trains, as it looks from outside."""

    def __init__(self, log: list[str], lives: int = 0) -> None:
        self.log, self.lives = log, lives

    def submit(self, fn: Callable[..., Any], /, *given: Any, **_named: Any) -> Any:
        future: Future[Any] = Future()
        job: Job = given[0]
        called = fn is call
        self.log.append("call" if called else f"seed {job.members[0].seed}")
        if not called and self.log.count("call") == 0:  # waits behind the call
            future.set_exception(BrokenProcessPool("died"))
        elif called and self.log.count("call") > self.lives:
            job.note.write_text("a case\nprobe gradient")
            future.set_exception(BrokenProcessPool("died"))
        else:
            future.set_result(fn(*given))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.log.append("new pool")


@pytest.fixture
def work(tmp_path: Path) -> Work:
    (tmp_path / "quick.toml").write_text(QUICK, encoding="utf-8")
    return Work(load(tmp_path / "quick.toml", "quick").cases[1], "eager", "cpu")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.start(tmp_path / "journal.jsonl")


@pytest.mark.parametrize("pool", [None, lambda: ThreadPoolExecutor(1)], ids=["here", "there"])
def test_a_call_is_answered_here_and_on_an_executor(
    work: Work, journal: Journal, pool: Callable[[], Executor] | None
) -> None:
    trainer = Trainer(pool, 1, journal)
    assert trainer.call(work, name_of, "x") == "x"
    assert not list(trainer.folder.iterdir())
    trainer.close()


@pytest.mark.parametrize("pool", [None, lambda: ThreadPoolExecutor(1)], ids=["here", "there"])
def test_whatever_a_call_raises_is_told_in_words(
    work: Work, journal: Journal, pool: Callable[[], Executor] | None
) -> None:
    trainer = Trainer(pool, 1, journal)
    with pytest.raises(TrainingError, match=r"^GeneratorExit: as if closed$"):
        trainer.call(work, raises)
    trainer.close()


def test_a_call_that_kills_its_worker_twice_is_told_with_what_it_did_last_and_costs_no_seed(
    work: Work, journal: Journal
) -> None:
    log: list[str] = []
    trainer = Trainer(lambda: Mortal(log), 2, journal)
    trainer.queue(work.members(range(2)))
    with pytest.raises(TrainingError) as told:
        trainer.call(work, name_of, "x")
    assert str(told.value) == (
        "probe gradient: its worker failed twice: the process ended abruptly "
        "(out of memory, or a crash in compiled code)"
    )
    assert log == ["seed 0", "seed 1", "call", "new pool", "call", "new pool", "seed 0", "seed 1"]
    assert [history.seed for history in trainer.histories(work.members(range(2)))] == [0, 1]
    trainer.close()


def test_a_call_whose_worker_is_lost_once_is_made_again(work: Work, journal: Journal) -> None:
    log: list[str] = ["call"]  # what kills the first pool is something else
    pools = iter([Mortal(log, lives=0), Mortal(log, lives=9)])
    trainer = Trainer(lambda: next(pools), 2, journal)
    assert trainer.call(work, name_of, "x") == "x"


def test_a_limit_holds_for_each_thing_that_a_call_does(work: Work, tmp_path: Path) -> None:
    dog = Watchdog(timeout=10)
    job = Job(tuple(work.members([0])), tmp_path / "0", limit_per_note=True)
    for name in ("a", "b"):
        job.note.write_text(f"a case\n{name}")
        look_for(dog, job, 8)
    with pytest.raises(Stalled, match="did not end within 10 s"):
        look_for(dog, job, 8)


def look_for(dog: Watchdog, job: Job, seconds: int) -> None:
    for _ in range(seconds):
        dog.looked -= 1
        dog.check([job])
