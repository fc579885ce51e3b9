"""``finished.jsonl``: what has finished since the reports were last written, a case a line.

A line costs little, so that a run which is killed loses no case that had finished.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from harness.results.outcome import Outcome
from harness.results.sweep_outcome import TrainabilityMap

NAME = "finished.jsonl"
Kind = Literal["cases", "maps"]


def add(directory: Path, found: Outcome | TrainabilityMap) -> None:
    """Write down what has just finished.

    Raises:
        OSError: if it cannot be written.
    """
    kind: Kind = "cases" if isinstance(found, Outcome) else "maps"
    with (directory / NAME).open("a", encoding="utf-8") as file:
        file.write(json.dumps({kind: found.to_dict()}, allow_nan=False) + "\n")


def forget(directory: Path) -> None:
    """Delete the file, once reports hold all of it."""
    (directory / NAME).unlink(missing_ok=True)


def finished(directory: Path, kind: Kind) -> list[dict[str, Any]]:
    """Return the records of a kind; a line that was torn when the run was killed is left out."""
    found = []
    with suppress(FileNotFoundError):
        for line in (directory / NAME).read_text(encoding="utf-8").splitlines():
            with suppress(json.JSONDecodeError):
                found += [record for key, record in json.loads(line).items() if key == kind]
    return found
