"""Runs a script again with each cause's remedy, and keeps the cause whose remedy works."""

import json
import subprocess
import sys
from pathlib import Path

from harness.diagnosis.answer import Diagnosis
from harness.diagnosis.edits import REMEDIES
from harness.diagnosis.names import Cause


def confirm(path: Path, arguments: list[str], answer: Diagnosis) -> Diagnosis:
    """Try the remedies that can be made from outside, one run each.

    Args:
        path: the script.
        arguments: its arguments.
        answer: what one run said.
    """
    verdicts: dict[Cause, bool] = {}
    for finding in answer.findings:
        edit = REMEDIES.get(finding.cause)
        if edit is not None:
            verdicts[finding.cause] = trains_with(edit, path, arguments)
    return answer.confirmed(verdicts, runs=1 + len(verdicts))


def trains_with(edit: str, path: Path, arguments: list[str]) -> bool:
    """Whether a script trains with an edit; what it prints is not shown again."""
    command = [sys.executable, "-m", "harness.diagnosis.rerun", edit, str(path), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the script that the user named
    last = done.stdout.strip().splitlines()[-1:] or ["{}"]
    try:
        return bool(json.loads(last[0]).get("trains"))
    except (json.JSONDecodeError, AttributeError):
        return False
