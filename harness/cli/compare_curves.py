"""`harness compare` of curves: of files, folders of seeds, or an accepted record."""

import argparse
import re
from collections.abc import Iterator
from dataclasses import asdict

from harness.cli.comparison_table import show
from harness.cli.exits import OK, REGRESSION, Mistake
from harness.curves import (
    CurveComparison,
    CurveError,
    Recording,
    chosen_metrics,
    compare_curves,
    higher_is_better,
    read_recording,
)
from harness.curves.comparison import TOLERANCE
from harness.curves.sentence import sentence


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which metrics of curves, how much change is tolerated, and which way is better."""
    curves = parser.add_argument_group("curves")
    for flag, value, text in (
        ("--metric", "NAME", "compare this one; default: all accepted, or loss"),
        ("--tolerance", "NAME=SHARE", f"loss=5%%, say; default: {TOLERANCE:.0%}%"),
        ("--higher", "NAME", "higher values of it are better"),
        ("--lower", "NAME", "lower values of it are better"),
    ):
        curves.add_argument(flag, action="append", default=[], metavar=value, help=text)


def run(arguments: argparse.Namespace) -> int:
    """Print a row for each metric; regressed and missing are failures."""
    tolerances = dict(map(_tolerance, arguments.tolerance))
    try:
        old, new = read_recording(arguments.a), read_recording(arguments.b)
        metrics = chosen_metrics(old, arguments.metric)
        for option in (*tolerances, *arguments.higher, *arguments.lower):
            if option not in metrics:
                raise Mistake(f"{option!r} is not compared; compared: {', '.join(metrics)}")
        found = [
            _compared(
                metric, old, new, tolerances.get(metric, TOLERANCE), _higher(metric, arguments)
            )
            for metric in metrics
        ]
    except CurveError as error:
        raise Mistake(str(error)) from None
    rows = [(each.metric, each.status, sentence(each)) for each in found]
    show(
        arguments.layout,
        ("metric", "status", "difference"),
        rows,
        {"metrics": list(_records(found))},
    )
    return REGRESSION if any(each.failed for each in found) else OK


def _compared(
    metric: str, old: Recording, new: Recording, tolerance: float, higher: bool
) -> CurveComparison:
    accepted = old.reference_curves(metric)
    lacking = [run.name for run in new.runs if metric not in run.points]
    if lacking:
        reason = f"{new.path}: {', '.join(lacking)} has no {metric!r}"
        return CurveComparison(metric, "missing", reason, tolerance)
    return compare_curves(metric, accepted, new.curves(metric), tolerance, higher=higher)


def _records(found: list[CurveComparison]) -> Iterator[dict[str, object]]:
    for each in found:
        yield asdict(each) | {"sentence": sentence(each)}


def _higher(metric: str, arguments: argparse.Namespace) -> bool:
    """Return which way is better, from an option or the metric's name.

    Raises:
        Mistake: where neither says, or both options do.
    """
    asked = {metric in arguments.higher: True, metric in arguments.lower: False}
    if metric in arguments.higher and metric in arguments.lower:
        raise Mistake(f"{metric}: --higher and --lower contradict each other")
    better = asked.get(True, higher_is_better(metric))
    if better is None:
        raise Mistake(f"{metric}: say which way is better: --higher {metric} or --lower {metric}")
    return better


def _tolerance(text: str) -> tuple[str, float]:
    """Read ``loss=5%`` or ``loss=0.05``.

    Raises:
        Mistake: if it is neither, or not between 0 and 100 %.
    """
    metric, _, value = text.rpartition("=")
    if not metric or not re.fullmatch(r"\d+(\.\d+)?%?", value.strip()):
        raise Mistake(f"--tolerance {text}: write a metric and a share, such as loss=5%")
    number = float(value.strip().removesuffix("%"))
    share = number / 100 if value.strip().endswith("%") else number
    if not 0 <= share < 1:
        raise Mistake(f"--tolerance {text}: must be at least 0 and less than 100 %")
    return metric, share
