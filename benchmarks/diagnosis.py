"""How often `harness diagnose` is right, over scripts whose cause is known.

    python benchmarks/diagnosis.py benchmarks/diagnosis_scripts/held_out

Each script of the folder is run and diagnosed by itself; its label says the planted cause, or none,
and which other answers are as good. The engine was written with `tuned` in view; `held_out` was
written by somebody who did not see the engine, and was not shown to whoever wrote it. `blind` came
later, in the same way: every cause at least once, half of its faulty programs recurrent. Each label
holds what the script's own last figure was with its fault, and once that was mended.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

LONGEST = 300
"""Seconds for one script, after which it counts as not answered."""


def primary_of(script: Path) -> str:
    """Return the primary cause that is named, or ``"no answer"``."""
    command = [sys.executable, "-m", "harness", "diagnose", "--json", str(script)]
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=LONGEST, check=False
        )
        answer: dict[str, Any] = json.loads(ended.stdout.strip().rpartition("\n")[2])
    except (subprocess.TimeoutExpired, ValueError):
        return "no answer"
    return str(answer["primary"])


def main(folder: Path) -> None:
    """Print a line a script, and the three rates."""
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    alarms, right, healthy = [], [], 0
    for name, label in sorted(labels.items()):
        began = time.monotonic()
        named = primary_of(folder / name)
        good = named in (label["primary"], *label.get("accept", ()))
        seconds = time.monotonic() - began
        print(
            f"{name}  {label['framework']:8}  {label['primary']:24}  {named:24}  "
            f"{'right' if good else 'WRONG':5}  {seconds:5.1f} s",
            flush=True,
        )
        if label["primary"] == "none":
            healthy += 1
            alarms += [name] if not good else []
        else:
            right += [good]
    print(f"primary cause right in {sum(right)} of {len(right)} faulty scripts")
    print(f"alarms on {len(alarms)} of {healthy} healthy scripts {' '.join(alarms)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
