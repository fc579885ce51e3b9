"""The user's git, asked a question."""

import os
import subprocess
from pathlib import Path

LOCAL = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""What git tells its hooks of their checkout; in another folder it would be wrong."""


def ask(
    folder: Path, *arguments: str, patience: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run git in a folder and return how it ended, and what it wrote.

    Args:
        folder: where git looks for its repository.
        arguments: the command and its options.
        patience: seconds after which it is ended.

    Raises:
        OSError: git is not installed, or the folder cannot be entered.
        subprocess.TimeoutExpired: it took longer.
    """
    return subprocess.run(  # noqa: S603  # no shell; callers verify what users named
        ["git", *arguments],  # noqa: S607  # the user's own git
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name not in LOCAL},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=patience,
        check=False,
    )
