"""The shipped catalogue is there wherever the package is, and a start for one's own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.catalogue import catalogue
from harness.cli.exits import OK, USAGE_ERROR
from harness.cli.main import main
from harness.scenario import load
from harness.scenario.scenario_files import files_below, name_of
from harness.scenario.schema import text

Text = pytest.CaptureFixture[str]
SHIPPED = [name_of(path, [catalogue()]) for path in files_below(catalogue())]


def test_list_without_scenarios_of_ones_own_shows_the_shipped_ones(capsys: Text) -> None:
    assert main(["list"]) == OK
    shown = capsys.readouterr().out
    assert [name for name in SHIPPED if f"{name}: " not in shown] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_each_shipped_scenario_is_copied_with_what_it_reads(name: str, folder: Path) -> None:
    assert main(["new", "--from", name]) == OK
    copied = folder / "scenarios" / f"{name}.toml"
    assert copied.read_bytes() == (catalogue() / f"{name}.toml").read_bytes()
    ours, theirs = load(copied, name), load(catalogue() / f"{name}.toml", name)
    assert [case.name for case in ours.claims] == [case.name for case in theirs.claims]


def test_a_copy_may_have_another_name(folder: Path, capsys: Text) -> None:
    assert main(["new", "--from", "hello_world", "mine/first"]) == OK
    assert (folder / "scenarios/mine/hello_world.csv").exists()
    first, _, rest = (folder / "scenarios/mine/first.toml").read_text("utf-8").partition("\n")
    assert first == "#:schema ../scenario.schema.json"
    assert (catalogue() / "hello_world.toml").read_text(encoding="utf-8").endswith(rest)
    assert (folder / "scenarios/scenario.schema.json").read_text(encoding="utf-8") == text()
    assert "pytest scenarios/mine/first.toml" in capsys.readouterr().out


def test_the_schema_of_another_version_is_replaced(folder: Path) -> None:
    older = folder / "scenarios" / "scenario.schema.json"
    older.parent.mkdir()
    older.write_text("{}", encoding="utf-8")
    assert main(["new", "mine"]) == OK
    assert older.read_text(encoding="utf-8") == text()
    assert (folder / "scenarios/mine.toml").read_text("utf-8").startswith("#:schema ./scenario")


def test_a_copy_replaces_nothing(folder: Path, capsys: Text) -> None:
    precious = folder / "scenarios" / "hello_world.toml"
    precious.parent.mkdir()
    precious.write_text("precious", encoding="utf-8")
    assert main(["new", "--from", "hello_world"]) == USAGE_ERROR
    assert "exists already" in capsys.readouterr().err
    assert precious.read_text(encoding="utf-8") == "precious"
    assert list(precious.parent.iterdir()) == [precious]


def test_an_unknown_name_is_told_the_nearest(capsys: Text) -> None:
    assert main(["new", "--from", "training/learning_rat"]) == USAGE_ERROR
    assert "training/learning_rate" in capsys.readouterr().err


def test_new_without_a_name_says_what_it_wants(capsys: Text) -> None:
    assert main(["new"]) == USAGE_ERROR
    assert "--from" in capsys.readouterr().err


@pytest.mark.slow
def test_an_installed_wheel_trains_the_catalogue_against_its_baselines(
    folder: Path, wheel: Path
) -> None:
    environment = os.environ | {"PYTHONPATH": str(wheel), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "pytest", "--pyargs", "harness.scenarios", "-k", "hello"]
    subprocess.run([*command, "--convergence-baseline=require"], env=environment, check=True)
    results = json.loads((folder / "reports/latest/results.json").read_text(encoding="utf-8"))
    accepted = {case["id"]: case["baseline"]["status"] for case in results["cases"]}
    assert "data/unnormalized_inputs/hello_world_as_is" in accepted
    assert set(accepted.values()) == {"same"}
