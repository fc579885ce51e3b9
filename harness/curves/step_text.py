"""Text with a step a line: torchtitan's log (`step: 1  loss: 8.05`) and its golden `1 8.05`."""

import re
from pathlib import Path

from harness.curves.curve import Points, step_number
from harness.curves.errors import CurveError

_NUMBER = r"[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|nan|inf)"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_STEP = re.compile(r"(validate\s+)?\bstep:\s*(\d+)\b(.*)")
_VALUE = re.compile(rf"([A-Za-z_][\w/.\-]*):\s*({_NUMBER})(?=\s|$)")
_BARE = re.compile(rf"\s*(\d+)\s+({_NUMBER})\s*")


def looks_like(text: str) -> bool:
    """Tell whether some line has a step."""
    lines = (_COLOUR.sub("", line) for line in text.split("\n"))
    return any(_STEP.search(line) or _BARE.fullmatch(line) for line in lines)


def parse(text: str, path: Path) -> dict[str, Points]:
    """Return the points of each metric; lines without a step are the log's other lines.

    A validation line's metrics are called ``validate/loss`` and so on.

    Raises:
        CurveError: if no line has a step.
    """
    found: dict[str, Points] = {}
    for number, raw in enumerate(text.split("\n"), 1):
        line = _COLOUR.sub("", raw.rstrip("\r"))
        if bare := _BARE.fullmatch(line):
            step = step_number(bare[1], path, number)
            found.setdefault("loss", Points(path)).add(step, bare[2], number)
        elif named := _STEP.search(line):
            step = step_number(named[2], path, number)
            prefix = "validate/" if named[1] else ""
            for metric, value in _VALUE.findall(named[3]):
                found.setdefault(prefix + metric, Points(path)).add(step, value, number)
    if not found:
        raise CurveError(f"{path}: no line has a step and a value such as `step: 1  loss: 8.05`")
    return found
