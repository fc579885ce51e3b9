"""Inject faults that happened somewhere, and print which of them the gate caught."""

import argparse
import sys

from harness.cli.exits import NOT_CAUGHT, OK, Mistake
from harness.scenario.vocabulary import nearest
from harness.selftest import CHANGES, Change, selftest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which faults, and how thoroughly."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="of a fault; default: all")
    parser.add_argument(
        "--thorough", action="store_true", help="train under every fault, even if a probe fails"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the table of faults."""
    changes = {change.name: change for change in CHANGES}
    for name in arguments.names:
        if name not in changes:
            raise Mistake(f"unknown fault {name!r}{nearest(name, list(changes))}")
    chosen = [changes[name] for name in arguments.names or changes]
    result = selftest(chosen, _tell, thorough=arguments.thorough)
    print(result)
    return OK if result.passed else NOT_CAUGHT


def _tell(change: Change) -> None:
    """Say on a terminal what is being examined: a table comes at the end only."""
    if sys.stderr.isatty():
        print(f"\r\033[Kexamining {change.name}\r", end="", file=sys.stderr, flush=True)
