"""The README's tables say what there is."""

import re
from pathlib import Path

from harness.cli.main import COMMANDS
from harness.pytest_plugin.options import OPTIONS
from harness.scenario import load
from harness.scenario.scenario_files import files_below, name_of

ROOT = Path(__file__).parents[1]


def readme(section: str) -> list[str]:
    """Return the lines of a section."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return text.split(f"\n## {section}\n")[1].split("\n## ")[0].splitlines()


def catalogue() -> list[str]:
    """Return the rows that the catalogue must have."""
    folder, rows = ROOT / "scenarios", []
    for path in files_below(folder):
        name = name_of(path, [folder])
        scenario = load(path, name)
        row = f"| [{name}](scenarios/{name}.toml) | {scenario.question} | {len(scenario.claims)} |"
        rows.append(row)
    return rows


def test_the_catalogue_has_every_scenario_with_its_question_and_number_of_cases() -> None:
    assert [line for line in readme("The catalogue") if line.startswith("| [")] == catalogue()


def test_every_option_has_its_row() -> None:
    text = "\n".join(readme("In pytest"))
    assert set(re.findall(r"--convergence-[a-z-]+", text)) == {option.flag for option in OPTIONS}


def test_every_command_is_named() -> None:
    [line] = [line for line in readme("Commands") if line.startswith("harness ")]
    named = [part.split()[0] for part in line.removeprefix("harness ").split("|")]
    assert named == list(COMMANDS)
