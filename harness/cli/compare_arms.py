"""Compare two cases of one report: is the second better than the first?"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from harness.baseline import BaselineError
from harness.baseline.arms import compare_arms
from harness.cli.comparison_table import show
from harness.cli.exits import OK, Mistake
from harness.report import ReportError, read
from harness.report.html import arms_page
from harness.results.outcome import Outcome
from harness.scenario.vocabulary import nearest

HEADINGS = ("measure", "change", "95 % interval", "p")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the two cases."""
    parser.add_argument(
        "--arms",
        nargs=2,
        metavar=("A", "B"),
        help="two cases of the one report that is named: is B better than A? Exits with 0",
    )
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="with --arms: a page with both bands in a picture"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print what they differ by, a measure a row, and whether the second is better."""
    if arguments.b is not None:
        raise Mistake("--arms compares two cases of one report: name one report")
    try:
        _, outcomes = read(arguments.a)
        first, second = (_case(outcomes, name) for name in arguments.arms)
        arms = compare_arms(first, second)
    except (ReportError, BaselineError) as error:
        raise Mistake(str(error)) from None
    if arguments.html is not None:
        _write(arguments.html, arms_page(arms, HEADINGS, first, second))
    show(arguments.layout, HEADINGS, arms.rows, arms.record)
    if arguments.layout != "json":  # which holds it
        print(f"\n{arms.sentence}")
    return OK


def _write(path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise Mistake(f"--html {path}: {error.strerror}") from None


def _case(outcomes: Sequence[Outcome], name: str) -> Outcome:
    """Return the case of that name or id."""
    found = [each for each in outcomes if name in (each.case, each.id)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(f"{each.id} on {each.backend}" for each in found)
        raise Mistake(f"--arms: several cases are called {name!r}: {ids}")
    raise Mistake(f"--arms: no case {name!r}{nearest(name, [each.case for each in outcomes])}")
