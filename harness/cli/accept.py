"""Accept recorded curves: later runs are compared with them."""

import argparse
from pathlib import Path

from harness.cli.exits import OK, Mistake
from harness.curves import CurveError, accepts, chosen_metrics, read_recording


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is accepted, and where to."""
    parser.add_argument("recording", type=Path, metavar="FILE", help="a run, or a folder of seeds")
    parser.add_argument("--to", type=Path, required=True, metavar="PATH", help="ending in .json")
    parser.add_argument(
        "--metric", action="append", default=[], metavar="NAME", help="repeatable; default: loss"
    )
    parser.epilog = "Compare with it: harness compare PATH NEW. Exits with 2 on bad input."


def run(arguments: argparse.Namespace) -> int:
    """Write all that was asked for, or nothing."""
    if arguments.to.suffix != ".json":
        raise Mistake(f"{arguments.to}: the name of an accepted record ends in .json")
    try:
        recording = read_recording(arguments.recording)
        metrics = chosen_metrics(recording, arguments.metric)
        curves = {metric: recording.reference_curves(metric) for metric in metrics}
        accepts(arguments.to, curves)
    except CurveError as error:
        raise Mistake(str(error)) from None
    for metric, runs in curves.items():
        plural = "s" if len(runs) > 1 else ""
        print(
            f"{arguments.to}: accepted {metric} of {len(runs)} run{plural}, "
            f"{len(runs[0].steps)} steps each"
        )
    return OK
