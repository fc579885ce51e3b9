"""Which commit results were made at, as git tells it; nothing where there is none."""

import subprocess
from pathlib import Path

from harness.results.git import ask

PATIENCE = 20.0
"""Seconds; git looks at every file of a large repository to say whether one is modified."""


def revision(folder: Path) -> dict[str, str]:
    """Return commit, its date, and whether files differ from it; empty outside a repository."""
    found = _git(folder, "log", "-1", "--no-show-signature", "--format=%H %cI", "HEAD")
    if not found:
        return {}
    commit, committed = found.split()
    modified = _git(folder, "--no-optional-locks", "status", "--porcelain", "--untracked-files=no")
    known = {"commit": commit, "committed": committed}
    return known | {"modified": "yes"} if modified else known


def commit_date(name: str, folder: Path) -> str | None:
    """Return when a tag, branch or commit was committed, ISO 8601; ``None`` if git knows none."""
    if name.startswith("-"):
        return None
    commit = _git(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    if not commit:
        return None
    return _git(folder, "log", "-1", "--no-show-signature", "--format=%cI", commit) or None


def _git(folder: Path, *arguments: str) -> str:
    """Return what git answers; nothing if it fails, or is not installed."""
    try:
        answer = ask(folder, *arguments, patience=PATIENCE)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
