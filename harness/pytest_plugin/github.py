"""What GitHub Actions shows beside a diff: annotations of the lines of failed cases."""

import os
from collections.abc import Iterable

import pytest

RUNS_THERE = "GITHUB_ACTIONS"


def annotations(failed: Iterable[tuple[pytest.TestReport, str]]) -> list[str]:
    """Return a workflow command for each failed case, at its line of the scenario file.

    Args:
        failed: reports, each with its headline.
    """
    if os.environ.get(RUNS_THERE) != "true":
        return []
    return [_command(report, told) for report, told in failed]


def _command(report: pytest.TestReport, told: str) -> str:
    file, line, _ = report.location
    title = report.nodeid.partition("::")[2]
    places = [f"file={_value(file)}", f"line={(line or 0) + 1}", f"title={_value(title)}"]
    return f"::error {','.join(places)}::{_message(told)}"


def _message(text: str) -> str:
    """Escape as the Actions toolkit does."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
