"""Compare two cases of one report: is the second better than the first?"""

import argparse
from collections.abc import Sequence

from tabulate import tabulate

from harness.baseline import BaselineError
from harness.baseline.arms import compare_arms
from harness.cli.exits import OK, Mistake
from harness.report import ReportError, read
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
    print(tabulate(arms.rows, HEADINGS, disable_numparse=True))
    print(arms.sentence)
    return OK


def _case(outcomes: Sequence[Outcome], name: str) -> Outcome:
    """Return the case of that name or id."""
    found = [each for each in outcomes if name in (each.case, each.id)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(f"{each.id} on {each.backend}" for each in found)
        raise Mistake(f"--arms: several cases are called {name!r}: {ids}")
    raise Mistake(f"--arms: no case {name!r}{nearest(name, [each.case for each in outcomes])}")
