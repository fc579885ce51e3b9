"""The summary of a job on GitHub Actions, which several commands may add to."""

import os
from pathlib import Path

VARIABLE = "GITHUB_STEP_SUMMARY"


def append_summary(markdown: str) -> str:
    """Append Markdown where a job's summary is wanted; return what to say if that fails."""
    summary = os.environ.get(VARIABLE)
    if not summary:
        return ""
    try:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(markdown)
    except OSError as error:
        return f"warning: {VARIABLE}: {summary} cannot be written: {error.strerror}"
    return ""
