"""What becomes of a finished run: its place among the report folders, and in the history."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from harness.pytest_plugin.report_folder import publish_run, run_folder
from harness.pytest_plugin.stash import HELD
from harness.report.run_folders import State, covers, home, state
from harness.results.outcome import Outcome
from harness.trend.database import FILE, opened
from harness.trend.run import HistoryError, run_of


def state_of(config: pytest.Config, files: set[str], *, finished: bool, selection: bool) -> State:
    """Say what kind of run this was.

    Args:
        config: of the process that reports.
        files: scenario and test files that were run.
        finished: whether it came to its end.
        selection: whether something was selected or left out on the command line.
    """
    if not finished:
        return "unfinished"
    if config.getoption("convergence_shard") is not None and not selection:
        return "shard"
    folder = config.stash[HELD].folder
    whole = state(folder) != "complete" or covers(folder, files, config.rootpath)
    return "selection" if selection or not whole else "complete"


def keep(
    config: pytest.Config, environment: Mapping[str, str | int], outcomes: Sequence[Outcome]
) -> list[str]:
    """Keep a complete run; say what could not be written, which fails nothing."""
    lines = []
    try:
        publish_run(config)
    except OSError as error:
        lines.append(f"warning: {error.filename}: {error.strerror}: this run stays where it is")
    path = history_file(config)
    try:
        if path is not None:
            with opened(path, make=True) as history:
                history.add([run_of(environment, outcomes)])
    except HistoryError as error:
        lines.append(f"warning: this run is not in the history: {error}")
    return lines


def history_file(config: pytest.Config) -> Path | None:
    """Return the file of the history, ``None`` if none is wanted.

    Unless one is named it lies with the kept runs, so that nothing is written anywhere that did
    not get reports anyway.
    """
    asked = config.getoption("convergence_history")
    if asked is None:
        return home(config.stash[HELD].folder) / FILE
    return asked if isinstance(asked, Path) else None


def where(config: pytest.Config) -> list[str]:
    """Say where the reports lie, and that a complete run before this one stays."""
    held = config.stash.get(HELD, None)
    told = [f"reports: {run_folder(config)}/convergence.html and .md, .csv"]
    if held is not None and held.path != held.folder:
        told.append(f"the last complete run stays in {held.folder}")
    return told
