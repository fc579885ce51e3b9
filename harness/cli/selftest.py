"""Inject faults that happened somewhere, and print which of them the gate caught."""

import argparse
import sys
from collections.abc import Sequence

from harness.backends import BackendError
from harness.cli.comparison_table import add_layouts, show
from harness.cli.exits import NOT_CAUGHT, OK, Mistake
from harness.scenario.vocabulary import nearest
from harness.selftest import CHANGES, Change, Target, listing, selftest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which faults, where, and how thoroughly."""
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="of a fault or control; default: all"
    )
    parser.add_argument(
        "--backend", metavar="NAME", help="examine all on it; default: each on its own"
    )
    parser.add_argument("--device", default="cpu", help="as torch.device takes it; default: cpu")
    parser.add_argument(
        "--thorough", action="store_true", help="make all probes, and train under every change"
    )
    parser.add_argument("--list", action="store_true", help="print what there is; train nothing")
    add_layouts(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the table of faults."""
    changes = {change.name: change for change in CHANGES}
    for name in arguments.names:
        if name not in changes:
            raise Mistake(f"unknown fault or control {name!r}{nearest(name, list(changes))}")
    chosen = [changes[name] for name in arguments.names or changes]
    target = _target(arguments.backend, arguments.device)
    if arguments.list:
        _list(chosen, arguments.layout)
        return OK
    result = selftest(chosen, _tell, target=target, thorough=arguments.thorough)
    if arguments.layout is None:
        print(result)
    else:
        show(arguments.layout, result.headers, result.linked_rows, result.records)
    return OK if result.passed else NOT_CAUGHT


def _list(changes: Sequence[Change], layout: str | None) -> None:
    """Print what there is, without training."""
    if layout is None:
        print(listing(changes))
        return
    rows = [(change.name, change.backend, change.sentence) for change in changes]
    names = ("name", "backend", "sentence")
    show(layout, names, rows, [dict(zip(names, row, strict=True)) for row in rows])


def _target(backend: str | None, device: str) -> Target:
    """Return where to examine, or raise what the backend says against it."""
    target = Target(backend, device)
    try:
        reason = target.unavailable()
    except BackendError as error:
        raise Mistake(str(error)) from None
    if reason is not None:
        raise Mistake(reason)
    return target


def _tell(change: Change) -> None:
    """Say on a terminal what is being examined: a table comes at the end only."""
    if sys.stderr.isatty():
        print(f"\r\033[Kexamining {change.name}\r", end="", file=sys.stderr, flush=True)
