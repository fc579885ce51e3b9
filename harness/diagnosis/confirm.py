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
    runs = 1
    for finding in answer.findings:
        edit = REMEDIES.get(finding.cause)
        if edit is None:
            continue
        runs += 1
        trains = trains_with(edit, path, arguments)
        if trains is not None:
            verdicts[finding.cause] = trains
    return answer.confirmed(verdicts, runs=runs)


def trains_with(edit: str, path: Path, arguments: list[str]) -> bool | None:
    """Whether a script trains with an edit; what it prints is not shown again.

    Returns:
        ``None`` where the script has no place that the edit could be made at.
    """
    command = [sys.executable, "-m", "harness.diagnosis.rerun", edit, str(path), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the script that the user named
    last = done.stdout.strip().splitlines()[-1:] or ["{}"]
    try:
        said = json.loads(last[0])
        return bool(said.get("trains")) if said.get("acted") else None
    except (json.JSONDecodeError, AttributeError):
        return None
