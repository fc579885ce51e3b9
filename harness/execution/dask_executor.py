"""The executor of a `dask.distributed` cluster, which fails soon where there is none."""

import re
from collections.abc import Callable
from concurrent.futures import Executor
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from harness.execution.executors import ExecutorError, Stoppable

CONNECT_SECONDS = 8
"""Before an unreachable scheduler is given up; promised to users as at most 15 s, start-up
included."""

ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx)://[^/\s]+:\d+|inproc://\S+")


def dask(_workers: int, address: str) -> Executor:
    """Return the executor of the `dask.distributed` scheduler at ``address``.

    Raises:
        ExecutorError: if dask is not installed, if no scheduler answers within 10 s, or if it has
            no worker after another 8 s.
    """
    try:
        from distributed import Client  # noqa: PLC0415  # an optional extra
    except ImportError:
        raise ExecutorError(
            "executor dask needs: pip install 'convergence-harness[dask]'"
        ) from None
    if not address:
        raise ExecutorError(
            "executor dask needs an address: --convergence-executor dask=tcp://host:8786"
        )
    if not ADDRESS.fullmatch(address):
        raise ExecutorError(f"{address!r} is no address of a dask scheduler, as tcp://host:8786 is")

    def connect() -> Any:
        client: Any = Client.__new__(Client)
        try:
            client.__init__(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except BaseException:
            client.status = "closed"  # or it would say goodbye, at length, to who never answered
            raise
        return client

    client = _within(CONNECT_SECONDS + 2, connect, f"no dask scheduler answers at {address}")
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError:
        client.close()
        raise ExecutorError(
            f"the dask scheduler at {address} has no workers: start them with dask worker {address}"
        ) from None
    return Stoppable(client.get_executor(pure=False), client.close)


def _within(seconds: float, connect: Callable[[], Any], problem: str) -> Any:
    """Return what ``connect`` returns: something else may answer, and say nothing for ever."""
    answers: SimpleQueue[tuple[Any, Exception | None]] = SimpleQueue()

    def try_it() -> None:
        try:
            answers.put((connect(), None))
        except Exception as error:  # noqa: BLE001  # what is not dask makes it raise anything
            answers.put((None, error))

    Thread(target=try_it, daemon=True).start()
    try:
        client, error = answers.get(timeout=seconds)
    except Empty:
        raise ExecutorError(f"{problem}, but something else does") from None
    if error is not None:
        raise ExecutorError(f"{problem}: {error}") from None
    return client
