"""Render report directories again, several of them as one."""

import argparse
import shutil
import sys
from pathlib import Path

from harness import report
from harness.cli.exits import OK, REGRESSION, Mistake
from harness.report.folder import FolderInUseError, alone
from harness.report.run_folders import is_run_folder
from harness.report.shards import MISSING


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which reports, and where one of all goes."""
    parser.add_argument(
        "directories", nargs="+", type=Path, metavar="DIR", help="a report, or a folder of reports"
    )
    parser.add_argument("--into", type=Path, metavar="DIR", help="default: the first DIR")
    parser.epilog = "Exits with 1 where one of several shards has no report."


def run(arguments: argparse.Namespace) -> int:
    """Write the reports, and print the table."""
    first, *others = arguments.directories
    target = arguments.into or first
    folders = [each for folder in (first, *others) for each in _reports(folder, target)]
    if target not in (*folders, arguments.into):
        raise Mistake(f"{first} holds several reports: say with --into DIR where one of all goes")
    try:
        environment, outcomes = report.merge([report.read(folder) for folder in folders])
        maps = report.merge_maps([report.read_maps(folder) for folder in folders])
        with alone(target):
            report.write(target, environment, outcomes, maps)
    except (report.ReportError, FolderInUseError) as error:
        raise Mistake(str(error)) from None
    except OSError as error:
        raise Mistake(f"{error.filename or target}: {error.strerror or error}") from None
    document = report.compose(environment, outcomes, maps)
    print(report.terminal(document, shutil.get_terminal_size().columns))
    if missing := environment.get(MISSING):
        print(f"incomplete: no report of shard {missing}", file=sys.stderr)
        return REGRESSION
    return OK


def _reports(folder: Path, target: Path) -> list[Path]:
    """Return the reports directly below a folder, the target left out; itself if it is one.

    Earlier runs that lie there have had their time.
    """
    found = sorted(path.parent for path in folder.glob("*/results.json"))
    below = [each for each in found if not is_run_folder(each)]
    if (folder / "results.json").exists() or not below:
        return [folder]
    return [each for each in below if each != target]
