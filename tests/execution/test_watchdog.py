"""When a job is taken for one that hangs, by a clock that the tests turn."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.execution import watchdog
from harness.execution.job import Job, Work
from harness.execution.watchdog import GRACE, LEAST_SILENCE, UNSEEN, Stalled, Watchdog
from harness.scenario import load
from tests.pytest_plugin.runner import QUICK


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(watchdog, "time", clock)
    return clock


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Job]:
    def job(name: str = "0", seeds: int = 1, more: str = "") -> Job:
        path = tmp_path / "quick.toml"
        path.write_text(QUICK.replace("epochs = 12", f"epochs = 12\n{more}"), encoding="utf-8")
        work = Work(load(path, "quick").cases[0], "eager", "cpu")
        return Job(tuple(work.members(range(seeds))), tmp_path / name)

    return job


def survived(dog: Watchdog, clock: Clock, jobs: list[Job], most: float) -> float:
    """Look every second; return when the jobs were taken to hang, or ``most``."""
    began = clock.now
    while clock.now - began < most:
        try:
            dog.check(jobs)
        except Stalled:
            return clock.now - began
        clock.now += 1
    return most


def test_a_job_that_ends_no_epoch_hangs_after_a_quarter_of_an_hour(
    clock: Clock, make: Callable[..., Job]
) -> None:
    job = make()
    job.note.write_text("learns\n0\n0\n12")
    assert survived(Watchdog(), clock, [job], 2000) == pytest.approx(LEAST_SILENCE, abs=3)


def test_a_job_that_goes_on_never_hangs(clock: Clock, make: Callable[..., Job]) -> None:
    job, dog = make(), Watchdog()
    for epoch in range(20):
        job.note.write_text(f"learns\n0\n{epoch}\n12")
        assert survived(dog, clock, [job], 600) == 600


def test_fifty_times_the_longest_epoch_so_far_is_allowed(
    clock: Clock, make: Callable[..., Job]
) -> None:
    job, dog = make(), Watchdog()
    for epoch in range(2):
        job.note.write_text(f"learns\n0\n{epoch}\n12")
        survived(dog, clock, [job], 100)
    assert survived(dog, clock, [job], 9000) == pytest.approx(50 * 100 - 100, abs=110)


def test_a_declared_limit_holds_for_each_seed_of_a_job(
    clock: Clock, make: Callable[..., Job]
) -> None:
    job = make(seeds=3)
    job.note.write_text("learns\n0\n0\n12")
    assert survived(Watchdog(timeout=10), clock, [job], 2000) == pytest.approx(30, abs=2)


def test_a_case_s_own_time_limit_is_held_from_outside_with_some_grace(
    clock: Clock, make: Callable[..., Job]
) -> None:
    job = make(more="time_limit = 20")
    job.note.write_text("learns\n0\n0\n12")
    assert survived(Watchdog(), clock, [job], 2000) == pytest.approx(40 + GRACE, abs=2)


def test_the_job_that_hangs_is_named_and_no_other(clock: Clock, make: Callable[..., Job]) -> None:
    jobs, dog = [make("waiting"), make("hangs"), make("goes-on")], Watchdog(timeout=50)
    jobs[1].note.write_text("learns\n0\n0\n12")
    survived(dog, clock, jobs, 40)
    jobs[2].note.write_text("learns\n0\n0\n12")
    survived(dog, clock, jobs, 10)
    clock.now += 1
    with pytest.raises(Stalled, match="did not end within 50 s") as stalled:
        dog.check(jobs)
    assert stalled.value.jobs == [jobs[1]]


def test_where_no_epochs_are_seen_the_job_waited_for_hangs_once_nothing_ends_for_an_hour(
    clock: Clock, make: Callable[..., Job]
) -> None:
    jobs, dog = [make("0"), make("1"), make("2")], Watchdog()
    assert survived(dog, clock, jobs, 3000) == 3000
    assert survived(dog, clock, jobs[1:], 9000) == pytest.approx(UNSEEN * LEAST_SILENCE, abs=3)


def test_a_run_that_was_suspended_has_not_waited(clock: Clock, make: Callable[..., Job]) -> None:
    job, dog = make(), Watchdog()
    job.note.write_text("learns\n0\n0\n12")
    dog.check([job])
    clock.now += 10**6
    dog.check([job])
