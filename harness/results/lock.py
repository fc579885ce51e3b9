"""Locks of the operating system, which lets go of them with the process, ``kill -9`` or not."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout


class LockedError(Exception):
    """Another process holds a lock, and has not let go of it in time."""


@contextmanager
def locked(path: Path, patience: float) -> Iterator[None]:
    """Hold the lock file at ``path``; it is gone afterwards.

    Args:
        path: of a file that nothing else uses.
        patience: seconds to wait for another process.

    Raises:
        LockedError: if that was not enough.
        OSError: if the file cannot be made.
    """
    lock = FileLock(path)
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        raise LockedError(str(path)) from None
    try:
        yield
    finally:
        with suppress(PermissionError):  # Windows: others wait for it, and the last one deletes it
            path.unlink(missing_ok=True)
        lock.release()
