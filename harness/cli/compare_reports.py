"""`harness compare` of two reports, or of a report and a baseline file."""

import argparse
import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from harness.baseline import (
    FOLDER,
    Baseline,
    BaselineError,
    Differences,
    compare_baseline,
    compare_reports,
    control_false_discoveries,
    load,
)
from harness.cli.comparison_table import show
from harness.cli.exits import OK, REGRESSION, Mistake
from harness.report import ReportError, read
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome

_LARGEST = 256 * 2**20
"""Bytes; a report that large is none of ours."""

Compared = list[tuple[str, Comparison | Differences]]


def concerns(*paths: Path) -> bool:
    """Tell whether one of the paths is a report or a baseline, by name or by what it holds."""
    return any(_is_report(path) or _is_baseline(path) for path in paths)


def run(arguments: argparse.Namespace) -> int:
    """Print a row for each case; slower, missing and not comparable are failures."""
    a, b = arguments.a, arguments.b
    if _is_baseline(b):  # what was accepted, wherever named
        a, b = b, a
    try:
        _, measured = read(b)
        if _is_baseline(a):
            compared = _against_baseline(measured, load(a))
        else:
            compared = compare_reports(read(a)[1], measured)
    except (ReportError, BaselineError) as error:
        raise Mistake(str(error)) from None
    names, differences = zip(*compared, strict=True)
    comparisons = control_false_discoveries(differences)
    pairs = list(zip(names, comparisons, strict=True))
    rows = [(name, found.status, found.sentence) for name, found in pairs]
    records = [{"case": name} | asdict(found) for name, found in pairs]
    failed = any(found.regressed or found.status == "not_comparable" for found in comparisons)
    show(arguments.layout, ("case", "status", "difference"), rows, {"cases": records})
    return REGRESSION if failed else OK


def _is_report(path: Path) -> bool:
    """Tell a report's folder by its file, and its file by its name or what it holds."""
    if path.is_dir():
        return (path / "results.json").exists()
    return path.name == "results.json" or {"environment", "cases"} <= _keys(path)


def _is_baseline(path: Path) -> bool:
    """Tell a baseline file by its folder, or wherever it lies by what it holds."""
    if not path.is_file() or path.parent.name == FOLDER:
        return path.is_file() and "accepted_curves" not in _keys(path)
    return {"checksum", "scenario", "cases"} <= _keys(path)


def _keys(path: Path) -> set[str]:
    """Return the names at the top of a JSON file; none of what is no such file."""
    with suppress(OSError, ValueError, RecursionError):
        if path.suffix == ".json" and path.is_file() and path.stat().st_size < _LARGEST:
            content = json.loads(path.read_text(encoding="utf-8"))
            return set(content) if isinstance(content, dict) else set()
    return set()


def _against_baseline(measured: list[Outcome], baseline: Baseline) -> Compared:
    """Compare the outcomes that a baseline is about."""
    own = (baseline.scenario, baseline.backend, baseline.device)
    found = [o for o in measured if (o.scenario, o.backend, o.device) == own]
    if not found:
        raise BaselineError(f"the report has no case of {own[0]} on {own[1]}-{own[2]}")
    return compare_baseline(found, baseline)
