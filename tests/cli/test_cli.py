"""The command line does what it says, and says in one line what it cannot do."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from harness.backends.ensemble.backend import Ensemble
from harness.baseline import record, save
from harness.cli.exits import BAD_INPUT, OK, REGRESSION, USAGE_ERROR
from harness.cli.main import COMMANDS, main
from harness.history import History, Stop
from harness.report import write
from harness.results.declaration import declaration
from harness.results.outcome import Outcome
from harness.results.seed_run import seed_run
from harness.scenario import Case, load
from tests.docs.commands import problem

SCENARIO = """\
question = "What does the rate do?"
tags = ["training"]
[data]
task = "first_value"
[converged]
at_least = 1.0
[[case]]
name = "too_low"
expect = "fails"
diagnosis = "learning_rate_too_low"
training.learning_rate = 1e-6
[[case]]
name = "raised"
expect = "converges"
remedies = "too_low"
"""

Text = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    return tmp_path


@pytest.fixture
def scenario(folder: Path) -> Path:
    path = folder / "scenarios" / "training" / "rate.toml"
    path.parent.mkdir(parents=True)
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def outcome(scenario: Path, epochs: int = 20) -> Outcome:
    """Return the outcome of 12 seeds that converge after about ``epochs`` epochs each."""
    case = load(scenario, "training/rate").cases[1]
    histories = [history(seed, epochs + seed % 3) for seed in range(12)]
    return outcome_of(case, histories)


def outcome_of(case: Case, histories: list[History]) -> Outcome:
    runs = tuple(seed_run(each, case.converged) for each in histories)
    return Outcome(
        **vars(declaration(case, "?", case.fingerprint)), backend="eager", device="cpu", runs=runs
    )


def history(seed: int, epochs: int) -> History:
    loss, none = np.linspace(0.7, 0.01, epochs + 1), np.full(epochs + 1, np.nan)
    return History(
        seed=seed,
        stopped=Stop.CONVERGED,
        train_loss=loss,
        train_metric=np.append(np.full(epochs, 0.5), 1.0),
        validation_loss=none,
        validation_metric=none,
        layers=("lstm.0",),
        gradient_norm=np.ones((epochs, 1)),
        update_ratio=np.ones((epochs, 1)),
        first_losses=loss[:3],
        steps=epochs,
        seconds=0.1,
    )


def one_line_on_stderr(capsys: Text) -> str:
    printed = capsys.readouterr()
    (line,) = printed.err.splitlines()
    return line


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


def test_schema_is_json(capsys: Text) -> None:
    assert main(["schema"]) == OK
    assert json.loads(capsys.readouterr().out)["required"] == ["question", "case"]
    assert main(["schema", "results"]) == OK
    assert json.loads(capsys.readouterr().out)["title"] == "convergence results"


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


def test_report_renders_a_directory_again(scenario: Path, folder: Path, capsys: Text) -> None:
    write(folder / "a", {"torch": "2"}, [outcome(scenario)])
    (folder / "a" / "convergence.md").unlink()
    assert main(["report", "a"]) == OK
    assert (folder / "a" / "convergence.md").exists()
    assert "raised" in capsys.readouterr().out


def test_report_merges_several_into_the_first_or_a_new_one(scenario: Path, folder: Path) -> None:
    one = outcome(scenario)
    write(folder / "a", {"torch": "2"}, [one])
    write(folder / "b", {"torch": "2"}, [replace(one, backend="other")])
    assert main(["report", "a", "b", "--into", "both"]) == OK
    assert main(["report", "a", "b"]) == OK
    for name, count in (("a", 2), ("b", 1), ("both", 2)):
        text = (folder / name / "results.json").read_text(encoding="utf-8")
        assert len(json.loads(text)["cases"]) == count


def test_report_merges_the_reports_in_a_folder(scenario: Path, folder: Path, capsys: Text) -> None:
    for backend in ("one", "other"):
        write(folder / "runs" / backend, {}, [replace(outcome(scenario), backend=backend)])
    assert main(["report", "runs"]) == USAGE_ERROR
    assert "--into" in one_line_on_stderr(capsys)
    for _ in range(2):  # what was merged is not merged again
        assert main(["report", "runs", "--into", "runs/all"]) == OK
        merged = json.loads((folder / "runs" / "all" / "results.json").read_text(encoding="utf-8"))
        assert [case["backend"] for case in merged["cases"]] == ["one", "other"]


@pytest.mark.parametrize("content", [None, "", "{}", "[1]", '{"schema": 99}'])
def test_report_of_what_is_none_is_a_mistake(
    folder: Path, capsys: Text, content: str | None
) -> None:
    (folder / "a").mkdir()
    if content is not None:
        (folder / "a" / "results.json").write_text(content, encoding="utf-8")
    assert main(["report", "a"]) == USAGE_ERROR
    assert "results.json" in one_line_on_stderr(capsys)


def test_report_into_an_unwritable_target_is_a_mistake(
    scenario: Path, folder: Path, capsys: Text
) -> None:
    write(folder / "a", {}, [outcome(scenario)])
    (folder / "taken").write_text("a file", encoding="utf-8")
    assert main(["report", "a", "--into", "taken"]) == USAGE_ERROR
    assert "taken" in one_line_on_stderr(capsys)


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


@pytest.mark.parametrize(
    "arguments", [[], ["lst"], ["list", "--wide"], ["compare"], ["report"]], ids=str
)
def test_a_usage_error_is_one_line_and_exits_like_pytests(
    capsys: Text, arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == USAGE_ERROR
    assert "--help" in one_line_on_stderr(capsys)


def test_help_names_every_command(capsys: Text) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--help"])
    assert exit_.value.code == OK
    printed = capsys.readouterr().out
    assert all(f"  {name} " in printed for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(capsys: Text, name: str) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([name, "--help"])
    assert exit_.value.code == OK
    assert capsys.readouterr().out.startswith(f"usage: harness {name} ")


def test_a_mistyped_command_is_told_the_nearest_one(capsys: Text) -> None:
    with pytest.raises(SystemExit):
        main(["comapre", "a", "b"])
    assert "unknown command 'comapre'; did you mean 'compare'?" in one_line_on_stderr(capsys)


def test_version_is_the_package_s(capsys: Text) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--version"])
    assert exit_.value.code == OK
    assert capsys.readouterr().out == f"harness {version('convergence-harness')}\n"


def test_output_into_a_closed_pipe_is_quiet() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [
        sys.executable,
        "-c",
        "import sys; from harness.cli.main import main; sys.exit(main())",
    ]
    done = subprocess.run(
        [*command, "schema"], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (OK, "")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_examples_that_exist(name: str, capsys: Text) -> None:
    with pytest.raises(SystemExit):
        main([name, "--help"])
    shown = capsys.readouterr().out
    examples = COMMANDS[name].examples
    assert examples
    assert [each for each in examples if f"\n  {each}\n" not in shown] == []
    plain = [each.removeprefix('eval "$(').removesuffix(')"') for each in examples]
    assert [told for each in plain if (told := problem(each, {"train.py"}))] == []
