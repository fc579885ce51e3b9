"""All that is not running tests: `harness list | schema | new | report | compare | selftest`.

Each command is one function from its arguments to its exit code; only this module prints.
"""

import argparse
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tabulate import tabulate

from harness.scenario import Case, Scenario, ScenarioError, load
from harness.scenario.scenario_files import files_below, name_of
from harness.scenario.schema import schema
from harness.scenario.starter import starter
from harness.scenario.vocabulary import nearest

if TYPE_CHECKING:
    from harness.baseline import Baseline, Comparison
    from harness.results.outcome import Outcome
    from harness.selftest import Change

OK = 0
REGRESSION = 1
NOT_CAUGHT = 1
BAD_INPUT = 2
USAGE_ERROR = 4
"""As pytest's own; 1 and 2 are those of `compare`."""

SCENARIOS = Path("scenarios")
_NAME = re.compile(r"[A-Za-z0-9_\-]+(/[A-Za-z0-9_\-]+)*")


class Mistake(Exception):  # noqa: N818  # the user's, not the program's
    """What the user asked for cannot be done; the message is one line a reason."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parsed = _parser().parse_args(arguments)
    try:
        code: int = parsed.run(parsed)
        sys.stdout.flush()
    except Mistake as mistake:
        print(mistake, file=sys.stderr)
        return int(parsed.mistake)
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    return code


def list_(arguments: argparse.Namespace) -> int:
    """Print the catalogue of cases; what cannot be loaded is named on stderr."""
    rows: list[tuple[str, ...]] = []
    problems: list[str] = []
    for path, name in _scenario_files(arguments.paths):
        try:
            rows += _rows(load(path, name))
        except ScenarioError as error:
            problems.append(str(error))
    if rows:
        headers = ("scenario", "case", "claim", "tags", "question")
        print(tabulate(rows, headers, maxcolwidths=[None, None, None, None, 48]))
    if problems:
        raise Mistake("\n".join(problems))
    return OK


def schema_(_arguments: argparse.Namespace) -> int:
    """Print the JSON Schema of scenario files."""
    print(json.dumps(schema(), indent=2))
    return OK


def new(arguments: argparse.Namespace) -> int:
    """Write a commented scenario that runs as it is."""
    name = arguments.name.removesuffix(".toml").removeprefix(f"{SCENARIOS}/")
    if not _NAME.fullmatch(name):
        raise Mistake(
            f"{arguments.name!r} is no name for a scenario: use letters, digits, _ and -, "
            "with / for folders"
        )
    path = SCENARIOS / f"{name}.toml"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(starter(path.as_posix()))
    except FileExistsError as error:
        raise Mistake(f"{error.filename}: exists already, and is left as it is") from None
    except OSError as error:
        raise Mistake(f"{path}: cannot be written: {error.strerror}") from None
    print(f"{path}: written; run it with: pytest {path}")
    return OK


def report_(arguments: argparse.Namespace) -> int:
    """Render report directories again, several of them as one."""
    from harness import report  # noqa: PLC0415  # slow

    first, *others = arguments.directories
    target = arguments.into or first
    folders = [report for folder in (first, *others) for report in _reports(folder, target)]
    if target not in (*folders, arguments.into):
        raise Mistake(f"{first} holds several reports: say with --into DIR where one of all goes")
    try:
        environment, outcomes = report.merge([report.read(folder) for folder in folders])
        maps = report.merge_maps([report.read_maps(folder) for folder in folders])
        report.write(target, environment, outcomes, maps)
    except report.ReportError as error:
        raise Mistake(str(error)) from None
    except OSError as error:
        raise Mistake(f"{error.filename or target}: {error.strerror or error}") from None
    print(report.terminal(outcomes, shutil.get_terminal_size().columns, maps))
    return OK


def _reports(folder: Path, target: Path) -> list[Path]:
    """Return the reports directly below a folder, the target left out; itself if it is one."""
    below = sorted(path.parent for path in folder.glob("*/results.json"))
    if (folder / "results.json").exists() or not below:
        return [folder]
    return [report for report in below if report != target]


def compare(arguments: argparse.Namespace) -> int:
    """Say what report B does differently from report A; slower is a regression."""
    from harness.baseline import BaselineError, compare_reports, settle  # noqa: PLC0415  # slow
    from harness.baseline import load as load_baseline  # noqa: PLC0415  # slow
    from harness.report import ReportError, read  # noqa: PLC0415  # slow

    a, b = arguments.a, arguments.b
    if _is_baseline(b):  # what was accepted, wherever named
        a, b = b, a
    try:
        _, measured = read(b)
        if _is_baseline(a):
            comparisons = settle(_against_baseline(measured, load_baseline(a)))
        else:
            comparisons = settle(compare_reports(read(a)[1], measured))
    except (ReportError, BaselineError) as error:
        raise Mistake(str(error)) from None
    rows = [(found.id, found.status, found.sentence) for found in comparisons]
    print(tabulate(rows, ("case", "status", "difference"), maxcolwidths=[None, None, 72]))
    return REGRESSION if any(found.regressed for found in comparisons) else OK


def _is_baseline(path: Path) -> bool:
    """Tell a baseline file by its folder, or wherever it lies by what it holds."""
    from harness.baseline import FOLDER  # noqa: PLC0415  # slow

    if not path.is_file() or path.parent.name == FOLDER:
        return path.is_file()
    with suppress(OSError, ValueError):
        content = json.loads(path.read_text(encoding="utf-8"))
        return isinstance(content, dict) and {"checksum", "scenario", "cases"} <= set(content)
    return False


def selftest(arguments: argparse.Namespace) -> int:
    """Inject faults that happened somewhere, and print which of them the gate caught."""
    from harness.selftest import CHANGES, selftest  # noqa: PLC0415  # PyTorch

    changes = {change.name: change for change in CHANGES}
    for name in arguments.names:
        if name not in changes:
            raise Mistake(f"unknown fault {name!r}{nearest(name, list(changes))}")
    chosen = [changes[name] for name in arguments.names or changes]
    result = selftest(chosen, _tell, thorough=arguments.thorough)
    print(result)
    return OK if result.passed else NOT_CAUGHT


def _tell(change: "Change") -> None:
    """Say on a terminal what is being examined: a table comes at the end only."""
    if sys.stderr.isatty():
        print(f"\r\033[Kexamining {change.name}\r", end="", file=sys.stderr, flush=True)


def _against_baseline(measured: "list[Outcome]", baseline: "Baseline") -> "list[Comparison]":
    """Compare the outcomes that a baseline is about."""
    from harness.baseline import BaselineError, compare_baseline  # noqa: PLC0415  # slow

    own = (baseline.scenario, baseline.backend, baseline.device)
    found = [o for o in measured if (o.scenario, o.backend, o.device) == own]
    if not found:
        raise BaselineError(f"the report has no case of {own[0]} on {own[1]}-{own[2]}")
    return compare_baseline(found, baseline)


def _scenario_files(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Yield each scenario file with its name; every TOML file in a given folder must be one."""
    for path in paths:
        if not path.exists():
            raise Mistake(f"{path}: no such file or folder")
        for file in files_below(path) if path.is_dir() else [path]:
            yield file, name_of(file, [_root(file, path)])


def _root(file: Path, asked: Path) -> Path:
    """Return the folder that a scenario's name begins below."""
    if file.resolve().is_relative_to(SCENARIOS.resolve()):
        return SCENARIOS
    return asked if asked.is_dir() else asked.parent


def _rows(scenario: Scenario) -> Iterator[tuple[str, ...]]:
    """Yield a row a case; what all cases share stands in the first."""
    shared = (scenario.name, ", ".join(scenario.tags), scenario.question)
    for case in scenario.cases:
        name, tags, question = shared
        yield name, case.name, _claim(case), tags, question
        shared = ("", "", "")


def _claim(case: Case) -> str:
    claim = f"{case.expect}: {case.diagnosis}" if case.diagnosis else case.expect
    return f"{claim} (cures {case.remedies})" if case.remedies else claim


class _Parser(argparse.ArgumentParser):
    """Reports a usage error as one line, with pytest's exit code for it."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE_ERROR, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="harness", description="Does it still learn?")
    parser.set_defaults(mistake=USAGE_ERROR)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    listing = commands.add_parser("list", help="print the catalogue of scenarios and cases")
    listing.add_argument("paths", nargs="*", type=Path, default=[SCENARIOS], metavar="PATH")
    listing.set_defaults(run=list_)

    schemas = commands.add_parser("schema", help="print the JSON Schema of scenario files")
    schemas.set_defaults(run=schema_)

    starting = commands.add_parser("new", help="write a commented scenario to start from")
    starting.add_argument("name", metavar="NAME", help="such as training/warmup")
    starting.set_defaults(run=new)

    reporting = commands.add_parser("report", help="render results again, or merge several runs")
    reporting.add_argument(
        "directories", nargs="+", type=Path, metavar="DIR", help="a report, or a folder of reports"
    )
    reporting.add_argument("--into", type=Path, metavar="DIR", help="default: the first DIR")
    reporting.set_defaults(run=report_)

    comparing = commands.add_parser(
        "compare",
        help="compare report B with report A",
        epilog="Exits with 1 where B regressed, with 2 on bad input.",
    )
    comparing.add_argument("a", type=Path, metavar="A", help="a report, or a baseline file")
    comparing.add_argument("b", type=Path, metavar="B", help="a report; or a baseline file, then A")
    comparing.set_defaults(run=compare, mistake=BAD_INPUT)

    testing = commands.add_parser("selftest", help="prove that the gate catches silent faults")
    testing.add_argument("names", nargs="*", metavar="NAME", help="of a fault; default: all")
    testing.add_argument(
        "--thorough", action="store_true", help="train under every fault, even if a probe fails"
    )
    testing.set_defaults(run=selftest)
    return parser
