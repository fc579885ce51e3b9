"""`harness list` shows what is declared."""

import json
from pathlib import Path

import pytest

from harness.cli.exits import OK, USAGE_ERROR
from harness.cli.main import main
from harness.scenario import load
from tests.cli.outcomes import Text


def test_list_shows_every_case_with_its_claim(scenario: Path, capsys: Text) -> None:
    assert main(["list"]) == OK
    assert capsys.readouterr().out.splitlines() == [
        "training/rate: What does the rate do? (training)",
        "  too_low  fails: learning_rate_too_low",
        "  raised   converges (cures too_low)",
    ]


def test_list_prints_json_and_markdown(scenario: Path, capsys: Text) -> None:
    assert main(["list", str(scenario), "--json"]) == OK
    records = json.loads(capsys.readouterr().out)
    cases = load(scenario, "x").claims
    assert [(each["case"], each["expect"]) for each in records] == [
        (case.name, case.expect) for case in cases
    ]
    assert main(["list", str(scenario), "--markdown"]) == OK
    rows = capsys.readouterr().out.splitlines()
    assert rows[0].split("|")[1].strip() == "scenario"
    assert len(rows) == 2 + len(cases)


def test_list_is_no_wider_than_the_terminal(
    scenario: Path, capsys: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert main(["list"]) == OK
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 40


@pytest.mark.parametrize(
    "place", ["scenarios", "scenarios/training", "scenarios/training/rate.toml"]
)
def test_list_names_a_scenario_alike_wherever_it_is_asked_from(
    scenario: Path, capsys: Text, place: str
) -> None:
    assert main(["list", place]) == OK
    assert "training/rate: " in capsys.readouterr().out


def test_list_shows_what_it_can_and_names_each_mistake(scenario: Path, capsys: Text) -> None:
    scenario.with_name("broken.toml").write_text("question = 3\n[[case]\n", encoding="utf-8")
    assert main(["list"]) == USAGE_ERROR
    printed = capsys.readouterr()
    assert "training/rate: " in printed.out
    (line,) = printed.err.splitlines()
    assert line.startswith("scenarios/training/broken.toml: broken TOML: ")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("gone.toml", "gone.toml: no such file or folder"),
        ("notes.txt", "notes.txt: broken TOML: "),
        ("empty.toml", "empty.toml: case: is missing: "),
    ],
)
def test_list_of_what_is_no_scenario_is_a_mistake(
    folder: Path, capsys: Text, path: str, message: str
) -> None:
    (folder / "notes.txt").write_text("just notes", encoding="utf-8")
    (folder / "empty.toml").write_text("", encoding="utf-8")
    assert main(["list", path]) == USAGE_ERROR
    assert capsys.readouterr().err.startswith(message)
