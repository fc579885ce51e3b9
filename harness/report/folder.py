"""A report folder belongs to one run at a time, which writes there or in a folder of its own.

A run may be several processes, xdist's controller and its workers: the first of them takes the
folder, the others share it.
"""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from harness.execution.journal import PATTERN
from harness.report.run_folders import (
    LOCK,
    RUN,
    files_of_run,
    new_run_folder,
    report_folder_of,
    set_aside,
    state,
    to_go_on_with,
)
from harness.results.files import replace_file, sweep
from harness.results.lock import LockedError, locked

PATIENCE = 1.0
"""Seconds; the process that took the folder says within milliseconds for which run."""


class FolderInUseError(Exception):
    """Another run writes to a report folder; the message says what to do."""


@dataclass(frozen=True)
class Held:
    """A report folder that is ours.

    Attributes:
        lock: the operating system gives it back with the process that holds it.
        folder: the report folder, which gets the files of this run once it is complete.
        path: where this run writes: the report folder, or one of its own as long as that one holds
            a complete run.
        left: an earlier run that was not finished, ``None`` if there is none to go on with.
    """

    lock: FileLock
    folder: Path
    path: Path
    left: Path | None

    def release(self) -> None:
        """Leave the folder to the next run."""
        self.lock.release()


def hold(folder: Path, run: str, *, resumes: bool) -> Held:
    """Take a report folder for a run; one that does not resume begins with an empty folder.

    Args:
        folder: there has to be one; a run that was put aside can be named to go on with it.
        run: the same for all processes of a run, another one for each run.
        resumes: whether it goes on from the journal of the last run that was not finished.

    Raises:
        FolderInUseError: if another run writes there.
        OSError: if nothing can be written there.
    """
    named = folder
    folder = report_folder_of(named) if resumes else named
    lock = FileLock(folder / LOCK, thread_local=False)
    until = time.monotonic() + PATIENCE
    while True:
        with suppress(Timeout):
            lock.acquire(timeout=0)
            return Held(lock, folder, *_begin(folder, named, run, resumes=resumes))
        holder, process, places = _holder(folder)
        if holder == run:
            return Held(lock, folder, *places)
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


Places = tuple[Path, Path | None]
"""Where a run writes, and which earlier one was not finished."""


def _begin(folder: Path, named: Path, run: str, *, resumes: bool) -> Places:
    """Make a folder ready, and say only then for which run."""
    holder, _, places = _holder(folder)
    if holder == run:  # an xdist worker that replaces the one which took the folder
        return places
    path, left = _resumed(folder, named) if resumes else _fresh(folder)
    sweep(path)
    replace_file(folder / RUN, f"{run}\n{os.getpid()}\n{path}\n{left or ''}")
    return path, left


def _holder(folder: Path) -> tuple[str, str, Places]:
    """Return which run took the folder last, with which process, and where it writes."""
    with suppress(OSError, ValueError):
        run, process, path, left = (folder / RUN).read_text(encoding="utf-8").split("\n")
        return run, process, (Path(path), Path(left) if left else None)
    return "", "", (folder, None)


def _resumed(folder: Path, named: Path) -> Places:
    """Go on where a run was not finished, or from the seeds of a complete one, which stays."""
    if named != folder:
        return named, None
    if (left := to_go_on_with(folder)) is not None:
        return left, None
    if state(folder) != "complete":
        return folder, None
    path = new_run_folder(folder)
    for journal in folder.glob(PATTERN):
        shutil.copy2(journal, path)
    return path, None


def _fresh(folder: Path) -> Places:
    """Leave a complete run where it is; put what an incomplete one wrote out of the way."""
    if state(folder) == "complete":
        left = to_go_on_with(folder)
        return new_run_folder(folder), left
    if not files_of_run(folder):
        return folder, None
    finished = state(folder) != "unfinished"
    aside = set_aside(folder)
    return folder, None if finished else aside
