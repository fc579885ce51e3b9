"""Show what complete runs found over commits and versions, and where it stepped."""

import argparse
import json
import re
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from harness.cli.exits import OK, Mistake
from harness.integrations import mlflow, tensorboard
from harness.integrations.exporting import ExportError
from harness.report import ReportError, read
from harness.results.files import replace_file
from harness.results.revision import commit_date
from harness.scenario.vocabulary import nearest
from harness.trend.database import FILE, opened
from harness.trend.page import page
from harness.trend.record import as_dict
from harness.trend.run import HistoryError, RunRecord, run_of
from harness.trend.text import markdown, terminal
from harness.trend.trend import Trend, trends
from harness.trend.words import dated

DEFAULT = Path("reports") / FILE
EXPORTERS = {"tensorboard": tensorboard.export, "mlflow": mlflow.export}
_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is shown, since when, and how."""
    parser.add_argument(
        "pattern", nargs="?", metavar="CASE", help="part of a case's name, or a pattern (rate/*)"
    )
    parser.add_argument(
        "--since", metavar="REF_OR_DATE", help="a tag, branch or commit, or a date as 2026-01-31"
    )
    parser.add_argument(
        "--file", type=Path, default=DEFAULT, help=f"the history (default: {DEFAULT})"
    )
    layout = parser.add_mutually_exclusive_group()
    layout.add_argument("--json", action="store_true", help="print one object")
    layout.add_argument("--markdown", action="store_true", help="print Markdown")
    parser.add_argument("--html", type=Path, metavar="FILE", help="draw it on a page as well")
    parser.add_argument(
        "--import",
        dest="imported",
        nargs="+",
        type=Path,
        metavar="REPORT",
        help="add these reports first: results.json files, or folders that hold one",
    )
    parser.add_argument(
        "--export",
        nargs=2,
        action="append",
        default=[],
        metavar=("TO", "WHERE"),
        help="tensorboard DIR, or mlflow URI",
    )


def run(arguments: argparse.Namespace) -> int:
    """Import what is named, then show or export the rest."""
    try:
        added = _import(arguments.imported or [], arguments.file)
        runs = _since(_read(arguments.file), arguments.since)
        found = _chosen(runs, arguments.pattern)
        _export(arguments.export, found)
    except HistoryError as error:
        raise Mistake(str(error)) from None
    if arguments.html is not None:
        _write(arguments.html, page(runs, found))
    if arguments.json:
        print(json.dumps(as_dict(runs, found), indent=1, allow_nan=False))
    elif arguments.markdown:
        print(markdown(runs, found))
    else:
        print("\n".join([*added, terminal(runs, found, shutil.get_terminal_size().columns)]))
    return OK


def _import(paths: Sequence[Path], file: Path) -> list[str]:
    """Add reports to the history, all or none; return what to say of it."""
    if not paths:
        return []
    records = [_record(path) for path in paths]
    with opened(file, make=True) as history:
        new = history.add(records)
    known = len(records) - new
    return [f"imported {new} run{'s' * (new != 1)}" + f", {known} known already" * (known > 0), ""]


def _record(path: Path) -> RunRecord:
    try:
        return run_of(*read(path))
    except ReportError as error:
        raise Mistake(str(error)) from None
    except HistoryError as error:
        raise Mistake(f"{path}: {error}") from None


def _read(file: Path) -> list[RunRecord]:
    with opened(file, make=False) as history:
        runs = history.runs()
    if not runs:
        raise Mistake(f"{file} holds no run yet: complete runs of pytest write them")
    return runs


def _since(runs: list[RunRecord], since: str | None) -> list[RunRecord]:
    """Return the runs from a date or a commit on."""
    if since is None:
        return runs
    first = _date(since) if _DATE.fullmatch(since) else commit_date(since, Path())
    if first is None:
        raise Mistake(
            f"--since: {since!r} is neither a date such as 2026-01-31 nor a tag, branch or commit "
            f"of the git repository in {Path.cwd()}"
        )
    moment = datetime.fromisoformat(first).astimezone(UTC).isoformat(timespec="seconds")
    found = [run for run in runs if run.order[0] >= moment]
    if not found:
        raise Mistake(f"--since {since}: the last run is older: {dated(runs[-1])}")
    return found


def _date(text: str) -> str | None:
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).isoformat()


def _chosen(runs: Sequence[RunRecord], pattern: str | None) -> list[Trend]:
    found = trends(runs, pattern)
    if not found:
        names = {case.id for run in runs for case in run.cases}
        raise Mistake(f"no case is called {pattern!r}{nearest(pattern or '', sorted(names)[:20])}")
    return found


def _export(wanted: Sequence[tuple[str, str]], found: Sequence[Trend]) -> None:
    for name, where in wanted:
        if name not in EXPORTERS:
            raise Mistake(f"--export: no exporter is called {name!r}{nearest(name, EXPORTERS)}")
        try:
            EXPORTERS[name](found, where)
        except ImportError as error:
            extra = f"pip install 'convergence-harness[{name}]'"
            raise Mistake(f"--export {name}: {error.name} is not installed: {extra}") from None
        except ExportError as error:
            raise Mistake(f"--export {name}: {error}") from None


def _write(path: Path, text: str) -> None:
    try:
        replace_file(path, text)
    except OSError as error:
        raise Mistake(f"--html: cannot write {path}: {error.strerror}") from None
