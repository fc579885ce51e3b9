"""Where seeds are trained: any `concurrent.futures.Executor`, found by name.

An entry point in the group `harness.executors` is a function ``(workers, address) -> Executor``.
``workers`` is at least 1 (a local pool of one is never asked for: the test process itself trains);
``address`` is what follows ``=`` in ``--convergence-executor NAME=ADDRESS``, or empty. See
docs/executors.md.
"""

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from threading import Thread
from typing import Any, ParamSpec, TypeVar

from harness.backends.plugins import Plugins
from harness.execution.priority import PriorityExecutor

WORKER_ENVIRONMENT = {
    # the seeds run side by side: a second thread of one takes the core of another
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # bytes: loky restarts workers that grow, with a warning; a larger case is no leak
    "LOKY_MAX_MEMORY_LEAK_SIZE": "1e15",
}

P = ParamSpec("P")
T = TypeVar("T")


class ExecutorError(Exception):
    """An executor that was asked for cannot be used; the message says why."""


EXECUTORS = Plugins("harness.executors", "executor", Executor, ExecutorError)


class Stoppable(Executor):
    """An executor that is stopped by means of its own, at once, with whatever still runs."""

    def __init__(self, executor: Any, stop: Callable[[], object]) -> None:
        self._executor, self._stop = executor, stop

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Hand a call to the executor."""
        future: Future[T] = self._executor.submit(fn, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stop, whether or not calls are still running."""
        del wait, cancel_futures
        self._stop()


def cores() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check(choice: str) -> None:
    """Raise if no executor of that name is installed.

    Raises:
        ExecutorError: with the nearest valid name.
    """
    EXECUTORS.check(choice.partition("=")[0])


def make(choice: str, workers: int) -> Executor:
    """Build the executor that ``--convergence-executor`` named.

    Raises:
        ExecutorError: if it is unknown, not installed or cannot be reached.
    """
    name, _, address = choice.partition("=")
    return EXECUTORS.make(name, workers, address)


def local(workers: int, address: str) -> Executor:
    """Return loky's process pool on this machine, one PyTorch thread each."""
    if address:
        raise ExecutorError(f"executor local has no address, got {address!r}")
    from loky import ProcessPoolExecutor  # noqa: PLC0415  # slow to import, needed to train only

    pool = ProcessPoolExecutor(
        max_workers=workers,
        env=WORKER_ENVIRONMENT,
        initializer=_begin_worker,
        initargs=(os.getpid(),),
    )
    stoppable = Stoppable(pool, partial(pool.shutdown, wait=True, kill_workers=True))
    return PriorityExecutor(
        stoppable, at_once=workers + 1
    )  # one more: no worker waits for its next


def _begin_worker(parent: int) -> None:
    """Leave Ctrl-C to the test process, and end with it even where it was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
