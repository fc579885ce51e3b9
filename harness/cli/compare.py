"""Say what NEW does differently from OLD: reports, baselines or curves; exit with 1 if worse."""

import argparse
from pathlib import Path

from harness.cli import compare_arms, compare_curves, compare_reports
from harness.cli.comparison_table import add_layouts
from harness.cli.exits import Mistake


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is compared, and how it is shown."""
    parser.add_argument("a", type=Path, metavar="OLD", help="a report, a baseline file, or curves")
    parser.add_argument(
        "b", type=Path, nargs="?", metavar="NEW", help="the same; a baseline may stand second"
    )
    compare_arms.add_arguments(parser)
    compare_curves.add_arguments(parser)
    add_layouts(parser)
    parser.epilog = (
        "Exits with 1 where NEW regressed or lacks anything accepted, with 2 on bad input."
    )


def run(arguments: argparse.Namespace) -> int:
    """Print a row a case of a report, or a row a metric of curves."""
    if arguments.arms:
        return compare_arms.run(arguments)
    if arguments.html is not None:
        raise Mistake("--html shows two cases of one report: name them with --arms A B")
    if arguments.b is None:
        raise Mistake("name two reports or curves, or two cases of one report with --arms A B")
    if compare_reports.concerns(arguments.a, arguments.b):
        return compare_reports.run(arguments)
    return compare_curves.run(arguments)
