"""The report folder of a run, taken by the first of its processes that needs it."""

import os
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from harness.pytest_plugin.stash import HELD
from harness.report.folder import FolderInUseError, hold
from harness.report.run_folders import forget_the_oldest, publish


def take_folder(config: pytest.Config, run: str | None = None) -> None:
    """Take the report folder, unless this process has it; what an earlier run left is kept.

    Args:
        config: of the process.
        run: what xdist calls the run, for its controller; workers are told, others are alone.

    Raises:
        pytest.UsageError: if another run writes there, or nothing can be written.
    """
    if HELD in config.stash:
        return
    told: dict[str, str] = getattr(config, "workerinput", {})
    name = run or told.get("testrunuid") or uuid4().hex
    folder, resumes = (config.getoption(f"convergence_{o}") for o in ("report_dir", "resume"))
    try:
        held = hold(folder, name, resumes=resumes)
    except FolderInUseError as error:
        raise pytest.UsageError(str(error)) from None
    except OSError as error:
        raise pytest.UsageError(f"{error.filename or folder}: {error.strerror}") from None
    config.stash[HELD] = held
    config.add_cleanup(held.release)
    terminal = config.pluginmanager.getplugin("terminalreporter")
    if held.left is not None and terminal is not None:  # an xdist worker's words reach nobody
        terminal.write_line(
            "an earlier run was not finished; to go on with it instead: --convergence-resume "
            f"--convergence-report-dir {os.path.relpath(held.left)}"
        )


def run_folder(config: pytest.Config) -> Path:
    """Return where this run writes: the report folder, or one of its own beside a complete run."""
    asked: Path = config.getoption("convergence_report_dir")
    return config.stash[HELD].path if HELD in config.stash else asked


def publish_run(config: pytest.Config) -> None:
    """Make this run, which is complete, the one in the report folder; keep as many as is wanted.

    Raises:
        OSError: if that cannot be written.
    """
    held = config.stash[HELD]
    if held.path != held.folder:
        publish(held.folder, held.path)
        config.stash[HELD] = replace(held, path=held.folder)
    forget_the_oldest(held.folder, config.getoption("convergence_keep_runs"))
