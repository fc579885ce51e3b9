"""The report folder of a run, taken by the first of its processes that needs it."""

import os
from uuid import uuid4

import pytest

from harness.report.folder import FolderInUseError, Held, hold

HELD = pytest.StashKey[Held]()


def take_folder(config: pytest.Config, run: str | None = None) -> None:
    """Take the report folder, unless this process has it; an earlier run's files are set aside.

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
    if held.set_aside is not None and terminal is not None:  # an xdist worker's words reach nobody
        terminal.write_line(
            "the earlier run was set aside; to go on with it instead: --convergence-resume "
            f"--convergence-report-dir {os.path.relpath(held.set_aside)}"
        )
