"""Megatron-LM's golden values: a metric holds its values by step, or with start and interval."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.curves.curve import Points, step_number
from harness.curves.errors import CurveError, place
from harness.curves.names_once import names_once

_METRIC = re.compile(r'\s*"([^"]+)":\s*\{\s*$')
_STEP = re.compile(r'\s*"(\d+)":\s*[^\s{]+\s*$')


def looks_like(text: str) -> bool:
    """Tell golden values from JSON lines: they are one object that holds objects with values."""
    return text.lstrip().startswith("{") and '"values"' in text


def parse(text: str, path: Path) -> dict[str, Points]:
    """Return the points of each metric; a single number beside the metrics is none.

    Raises:
        CurveError: if it is broken, or a metric holds no values.
    """
    try:
        content = json.loads(text, object_pairs_hook=names_once("entries"))
    except json.JSONDecodeError as error:
        raise CurveError(
            f"{place(path, error.lineno)}: is broken or cut-off JSON: {error.msg}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise CurveError(f"{place(path, _repeated(text))}: {error}") from None
    lines = dict(_lines(text))
    return {
        metric: _points(metric, record, lines, path)
        for metric, record in content.items()
        if isinstance(record, dict)
    }


def _repeated(text: str) -> int:
    """Return the line where a metric or a step comes again, 1 where that cannot be told."""
    seen: set[str] = set()
    for name, line in _lines(text):
        if name in seen:
            return line
        seen.add(name)
    return 1


def _lines(text: str) -> Iterator[tuple[str, int]]:
    """Yield each metric, and each of its steps as ``metric/step``, with its line.

    What shares its line with more, as in a file of one line, is left out.
    """
    metric = ""
    for number, line in enumerate(text.split("\n"), 1):
        if (opened := _METRIC.match(line)) and opened[1] != "values":
            metric = opened[1]
            yield metric, number
        elif step := _STEP.match(line):
            yield f"{metric}/{step[1]}", number


def _points(metric: str, record: dict[str, Any], lines: dict[str, int], path: Path) -> Points:
    values, line = record.get("values"), lines.get(metric, 1)
    points = Points(path)
    if isinstance(values, dict):
        for step, value in values.items():
            here = lines.get(f"{metric}/{step}", line)
            points.add(step_number(step, path, here), value, here)
    elif isinstance(values, list):
        start, interval = _spacing(metric, record, path, line)
        for offset, value in enumerate(values):
            points.add(start + offset * interval, value, line)
    else:
        raise CurveError(f"{place(path, line)}: {metric}: holds no values")
    return points


def _spacing(metric: str, record: dict[str, Any], path: Path, line: int) -> tuple[int, int]:
    try:
        start, interval = (record[key] for key in ("start_step", "step_interval"))
    except KeyError:
        raise CurveError(
            f"{place(path, line)}: {metric}: needs start_step and step_interval"
        ) from None
    return step_number(start, path, line), step_number(interval, path, line)
