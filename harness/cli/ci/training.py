"""One revision's convergence tests, trained in a process whose imports are the revision's."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import distributions
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from harness.cli.ci import pytest_process
from harness.cli.ci.repository import Repository
from harness.cli.exits import Mistake
from harness.report import ReportError, read
from harness.report.run_folders import files_of_run, set_aside
from harness.results.outcome import Outcome

ALONE = ("--convergence-baseline=off", "--convergence-history=off")
"""Neither what was accepted nor what ran before has a say."""

PATIENCE = 10
"""Seconds that pytest has to end once it is told to."""

OURS = ("GITHUB_STEP_SUMMARY", "GITHUB_ACTIONS")
"""What one revision alone says is no summary, and its lines are no lines of the pull request."""

STANDARD_ERROR = 2
"""The file descriptor: standard output is for the answer."""

NOTHING_COLLECTED = 5


class NotTrainedError(Exception):
    """A revision's tests cannot be run or read; the message says why."""


def train(
    repository: Repository, worktree: Path, selection: Sequence[str], reports: Path
) -> list[Outcome]:
    """Run the convergence tests of a working tree; baselines are left alone.

    Args:
        repository: the user's checkout.
        worktree: another revision of it.
        selection: pytest's arguments.
        reports: where the run's reports are written.

    Raises:
        NotTrainedError: if pytest ended before its end, or trained nothing.
        Mistake: if code of the checkout was imported.
    """
    if files_of_run(reports):  # a complete run would stay there, and be read
        set_aside(reports)
    settings = [*ALONE, f"--convergence-report-dir={reports}"]
    here = worktree / repository.below
    if not here.is_dir():
        raise NotTrainedError(f"has no folder {repository.below}")
    script = [sys.executable, pytest_process.__file__, str(repository.checkout), str(worktree)]
    command = [*script, "-q", "--no-header", f"--rootdir={here}", *selection, *settings]
    code = _run(command, here, _environment(repository, worktree))
    if code == pytest_process.FOREIGN:
        raise Mistake("install the project so that its worktree can win, or not at all: see above")
    if code not in (0, 1, NOTHING_COLLECTED):
        raise NotTrainedError(f"pytest ended with exit code {code} before it was done, see above")
    if not (reports / "results.json").exists():
        raise NotTrainedError("has no convergence test: no scenario, and no use of `convergence`")
    try:
        return read(reports)[1]
    except ReportError as error:
        raise NotTrainedError(str(error)) from None


def _run(command: Sequence[str], folder: Path, environment: dict[str, str]) -> int:
    """Run a command; whatever ends this process ends it first."""
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=STANDARD_ERROR)  # noqa: S603  # pytest
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            process.kill()


def _environment(repository: Repository, worktree: Path) -> dict[str, str]:
    """Return the environment in which a worktree's modules come before an installed project's.

    ``PYTHONPATH`` is searched before what an editable install adds, be it a path or a finder.
    """
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    inside = dict.fromkeys(_import_folders(repository))
    mapped = [str(worktree / folder) for folder in inside if (worktree / folder).is_dir()]
    before = [each for each in kept.get("PYTHONPATH", "").split(os.pathsep) if each]
    outside = [
        each for each in before if not Path(each).resolve().is_relative_to(repository.checkout)
    ]
    return kept | {"PYTHONPATH": os.pathsep.join([*mapped, *outside])}


def _import_folders(repository: Repository) -> Iterator[Path]:
    """Yield where in the checkout modules are imported from, relative to it.

    That is what the path says, and the folder of each project that is installed to be edited
    (PEP 610) or called in, with its ``src``.
    """
    checkout = repository.checkout
    projects = [checkout / repository.below, *_edited_projects(), checkout]
    named = [os.path.abspath(entry) for entry in sys.path if entry]  # noqa: PTH100  # links stay
    for folder in [*(each for p in projects for each in (p / "src", p)), *map(Path, named)]:
        packages = "site-packages" in folder.parts or folder.is_relative_to(sys.prefix)
        if folder.is_relative_to(checkout) and not packages:
            yield folder.relative_to(checkout)


def _edited_projects() -> Iterator[Path]:
    for distribution in distributions():
        with suppress(ValueError, AttributeError):
            origin = json.loads(distribution.read_text("direct_url.json") or "{}")
            if origin.get("dir_info", {}).get("editable"):
                yield Path(url2pathname(urlsplit(origin["url"]).path)).resolve()
