"""A folder for each run: the report folder holds the last complete one, the others lie beside it.

What a run was is said in its ``results.json``, so that a copy of it, a CI artifact, still knows.
"""

import json
import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from harness.execution.journal import PATTERN
from harness.report.finished import NAME as FINISHED
from harness.report.results import FILE
from harness.report.shards import STATE

State = Literal["complete", "selection", "shard", "unfinished"]
"""All are finished but the last, which is said of a run that was killed as well; a shard is one of
several that are complete together."""

LATEST = "latest"
LOCK = ".lock"
RUN = ".run"
OURS = (PATTERN, FILE, FINISHED, *(f"convergence.{kind}" for kind in ("md", "csv", "html")))
"""A folder that somebody chose may hold a ``convergence.py`` of theirs."""

KEPT = 3
"""Selections and unfinished runs; a folder of the whole catalogue takes a few megabytes."""

_NAME = re.compile(r"\d{8}-\d{6}(-\d+)?")
_FORMAT = "%Y%m%d-%H%M%S"


def home(folder: Path) -> Path:
    """Return where the other runs of a report folder lie, each in a folder named by its date.

    Beside one that is called ``latest``. Any other name was somebody's choice: what is not asked
    for stays within.
    """
    return folder.parent if folder.name == LATEST else folder


def run_folders(folder: Path) -> list[Path]:
    """Return the folders of the other runs, the newest first."""
    found = home(folder).glob("[0-9]*-[0-9]*")
    return sorted((each for each in found if is_run_folder(each)), reverse=True)


def report_folder_of(folder: Path) -> Path:
    """Return the report folder that another run's folder lies beside or within; else itself."""
    owners = (folder.parent / LATEST, folder.parent) if is_run_folder(folder) else ()
    return next((each for each in owners if files_of_run(each)), folder)


def is_run_folder(path: Path) -> bool:
    """Tell by its name whether a folder is one that we made for a run."""
    return _NAME.fullmatch(path.name) is not None and path.is_dir()


def files_of_run(folder: Path) -> list[Path]:
    """Return the files that a run wrote there."""
    found = (path for pattern in OURS for path in sorted(folder.glob(pattern)))
    return [path for path in found if path.is_file()]


def state(folder: Path) -> State:
    """Return what the run there was; unfinished where its results cannot be read."""
    told = _results(folder).get("environment", {}).get(STATE)
    return told if told in ("complete", "selection", "shard") else "unfinished"


def covers(folder: Path, files: set[str], root: Path) -> bool:
    """Tell whether a run of these files leaves out none that the complete run in ``folder`` had.

    Args:
        folder: a report folder.
        files: scenario and test files that the new run ran, relative to ``root``.
        root: where pytest's ids begin; a file that is no longer there is not missed.
    """
    nodes = [case.get("node") for case in _results(folder)["cases"] if isinstance(case, dict)]
    before = {str(node or "").partition("::")[0] for node in nodes}
    return not any((root / lost).is_file() for lost in before - files - {""})


def new_run_folder(folder: Path, date: datetime | None = None) -> Path:
    """Make a folder for another run; of now, if not told otherwise."""
    first = home(folder) / f"{date or datetime.now(UTC):{_FORMAT}}"
    names = (first, *(first.with_name(f"{first.name}-{number}") for number in range(2, 1000)))
    made = next(each for each in names if not each.exists())
    made.mkdir(parents=True)
    return made


def to_go_on_with(folder: Path) -> Path | None:
    """Return the newest unfinished run that began after the one in the report folder, if any."""
    date = _date(folder)
    since = f"{date:{_FORMAT}}" if date and state(folder) == "complete" else "99999999"
    newer = (each for each in run_folders(folder) if each.name > since)
    started = (each for each in newer if any(each.glob(PATTERN)))
    return next((each for each in started if state(each) == "unfinished"), None)


def set_aside(folder: Path) -> Path:
    """Move what an incomplete run wrote into a folder of its own: a report folder too."""
    aside = new_run_folder(folder, _date(folder))
    for path in files_of_run(folder):
        path.rename(aside / path.name)
    return aside


def publish(folder: Path, run: Path) -> None:
    """Make a complete run the one in the report folder; the one before it is kept in its own.

    Whenever this is killed, the report folder holds whole files, of either run.
    """
    kept = new_run_folder(folder, _date(folder))
    for path in files_of_run(folder):
        shutil.copy2(path, kept)
    written = files_of_run(run)
    for path in written:
        path.replace(folder / path.name)
    for path in files_of_run(folder):
        if path.name not in {each.name for each in written}:
            path.unlink()
    _remove(run)


def forget_the_oldest(folder: Path, complete: int) -> None:
    """Delete all but the last ``complete`` complete runs, and the last `KEPT` of the others.

    Only what we wrote is deleted; a run that is going on, and anything else that lies there, stays.
    """
    whole: list[Path] = []
    rest: list[Path] = []
    for each in run_folders(folder):
        (whole if state(each) == "complete" else rest).append(each)
    _forget(whole[complete:])
    _forget(rest[KEPT:])


def _forget(folders: Sequence[Path]) -> None:
    for folder in folders:
        lock = FileLock(folder / LOCK)
        with suppress(Timeout, OSError):
            lock.acquire(timeout=0)
            lock.release()
            for path in files_of_run(folder):
                path.unlink()
            _remove(folder)


def _remove(folder: Path) -> None:
    """Delete a folder of a run that was emptied, unless something else lies there."""
    for name in (LOCK, RUN):
        (folder / name).unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()


def _date(folder: Path) -> datetime | None:
    """Return when the run there began, as its results say it."""
    with suppress(KeyError, ValueError, TypeError):
        return datetime.fromisoformat(_results(folder)["environment"]["date"]).astimezone(UTC)
    return None


def _results(folder: Path) -> dict[str, Any]:
    """Return the results as they lie there; of what is none of ours, as if nothing had run."""
    with suppress(OSError, ValueError, RecursionError, LookupError, TypeError):
        found: dict[str, Any] = json.loads((folder / FILE).read_bytes())
        kinds = {"environment": dict, "cases": list}
        if all(isinstance(found[name], kind) for name, kind in kinds.items()):
            return found
    return {"environment": {}, "cases": []}
