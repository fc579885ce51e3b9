"""How often `harness diagnose` is right, over scripts whose cause is known.

    python benchmarks/diagnosis.py benchmarks/diagnosis_scripts/held_out
    python benchmarks/diagnosis.py --vary 40 [--seed 1]

Each script of the folder is run and diagnosed by itself; its label says the planted cause, or none,
and which other answers are as good. The engine was written with `tuned` in view; `held_out` was
written by somebody who did not see the engine, and was not shown to whoever wrote it. `blind` to
`blind12` came later, in the same way: the first two have every cause at least once, and half of
all faulty programs are recurrent. Each label holds what the script's own last figure was with its
fault, and once that was mended.

`--vary` draws scripts instead: a template, and for each of its constants a value of the grid that
`templates/grids.json` declares for a cause, or for none; every second script is a healthy one.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

LONGEST = 300
"""Seconds for one script, after which it counts as not answered."""

TEMPLATES = Path(__file__).parent / "diagnosis_scripts" / "templates"

Labels = Mapping[str, Mapping[str, Any]]


def filled(template: str, values: Mapping[str, object]) -> str:
    """Return a template's text with its constants set anew.

    Raises:
        ValueError: The template assigns no such constant.
    """
    for name, value in values.items():
        line = f"{name} = {value!r}"
        template, found = re.subn(rf"^{name} = .*$", line, template, count=1, flags=re.MULTILINE)
        if not found:
            raise ValueError(
                f"{name} is in the grid, but no line of the template begins '{name} ='"
            )
    return template


def draw(scripts: int, seed: int, folder: Path) -> Labels:
    """Write drawn scripts into a folder, healthy and faulty in turn, and return their labels."""
    rng = random.Random(seed)  # noqa: S311  # a draw of test programs
    grids = json.loads((TEMPLATES / "grids.json").read_text(encoding="utf-8"))
    labels = {}
    for number in range(scripts):
        faulty = number % 2 == 1
        chosen = rng.choice([each for each in grids if (each["primary"] != "none") == faulty])
        values = {name: rng.choice(among) for name, among in chosen["grid"].items()}
        values["SEED"] = rng.randrange(1000)
        text = filled((TEMPLATES / chosen["template"]).read_text(encoding="utf-8"), values)
        name = f"v{number:03}_{chosen['template']}"
        (folder / name).write_text(text, encoding="utf-8")
        labels[name] = {**chosen, "values": values}
    return labels


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


def measure(folder: Path, labels: Labels) -> None:
    """Print a line a script, and the three rates."""
    alarms, right, detected, healthy = [], [], [], 0
    width = max(map(len, labels), default=0)
    for name, label in sorted(labels.items()):
        began = time.monotonic()
        named = primary_of(folder / name)
        good = named in (label["primary"], *label.get("accept", ()))
        seconds = time.monotonic() - began
        print(
            f"{name:{width}}  {label['framework']:8}  {label['primary']:24}  {named:24}  "
            f"{'right' if good else 'WRONG':5}  {seconds:5.1f} s",
            *([json.dumps(label["values"])] if "values" in label and not good else []),
            flush=True,
        )
        if label["primary"] == "none":
            healthy += 1
            alarms += [name] if not good else []
        else:
            right += [good]
            detected += [named not in ("none", "no answer")]
    print(f"some cause named in {sum(detected)} of {len(detected)} faulty scripts")
    print(f"primary cause right in {sum(right)} of {len(right)} faulty scripts")
    print(f"alarms on {len(alarms)} of {healthy} healthy scripts {' '.join(alarms)}")


def main() -> None:
    """Measure the scripts of a folder, or drawn ones."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("folder", type=Path, nargs="?", help="scripts with their labels.json")
    what.add_argument("--vary", type=int, metavar="N", help="draw N scripts from the templates")
    parser.add_argument("--seed", type=int, default=0, help="of the draw")
    asked = parser.parse_args()
    if asked.folder:
        text = (asked.folder / "labels.json").read_text(encoding="utf-8")
        measure(asked.folder, json.loads(text))
    else:
        with TemporaryDirectory() as drawn:
            measure(Path(drawn), draw(asked.vary, asked.seed, Path(drawn)))


if __name__ == "__main__":
    main()
