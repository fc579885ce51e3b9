"""Say what report B does differently from report A; exit with 1 where it regressed or is short."""

import argparse
import json
from contextlib import suppress
from pathlib import Path

from tabulate import tabulate

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
from harness.cli import compare_arms
from harness.cli.exits import OK, REGRESSION, Mistake
from harness.report import ReportError, read
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is compared."""
    parser.add_argument("a", type=Path, metavar="A", help="a report, or a baseline file")
    parser.add_argument(
        "b", type=Path, nargs="?", metavar="B", help="a report; or a baseline file, then A"
    )
    compare_arms.add_arguments(parser)
    parser.epilog = "Exits with 1 where B regressed or lacks a case, with 2 on bad input."


def run(arguments: argparse.Namespace) -> int:
    """Print a row for each case; slower is a regression."""
    if arguments.arms:
        return compare_arms.run(arguments)
    a, b = arguments.a, arguments.b
    if b is None:
        raise Mistake("name two reports, or two cases of one with --arms A B")
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
    rows = [(name, c.status, c.sentence) for name, c in zip(names, comparisons, strict=True)]
    print(tabulate(rows, ("case", "status", "difference"), maxcolwidths=[None, None, 72]))
    return REGRESSION if any(found.regressed for found in comparisons) else OK


def _is_baseline(path: Path) -> bool:
    """Tell a baseline file by its folder, or wherever it lies by what it holds."""
    if not path.is_file() or path.parent.name == FOLDER:
        return path.is_file()
    with suppress(OSError, ValueError):
        content = json.loads(path.read_text(encoding="utf-8"))
        return isinstance(content, dict) and {"checksum", "scenario", "cases"} <= set(content)
    return False


def _against_baseline(
    measured: list[Outcome], baseline: Baseline
) -> list[tuple[str, Comparison | Differences]]:
    """Compare the outcomes that a baseline is about."""
    own = (baseline.scenario, baseline.backend, baseline.device)
    found = [o for o in measured if (o.scenario, o.backend, o.device) == own]
    if not found:
        raise BaselineError(f"the report has no case of {own[0]} on {own[1]}-{own[2]}")
    return compare_baseline(found, baseline)
