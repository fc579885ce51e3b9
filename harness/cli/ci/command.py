"""Train two revisions of a project on this machine, the same seeds, and say what changed.

Stored baselines are not needed. Both are checked out into a temporary folder; your checkout is left
alone. Only tests that train are run: scenario files, and tests that use `convergence`.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import get_terminal_size
from types import FrameType
from typing import NoReturn

from harness.cli.ci.changes import Changes, changes
from harness.cli.ci.pull_request import as_json, as_markdown, as_text
from harness.cli.ci.repository import Repository, Revision
from harness.cli.ci.training import NotTrainedError, train
from harness.cli.exits import OK, REGRESSION, Mistake
from harness.report import append_summary, check_writable
from harness.results.files import replace_file, try_writing

TERMINATED = 128 + signal.SIGTERM


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the two revisions, and how the answer is given."""
    parser.add_argument("base", metavar="BASE", help="the revision to compare with, such as main")
    parser.add_argument(
        "head", metavar="HEAD", nargs="?", default="HEAD", help="the one to judge (default: HEAD)"
    )
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument(
        "--markdown", type=Path, metavar="FILE", help="write it for a pull request's comment too"
    )
    parser.add_argument(
        "--report-dir", type=Path, metavar="DIR", help="keep both reports, in DIR/BASE and DIR/HEAD"
    )
    parser.usage = "%(prog)s [OPTION ...] BASE [HEAD] [-- PYTEST ARGUMENT ...]"
    parser.epilog = (
        "Exits with 1 where HEAD trains worse or nothing could be compared, with 2 on bad input."
    )


def run(arguments: argparse.Namespace) -> int:
    """Print what changed, and the numbers below it."""
    repository = Repository.here()
    base, head = (repository.revision(name) for name in (arguments.base, arguments.head))
    if count := repository.uncommitted():
        _tell(f"{count} file{'s' * (count > 1)} with uncommitted changes: no revision holds them")
    if arguments.markdown is not None:
        _check(arguments.markdown)  # before an hour of training, not after it
    with _ended_by_sigterm(), _kept(arguments.report_dir) as reports:
        found = _compared(repository, (base, head), arguments.passed_on, reports)
    text = as_markdown(found)
    if arguments.markdown is not None:
        _write(arguments.markdown, text)
    if warning := append_summary(text):
        _tell(warning)
    print(as_json(found) if arguments.json else as_text(found, get_terminal_size().columns))
    return REGRESSION if found.failed else OK


def _compared(
    repository: Repository, both: tuple[Revision, Revision], selection: list[str], reports: Path
) -> Changes:
    outcomes = []
    with repository.worktrees(*both) as trees:
        for side, revision, tree in zip(("BASE", "HEAD"), both, trees, strict=True):
            _tell(f"== {side}: {revision}")
            try:
                outcomes.append(train(repository, tree, selection, reports / side))
            except NotTrainedError as error:
                raise Mistake(f"{side} {revision}: {error}") from None
    return changes(*both, *outcomes)


@contextmanager
def _kept(folder: Path | None) -> Iterator[Path]:
    """Yield where reports are written: the folder that was asked for, or one that is then gone."""
    if folder is not None:
        if (reason := check_writable(folder)) is not None:
            raise Mistake(f"--report-dir: {reason}")
        yield folder.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="harness-ci-") as temporary:
        yield Path(temporary)


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Clean up when a CI system cancels the job, as after Ctrl-C."""

    def end(_signal: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _check(path: Path) -> None:
    """Refuse a file that cannot be written; what it holds stays until there is an answer."""
    try:
        try_writing(path.parent)
    except OSError as error:
        raise Mistake(f"--markdown {path}: {error.strerror}") from None
    if path.is_dir():
        raise Mistake(f"--markdown {path}: is a folder")


def _write(path: Path, text: str) -> None:
    try:
        replace_file(path, text)
    except OSError as error:
        raise Mistake(f"--markdown {path}: {error.strerror}") from None


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
