"""Where seeds are trained: any `concurrent.futures.Executor`, found by name.

An entry point in the group `harness.executors` is a function ``(workers, address) -> Executor``.
``workers`` is at least 2 (one worker is the test process itself); ``address`` is what follows
``=`` in ``--executor NAME=ADDRESS``, or empty.
"""

import os
from collections.abc import Callable
from concurrent.futures import Executor
from importlib.metadata import entry_points

from harness.scenario.names import nearest

GROUP = "harness.executors"
CONNECT_SECONDS = 10
"""Before an unreachable scheduler is given up; promised to users as at most 15 s."""


class ExecutorError(Exception):
    """An executor that was asked for cannot be used; the message says why."""


def cores() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def names() -> list[str]:
    """Return the names of all installed executors, sorted."""
    return sorted({point.name for point in entry_points(group=GROUP)})


def check(choice: str) -> None:
    """Raise if no executor of that name is installed.

    Raises:
        ExecutorError: with the nearest valid name.
    """
    name = choice.partition("=")[0]
    if name not in names():
        raise ExecutorError(f"unknown executor {name!r}{nearest(name, names())}")


def make(choice: str, workers: int) -> Executor:
    """Build the executor that ``--executor`` named.

    Raises:
        ExecutorError: if it is unknown, not installed or cannot be reached.
    """
    check(choice)
    name, _, address = choice.partition("=")
    factory: Callable[[int, str], Executor] = next(
        iter(entry_points(group=GROUP, name=name))
    ).load()
    return factory(workers, address)


def local(workers: int, _address: str) -> Executor:
    """Return loky's process pool on this machine, one PyTorch thread a worker."""
    from loky import ProcessPoolExecutor  # noqa: PLC0415  # slow to import, needed to train only

    pool: Executor = ProcessPoolExecutor(max_workers=workers, env={"OMP_NUM_THREADS": "1"})
    return pool


def dask(_workers: int, address: str) -> Executor:
    """Return the executor of the `dask.distributed` scheduler at ``address``."""
    try:
        from distributed import Client  # noqa: PLC0415  # an optional extra
    except ImportError:
        raise ExecutorError(
            "executor dask needs: pip install 'convergence-harness[dask]'"
        ) from None
    if not address:
        raise ExecutorError("executor dask needs an address: --executor dask=tcp://host:8786")
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ExecutorError(f"no dask scheduler answers at {address}: {error}") from None
    pool: Executor = client.get_executor(pure=False)
    return pool
