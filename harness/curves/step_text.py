"""Text with a step a line: torchtitan's log (`step: 1  loss: 8.05`) and its golden `1 8.05`."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from harness.curves.curve import Points, step_number
from harness.curves.errors import CurveError, place

_NUMBER = r"[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|nan|inf)"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_STEP = re.compile(r"(validate\s+)?\bstep:\s*(\d+)\b(.*)")
_VALUE = re.compile(rf"([A-Za-z_][\w/.\-]*):\s*({_NUMBER}(?=\s|$)|(?![\w/.\-]+:)\S*)")
_BARE = re.compile(rf"\s*(\d+)(?:\s+({_NUMBER}))?\s*")
_BARE_VALUE = re.compile(rf"\s*\d+\s+{_NUMBER}\s*")


def looks_like(text: str) -> bool:
    """Tell whether some line has a step."""
    lines = (_COLOUR.sub("", line) for line in text.split("\n"))
    return any(_STEP.search(line) or _BARE_VALUE.fullmatch(line) for line in lines)


def parse(text: str, path: Path) -> dict[str, Points]:
    """Return the points of each metric; lines without a step are the log's other lines.

    A metric is what has a number at some step. A validation line's metrics are called
    ``validate/loss`` and so on.

    Raises:
        CurveError: if no line has a step and a number, or the last line is cut off.
    """
    rows = list(_rows(text))
    _check_end(rows, text, path)
    metrics = {name for row in rows for name, value in row.values if re.fullmatch(_NUMBER, value)}
    if not metrics:
        raise CurveError(f"{path}: no line has a step and a value such as `step: 1  loss: 8.05`")
    found = {name: Points(path) for name in sorted(metrics)}
    for row in rows:
        step = step_number(row.step, path, row.line)
        for name, value in row.values:
            if name in metrics:
                found[name].add(step, value, row.line)
    return found


class _Row(NamedTuple):
    """A line that has a step: metrics with the text of their values."""

    line: int
    kind: str
    step: str
    values: list[tuple[str, str]]


def _rows(text: str) -> Iterator[_Row]:
    for number, raw in enumerate(text.split("\n"), 1):
        line = _COLOUR.sub("", raw.rstrip("\r"))
        if bare := _BARE.fullmatch(line):
            yield _Row(number, "bare", bare[1], [("loss", bare[2])] if bare[2] else [])
        elif named := _STEP.search(line):
            prefix = "validate/" if named[1] else ""
            values = [(prefix + name, value) for name, value in _VALUE.findall(named[3])]
            yield _Row(number, prefix, named[2], values)


def _check_end(rows: Sequence[_Row], text: str, path: Path) -> None:
    """Refuse a last line that no line break ends and that lacks what the one before it has."""
    last = rows[-1] if rows else None
    if last is None or last.line <= text.count("\n"):
        return
    before = next((row for row in reversed(rows[:-1]) if row.kind == last.kind), last)
    if {name for name, _ in before.values} - {name for name, _ in last.values}:
        raise CurveError(f"{place(path, last.line)}: is cut off: the file ends within this line")
