"""JSON lines: one object a line, its step under one of the usual names."""

import json
from pathlib import Path
from typing import Any

from harness.curves.curve import Points, step_number
from harness.curves.errors import CurveError, place
from harness.curves.names_once import names_once

STEP_NAMES = ("step", "global_step", "_step", "iteration", "iter", "epoch")
"""In the order in which they are looked for; Lightning's, W&B's and Megatron's are among them."""


def parse(text: str, path: Path) -> dict[str, Points]:
    """Return the points of each metric.

    Raises:
        CurveError: where a line is no JSON object, names a metric twice or has no step.
    """
    found: dict[str, Points] = {}
    key = None
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        record = _record(line, path, number)
        key = key or step_name(record, path, number)
        if record.get(key) is None:
            raise CurveError(f"{place(path, number)}: has no {key!r}, which earlier lines have")
        step = step_number(record.pop(key), path, number)
        for metric, value in record.items():
            if not isinstance(value, (dict, list)) and value is not None:
                found.setdefault(metric, Points(path)).add(step, value, number)
    return found


def step_name(names: Any, path: Path, line: int) -> str:
    """Return the name that the steps have, whatever its case.

    Raises:
        CurveError: if there is none.
    """
    by_name = {str(name).strip().lower(): str(name) for name in names}
    for name in STEP_NAMES:
        if name in by_name:
            return by_name[name]
    raise CurveError(f"{place(path, line)}: has no step: call it one of {', '.join(STEP_NAMES)}")


def _record(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        record = json.loads(line, object_pairs_hook=names_once("values"))
    except json.JSONDecodeError as error:
        raise CurveError(
            f"{place(path, number)}: is broken or cut-off JSON: {error.msg} at column {error.colno}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise CurveError(f"{place(path, number)}: {error}") from None
    if not isinstance(record, dict):
        raise CurveError(
            f"{place(path, number)}: is no JSON object such as " + '{"step": 1, "loss": 0.7}'
        )
    return record
