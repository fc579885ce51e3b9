"""Print the catalogue of cases; what cannot be loaded is named on stderr."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import get_terminal_size
from textwrap import fill

from harness.catalogue import catalogue
from harness.cli.comparison_table import add_layouts, show
from harness.cli.exits import OK, Mistake
from harness.scenario import Claim, Scenario, ScenarioError, load
from harness.scenario.scenario_files import files_below, name_of

SCENARIOS = Path("scenarios")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is listed."""
    described = f"scenario files, or folders of them (default: {SCENARIOS}, else the shipped ones)"
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=described)
    add_layouts(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the cases of each scenario below its question."""
    scenarios: list[Scenario] = []
    problems: list[str] = []
    for path, name in _scenario_files(arguments.paths or [_default()]):
        try:
            scenarios.append(load(path, name))
        except ScenarioError as error:
            problems.append(str(error))
    _print(scenarios, arguments.layout)
    if problems:
        raise Mistake("\n".join(problems))
    return OK


def _print(scenarios: Sequence[Scenario], layout: str | None) -> None:
    """Print the cases for a person, or a row or record of each for a script."""
    cases = [(scenario, case) for scenario in scenarios for case in scenario.claims]
    if layout is not None:
        rows = [(each.name, case.name, _claim(case)) for each, case in cases]
        show(layout, ("scenario", "case", "claim"), rows, [_record(*each) for each in cases])
    elif scenarios:
        names = max((len(case.name) for _, case in cases), default=0)
        width = get_terminal_size().columns
        print("\n\n".join(_described(scenario, width, names) for scenario in scenarios))


def _record(scenario: Scenario, case: Claim) -> dict[str, object]:
    """Return what a script may ask of a case."""
    return {
        "scenario": scenario.name,
        "case": case.name,
        "question": scenario.question,
        "tags": scenario.tags,
        "expect": case.expect,
        "rate": case.rate,
        "diagnosis": case.diagnosis,
        "remedies": case.remedies,
    }


def _default() -> Path:
    """Return this project's scenarios, or the shipped ones where it has none."""
    try:
        return SCENARIOS if SCENARIOS.is_dir() else catalogue()
    except FileNotFoundError as error:
        raise Mistake(f"{SCENARIOS}: no such folder, and {error}") from None


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


def _described(scenario: Scenario, width: int, names: int) -> str:
    """Return name, question and tags, and a line a case: its name, ``names`` wide, and claim."""
    tags = f" ({', '.join(scenario.tags)})" if scenario.tags else ""
    heading = fill(f"{scenario.name}: {scenario.question}{tags}", width)
    return "\n".join(
        [heading, *(f"  {case.name:{names}}  {_claim(case)}" for case in scenario.claims)]
    )


def _claim(case: Claim) -> str:
    claim = f"{case.expect}: {case.diagnosis}" if case.diagnosis else case.expect
    return f"{claim} (cures {case.remedies})" if case.remedies else claim
