from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from harness.execution.priority import PriorityExecutor


class Begun:
    """Calls that note the order in which they began; the first waits to be let go."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.let_go = Event()

    def __call__(self, name: str) -> str:
        if not self.order:
            self.let_go.wait(60)
        self.order.append(name)
        return name


@pytest.fixture
def one_worker() -> Iterator[PriorityExecutor]:
    with ThreadPoolExecutor(1) as threads:
        yield PriorityExecutor(threads, at_once=1)


def test_what_is_waited_for_begins_before_what_came_earlier(one_worker: PriorityExecutor) -> None:
    begun = Begun()
    first, *others = [one_worker.submit(begun, name) for name in "abcdef"]
    one_worker.prioritise([first, others[2], others[4]])
    begun.let_go.set()
    assert [each.result(60) for each in (first, *others)] == list("abcdef")
    assert begun.order == list("adfbce")


def test_calls_begin_as_they_came_where_nobody_waits(one_worker: PriorityExecutor) -> None:
    begun = Begun()
    begun.let_go.set()
    assert [one_worker.submit(begun, name) for name in "abc"][-1].result(60) == "c"
    assert begun.order == list("abc")


def test_what_a_call_raises_is_raised_where_its_result_is_asked_for(
    one_worker: PriorityExecutor,
) -> None:
    failing, next_one = one_worker.submit(int, "x"), one_worker.submit(int, "7")
    with pytest.raises(ValueError, match="invalid literal"):
        failing.result(60)
    assert next_one.result(60) == 7


class Broken(Executor):
    def submit(self, *_: Any, **__: Any) -> "Future[Any]":
        raise BrokenExecutor("a worker died")


def test_a_broken_executor_breaks_every_call_that_was_kept_back() -> None:
    broken = PriorityExecutor(Broken(), at_once=1)
    for _ in range(3):
        with pytest.raises(BrokenExecutor, match="a worker died"):
            broken.submit(int).result(60)


def test_stopping_cancels_what_was_kept_back(one_worker: PriorityExecutor) -> None:
    begun = Begun()
    running, kept = one_worker.submit(begun, "a"), one_worker.submit(begun, "b")
    one_worker.shutdown(wait=False)
    begun.let_go.set()
    assert running.result(60) == "a"
    with pytest.raises(CancelledError):
        kept.result(60)
