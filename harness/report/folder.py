"""A report folder belongs to one run at a time; what an earlier one left is set aside in it.

A run may be several processes, xdist's controller and its workers: the first of them takes the
folder, the others share it.
"""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from harness.execution.journal import PATTERN
from harness.results.files import replace_file, sweep
from harness.results.lock import LockedError, locked

LOCK = ".lock"
RUN = ".run"
EARLIER = "earlier"
COMPLETE = ".complete"
"""Marks the reports of a run that was neither a selection nor stopped."""

OURS = (PATTERN, "results.json", "finished.jsonl", "convergence.*", COMPLETE)

KEPT = 3
"""Earlier runs; a folder of the whole catalogue takes a few megabytes."""

PATIENCE = 1.0
"""Seconds; the process that took the folder says within milliseconds for which run."""


class FolderInUseError(Exception):
    """Another run writes to a report folder; the message says what to do."""


@dataclass(frozen=True)
class Held:
    """A report folder that is ours.

    Attributes:
        lock: the operating system gives it back with the process that holds it.
        set_aside: where an earlier run's files are now, ``None`` if there were none.
    """

    lock: FileLock
    set_aside: Path | None

    def release(self) -> None:
        """Leave the folder to the next run."""
        self.lock.release()


def hold(folder: Path, run: str, *, resumes: bool) -> Held:
    """Take a report folder for a run; one that does not resume begins with an empty folder.

    Args:
        folder: there has to be one.
        run: the same for all processes of a run, another one for each run.
        resumes: whether it goes on from the journal that lies there.

    Raises:
        FolderInUseError: if another run writes there.
        OSError: if nothing can be written there.
    """
    lock = FileLock(folder / LOCK, thread_local=False)
    until = time.monotonic() + PATIENCE
    while True:
        with suppress(Timeout):
            lock.acquire(timeout=0)
            return Held(lock, _begin(folder, run, resumes=resumes))
        holder, process, set_aside = _holder(folder)
        if holder == run:
            return Held(lock, Path(set_aside) if set_aside else None)
        if time.monotonic() > until:
            raise FolderInUseError(
                f"{folder} belongs to a run that is going on{process and f' (process {process})'}: "
                "wait for it, or give this one a folder of its own with --convergence-report-dir"
            )
        time.sleep(PATIENCE / 20)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep runs out of a folder, which is made, while reports are rendered there.

    Raises:
        FolderInUseError: if a run writes there.
        OSError: if nothing can be written there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with locked(folder / LOCK, PATIENCE):
            yield
    except LockedError:
        raise FolderInUseError(f"{folder} belongs to a run that is going on: wait for it") from None


def _begin(folder: Path, run: str, *, resumes: bool) -> Path | None:
    """Make the folder ready, and say only then for which run."""
    holder, _, set_aside = _holder(folder)
    if holder == run:  # an xdist worker that replaces the one which took the folder
        return Path(set_aside) if set_aside else None
    sweep(folder)
    aside = None if resumes else _set_aside(folder)
    replace_file(folder / RUN, f"{run}\n{os.getpid()}\n{aside or ''}")
    return aside


def _holder(folder: Path) -> tuple[str, str, str]:
    """Return which run took the folder last, with which process, and what it set aside."""
    with suppress(OSError, ValueError):
        run, process, set_aside = (folder / RUN).read_text(encoding="utf-8").split("\n")
        return run, process, set_aside
    return "", "", ""


def _set_aside(folder: Path) -> Path | None:
    """Move what a run wrote into a folder of its own: a report folder too, to go on in."""
    found = [path for pattern in OURS for path in sorted(folder.glob(pattern))]
    if not any(path.is_file() for path in found):
        return None
    aside = _unused(folder / EARLIER / f"{datetime.now(UTC):%Y%m%d-%H%M%S}")
    aside.mkdir(parents=True)
    for path in found:
        path.rename(aside / path.name)
    _forget_the_oldest(folder / EARLIER)
    return aside


def _unused(path: Path) -> Path:
    names = [path, *(path.with_name(f"{path.name}-{number}") for number in range(2, 1000))]
    return next(each for each in names if not each.exists())


def _forget_the_oldest(earlier: Path) -> None:
    """Delete all but the last `KEPT` runs and the last complete one; one that goes on stays."""
    runs = sorted(each for each in earlier.iterdir() if each.is_dir())
    whole = [each for each in runs if (each / COMPLETE).exists()][-1:]
    for path in (each for each in runs[:-KEPT] if each not in whole):
        lock = FileLock(path / LOCK)
        with suppress(Timeout, OSError):
            lock.acquire(timeout=0)
            lock.release()
            shutil.rmtree(path)
