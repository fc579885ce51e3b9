"""Accepted curves as a file: checksummed, replaced whole or not at all, one line a run."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from harness.curves.curve import Curve, Points
from harness.curves.errors import CurveError
from harness.curves.text_file import content, decoded
from harness.results.checksum import checksum
from harness.results.files import replace_file

SCHEMA = 1
_ANEW = "restore it from version control, or accept anew with harness accept"


def is_accepted(path: Path) -> bool:
    """Tell an accepted record by how it begins, damaged or not."""
    with suppress(OSError):
        if path.suffix == ".json" and path.is_file():
            with path.open("rb") as file:
                return b'"accepted_curves"' in file.read(64)
    return False


def accepts(path: Path, curves: Mapping[str, Sequence[Curve]]) -> None:
    """Write the curves of each metric, replacing the file at once.

    Raises:
        CurveError: if nothing can be written there, or something else is there, which stays whole.
    """
    if path.exists() and not is_accepted(path):
        raise CurveError(f"{path}: is there, and is no accepted record: it is left as it is")
    body = {metric: {c.run: _points(c) for c in of_metric} for metric, of_metric in curves.items()}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, _text(body))
    except OSError as error:
        raise CurveError(f"{path}: cannot be written: {error.strerror}") from None


def load(path: Path) -> dict[str, dict[str, Points]]:
    """Return the points of each run and metric.

    Raises:
        CurveError: if it is damaged, was edited by hand or written by a later version.
    """
    text = decoded(content(path), path)
    try:
        record = json.loads(text)
        schema, body = record["accepted_curves"], record["curves"]
        if isinstance(schema, int) and schema > SCHEMA:
            raise CurveError(f"{path}: was written by a later version: upgrade the harness")
        if record["checksum"] != checksum(body):
            raise CurveError(
                f"{path}: was edited by hand or damaged, its checksum differs: {_ANEW}"
            )
        return _runs(body, path)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise CurveError(f"{path}: is cut off or malformed: {_ANEW}") from None


def _runs(body: dict[str, Any], path: Path) -> dict[str, dict[str, Points]]:
    runs: dict[str, dict[str, Points]] = {}
    for metric, by_run in body.items():
        for name, points in by_run.items():
            steps, values = points["steps"], points["values"]
            lines = [0] * len(steps)
            runs.setdefault(name, {})[metric] = Points(path, steps, values, lines)
    return runs


def _points(curve: Curve) -> dict[str, list[Any]]:
    return {"steps": curve.steps.tolist(), "values": curve.values.tolist()}


def _text(body: dict[str, dict[str, Any]]) -> str:
    metrics = []
    for metric, runs in body.items():
        lines = [f"      {json.dumps(name)}: {json.dumps(points)}" for name, points in runs.items()]
        metrics.append(f"    {json.dumps(metric)}: {{\n" + ",\n".join(lines) + "\n    }")
    head = (
        f'{{\n  "accepted_curves": {SCHEMA},\n  "checksum": "{checksum(body)}",\n  "curves": {{\n'
    )
    return head + ",\n".join(metrics) + "\n  }\n}\n"
