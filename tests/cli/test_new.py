"""`harness new` writes a scenario that holds as it is."""

from pathlib import Path

import pytest

from harness.backends.ensemble.backend import Ensemble
from harness.cli.exits import OK, USAGE_ERROR
from harness.cli.main import main
from harness.scenario import load
from tests.cli.outcomes import Text, one_line_on_stderr, outcome_of


@pytest.mark.parametrize("name", ["training/mine", "training/mine.toml", "scenarios/training/mine"])
def test_new_writes_a_scenario_that_loads(folder: Path, capsys: Text, name: str) -> None:
    assert main(["new", name]) == OK
    path = folder / "scenarios" / "training" / "mine.toml"
    assert [case.name for case in load(path, "training/mine").cases] == ["default", "too_low"]
    assert "pytest scenarios/training/mine.toml" in capsys.readouterr().out
    assert "pytest scenarios/training/mine.toml" in path.read_text(encoding="utf-8")


def test_what_new_writes_holds_as_it_is(folder: Path) -> None:
    main(["new", "mine"])
    for case in load(folder / "scenarios" / "mine.toml", "mine").cases:
        histories = Ensemble().train(case, range(12), "cpu", lambda seed, epoch: None)
        told = outcome_of(case, histories)
        assert told.outcome == "pass", told.sentence


def test_new_leaves_what_is_there(folder: Path, capsys: Text) -> None:
    main(["new", "mine"])
    path = folder / "scenarios" / "mine.toml"
    path.write_text("precious", encoding="utf-8")
    capsys.readouterr()
    assert main(["new", "mine"]) == USAGE_ERROR
    assert one_line_on_stderr(capsys).startswith("scenarios/mine.toml: exists already")
    assert path.read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize("name", ["../mine", "/mine", "a b", "", "a//b", "a/.toml", "a/"])
def test_new_refuses_names_that_lead_elsewhere(folder: Path, capsys: Text, name: str) -> None:
    assert main(["new", name]) == USAGE_ERROR
    assert "is no name for a scenario" in one_line_on_stderr(capsys)
    assert not (folder / "scenarios").exists()


def test_new_where_it_may_not_write_is_a_mistake(folder: Path, capsys: Text) -> None:
    (folder / "scenarios").write_text("a file, not a folder", encoding="utf-8")
    assert main(["new", "mine"]) == USAGE_ERROR
    assert "scenarios" in one_line_on_stderr(capsys)
