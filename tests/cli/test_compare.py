"""`harness compare` says in its exit code whether training changed."""

import json
from dataclasses import replace
from pathlib import Path

from harness.baseline import record, save
from harness.cli.exits import BAD_INPUT, OK, REGRESSION
from harness.cli.main import main
from harness.report import write
from tests.cli.outcomes import Text, one_line_on_stderr, outcome


def test_compare_of_equal_reports_finds_no_regression(
    scenario: Path, folder: Path, capsys: Text
) -> None:
    write(folder / "a", {}, [outcome(scenario)])
    assert main(["compare", "a", "a"]) == OK
    assert "training/rate/raised" in capsys.readouterr().out


def test_compare_exits_with_1_when_training_became_slower_or_faster(
    scenario: Path, folder: Path, capsys: Text
) -> None:
    write(folder / "a", {}, [outcome(scenario, epochs=20)])
    write(folder / "b", {}, [outcome(scenario, epochs=40)])
    assert main(["compare", "a", "b"]) == REGRESSION
    assert "slower" in capsys.readouterr().out
    assert main(["compare", "b", "a"]) == REGRESSION
    assert "faster" in capsys.readouterr().out
    assert main(["compare", "a", "a"]) == OK


def test_compare_exits_with_1_where_an_accepted_case_is_missing(
    scenario: Path, folder: Path, capsys: Text
) -> None:
    both = [outcome(scenario), replace(outcome(scenario), case="other")]
    write(folder / "a", {}, both)
    write(folder / "b", {}, both[:1])
    assert main(["compare", "a", "b"]) == REGRESSION
    assert "training/rate/other   missing" in capsys.readouterr().out
    assert main(["compare", "b", "a"]) == OK, "a new case is no failure"


def test_compare_exits_with_1_where_a_case_of_a_baseline_is_missing(
    scenario: Path, folder: Path, capsys: Text
) -> None:
    both = [outcome(scenario), replace(outcome(scenario), case="other")]
    save(folder / "rate.eager-cpu.json", record(both, "first", {}))
    write(folder / "b", {}, both[:1])
    assert main(["compare", "rate.eager-cpu.json", "b"]) == REGRESSION
    assert "training/rate/other   missing" in capsys.readouterr().out


def test_compare_exits_with_1_where_a_case_is_not_comparable(
    scenario: Path, folder: Path, capsys: Text
) -> None:
    write(folder / "a", {}, [outcome(scenario)])
    write(folder / "b", {}, [replace(outcome(scenario), fingerprint="changed")])
    assert main(["compare", "a", "b"]) == REGRESSION
    assert "not_comparable" in capsys.readouterr().out


def test_compare_of_reports_prints_json_and_markdown(
    scenario: Path, folder: Path, capsys: Text
) -> None:
    write(folder / "a", {}, [outcome(scenario)])
    assert main(["compare", "a", "a", "--json"]) == OK
    [case] = json.loads(capsys.readouterr().out)["cases"]
    assert (case["case"], case["status"]) == ("training/rate/raised", "same")
    assert main(["compare", "a", "a", "--markdown"]) == OK
    assert capsys.readouterr().out.splitlines()[2].startswith("| training/rate/raised | same ")


def test_compare_exits_with_2_on_bad_input(scenario: Path, folder: Path, capsys: Text) -> None:
    write(folder / "a", {}, [outcome(scenario)])
    write(folder / "b", {}, [replace(outcome(scenario), case="other")])
    for right in ("gone", "b"):
        assert main(["compare", "a", right]) == BAD_INPUT
        assert one_line_on_stderr(capsys)
