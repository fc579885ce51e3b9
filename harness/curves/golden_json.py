"""Megatron-LM's golden values: a metric holds its values by step, or with start and interval."""

import json
from pathlib import Path
from typing import Any

from harness.curves.curve import Points, step_number
from harness.curves.errors import CurveError, place


def looks_like(text: str) -> bool:
    """Tell golden values from JSON lines: they are one object that holds objects with values."""
    return text.lstrip().startswith("{") and '"values"' in text


def parse(text: str, path: Path) -> dict[str, Points]:
    """Return the points of each metric; a single number beside the metrics is none.

    Raises:
        CurveError: if it is broken, or a metric holds no values.
    """
    try:
        content = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise CurveError(
            f"{place(path, error.lineno)}: is broken or cut-off JSON: {error.msg}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise CurveError(f"{path}: {error}") from None
    lines = _lines(text)
    return {
        metric: _points(metric, record, lines, path)
        for metric, record in content.items()
        if isinstance(record, dict)
    }


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, value in pairs:
        if name in record:
            raise ValueError(f"two entries are called {name!r}")
        record[name] = value
    return record


def _lines(text: str) -> dict[str, int]:
    """Map each metric to the line of its name."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        name = line.strip().removeprefix("{").lstrip().partition('": {')[0].removeprefix('"')
        found.setdefault(name, number)
    return found


def _points(metric: str, record: dict[str, Any], lines: dict[str, int], path: Path) -> Points:
    values, line = record.get("values"), lines.get(metric, 1)
    points = Points(path)
    if isinstance(values, dict):
        first = line + 5  # start, end, interval and "values" stand before it in Megatron's layout
        for offset, (step, value) in enumerate(values.items()):
            points.add(step_number(step, path, line), value, first + offset)
    elif isinstance(values, list):
        try:
            start, interval = int(record["start_step"]), int(record["step_interval"])
        except (KeyError, TypeError, ValueError):
            raise CurveError(
                f"{place(path, line)}: {metric}: needs start_step and step_interval"
            ) from None
        for offset, value in enumerate(values):
            points.add(start + offset * interval, value, line)
    else:
        raise CurveError(f"{place(path, line)}: {metric}: holds no values")
    return points
