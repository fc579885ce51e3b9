"""An executor that hands calls on a few at a time, those that somebody waits for before others."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future
from functools import partial
from threading import Lock
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class PriorityExecutor(Executor):
    """Keeps calls back that another executor would queue in the order in which they came.

    A run queues the first seeds of all its cases at once. What a case needs after these, further
    seeds or a remedy, would stand behind all of them, and its test would wait for the others'.
    """

    def __init__(self, executor: Executor, at_once: int) -> None:
        """Hand on to ``executor`` at most ``at_once`` calls that are not finished."""
        self._executor, self._at_once = executor, at_once
        self._kept: OrderedDict[Future[Any], Callable[[], Future[Any]]] = OrderedDict()
        self._unfinished = 0
        self._lock = Lock()  # the executor tells of its results in a thread of its own

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Hand a call on, or keep it until others are finished."""
        future: Future[T] = Future()
        with self._lock:
            self._kept[future] = partial(self._executor.submit, fn, *args, **kwargs)
        self._hand_on()
        return future

    def prioritise(self, futures: Iterable["Future[Any]"]) -> None:
        """Put calls that somebody waits for before all others, in their order."""
        with self._lock:
            for future in reversed([each for each in futures if each in self._kept]):
                self._kept.move_to_end(future, last=False)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stop as the other executor does; what was kept back is cancelled."""
        with self._lock:
            kept = list(self._kept)
            self._kept.clear()
        for future in kept:
            future.cancel()
        self._executor.shutdown(wait=wait, cancel_futures=cancel_futures)

    def _hand_on(self) -> None:
        while (taken := self._take()) is not None:
            future, call = taken
            try:
                inner = call()
            except Exception as error:  # noqa: BLE001  # a broken pool shows in what it was given
                self._free()
                future.set_exception(error)
            else:
                inner.add_done_callback(partial(self._finished, future))

    def _take(self) -> tuple["Future[Any]", Callable[[], "Future[Any]"]] | None:
        with self._lock:
            if not self._kept or self._unfinished >= self._at_once:
                return None
            self._unfinished += 1
            return self._kept.popitem(last=False)

    def _free(self) -> None:
        with self._lock:
            self._unfinished -= 1

    def _finished(self, future: "Future[Any]", inner: "Future[Any]") -> None:
        self._free()
        self._hand_on()  # before anybody is told, so that no worker waits for that
        if inner.cancelled():
            future.cancel()
        elif (error := inner.exception()) is not None:
            future.set_exception(error)
        else:
            future.set_result(inner.result())
