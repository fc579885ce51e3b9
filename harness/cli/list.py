"""Print the catalogue of cases; what cannot be loaded is named on stderr."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from tabulate import tabulate

from harness.cli.exits import OK, Mistake
from harness.scenario import Claim, Scenario, ScenarioError, load
from harness.scenario.scenario_files import files_below, name_of

SCENARIOS = Path("scenarios")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is listed."""
    parser.add_argument("paths", nargs="*", type=Path, default=[SCENARIOS], metavar="PATH")


def run(arguments: argparse.Namespace) -> int:
    """Print a row for each case."""
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
    for case in scenario.claims:
        name, tags, question = shared
        yield name, case.name, _claim(case), tags, question
        shared = ("", "", "")


def _claim(case: Claim) -> str:
    claim = f"{case.expect}: {case.diagnosis}" if case.diagnosis else case.expect
    return f"{claim} (cures {case.remedies})" if case.remedies else claim
