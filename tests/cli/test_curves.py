"""`harness accept` and `harness compare` of curves, as a CI job calls them."""

import json
from pathlib import Path

import pytest

from harness.cli.exits import BAD_INPUT, OK, REGRESSION
from harness.cli.main import main
from tests.curves.canned import falling, golden, json_lines

Text = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def runs(tmp_path: Path) -> None:
    """Write an accepted run, one with other noise, and one that is 5 % above."""
    json_lines(tmp_path / "old", falling(0))
    json_lines(tmp_path / "again", falling(1))
    json_lines(tmp_path / "above", falling(1, level=1.05))


def mistake(capsys: Text, *arguments: str) -> str:
    assert main(arguments) == BAD_INPUT
    printed = capsys.readouterr()
    assert not printed.out
    [line] = printed.err.splitlines()
    return line


@pytest.mark.parametrize(
    ("new", "status", "code"),
    [
        ("old.jsonl", "identical", OK),
        ("again.jsonl", "same", OK),
        ("above.jsonl", "regressed", REGRESSION),
    ],
)
def test_what_was_accepted_is_compared_with(capsys: Text, new: str, status: str, code: int) -> None:
    assert main(["accept", "old.jsonl", "--to", "accepted/loss.json"]) == OK
    assert "accepted loss of 1 run, 200 steps each" in capsys.readouterr().out
    assert main(["compare", "accepted/loss.json", new]) == code
    assert f"loss      {status} " in capsys.readouterr().out


def test_an_improvement_passes(capsys: Text) -> None:
    assert main(["compare", "above.jsonl", "old.jsonl"]) == OK
    assert "improved" in capsys.readouterr().out


def test_a_tolerance_is_of_its_metric(capsys: Text) -> None:
    compared = ["compare", "old.jsonl", "above.jsonl", "--metric", "loss"]
    assert main([*compared, "--tolerance", "loss=10%"]) == OK
    assert "tolerated: 10 %" in " ".join(capsys.readouterr().out.split())
    assert main([*compared, "--tolerance", "loss=0.02"]) == REGRESSION


def test_json_holds_effect_interval_and_power(capsys: Text) -> None:
    assert main(["compare", "old.jsonl", "above.jsonl", "--json"]) == REGRESSION
    [metric] = json.loads(capsys.readouterr().out)["metrics"]
    assert (metric["metric"], metric["status"]) == ("loss", "regressed")
    [run] = [each for each in metric["effects"] if each["measure"] == "run"]
    assert 0 < run["low"] < run["change"] < run["high"]
    assert run["margin"] < run["detectable"]


def test_json_has_no_infinity(capsys: Text, tmp_path: Path) -> None:
    json_lines(tmp_path / "clean", falling())
    json_lines(tmp_path / "stuck", falling()[:1].repeat(200))
    main(["compare", "clean.jsonl", "stuck.jsonl", "--json"])
    text = capsys.readouterr().out
    assert "Infinity" not in text
    [metric] = json.loads(text)["metrics"]
    assert metric["effects"][-1]["change"] is None


def test_markdown_is_one_table(capsys: Text) -> None:
    assert main(["compare", "old.jsonl", "again.jsonl", "--markdown"]) == OK
    header, rule, row = capsys.readouterr().out.splitlines()
    assert header.split() == ["|", "metric", "|", "status", "|", "difference", "|"]
    assert set(rule) <= set("|- ")
    assert row.startswith("| loss     | same     | final level ")


def test_formats_may_differ_between_the_sides(capsys: Text, tmp_path: Path) -> None:
    golden(tmp_path / "golden", falling(0).tolist())
    assert main(["compare", "golden.json", "old.jsonl"]) == OK
    assert "identical" in capsys.readouterr().out


@pytest.mark.parametrize("kept", ["head", "other"])
def test_anything_accepted_that_is_missing_fails(capsys: Text, tmp_path: Path, kept: str) -> None:
    if kept == "head":
        json_lines(tmp_path / "new", falling(0)[:150])
    else:
        json_lines(tmp_path / "new", falling(0), metric="val_loss")
    assert main(["compare", "old.jsonl", "new.jsonl"]) == REGRESSION
    shown = " ".join(capsys.readouterr().out.split())
    assert "missing" in shown
    assert ("lacks 50 of 200 accepted steps" in shown) == (kept == "head")


def test_every_accepted_metric_is_compared_unless_some_are_asked_for(tmp_path: Path) -> None:
    lines = [json.dumps({"step": s, "loss": 1.0 / s, "accuracy": 0.5}) for s in range(1, 11)]
    (tmp_path / "both.jsonl").write_text("\n".join(lines), encoding="utf-8")
    json_lines(tmp_path / "loss", [1.0 / s for s in range(1, 11)])
    accepted = ["--metric", "loss", "--metric", "accuracy", "--to", "both.json"]
    assert main(["accept", "both.jsonl", *accepted]) == OK
    assert main(["compare", "both.json", "both.jsonl"]) == OK
    assert main(["compare", "both.json", "loss.jsonl"]) == REGRESSION
    assert main(["compare", "both.json", "loss.jsonl", "--metric", "loss"]) == OK


def test_nothing_is_accepted_half(capsys: Text, tmp_path: Path) -> None:
    main(["accept", "old.jsonl", "--to", "loss.json"])
    before = (tmp_path / "loss.json").read_bytes()
    capsys.readouterr()
    (tmp_path / "nan.jsonl").write_text('{"step": 1, "loss": NaN}', encoding="utf-8")
    said = mistake(capsys, "accept", "nan.jsonl", "--to", "loss.json")
    assert said == "nan.jsonl:1: loss is nan at step 1: nothing can be accepted from this run"
    assert (tmp_path / "loss.json").read_bytes() == before


def test_a_new_run_that_is_not_finite_is_regressed_by_file_and_line(
    capsys: Text, tmp_path: Path
) -> None:
    (tmp_path / "nan.jsonl").write_text('{"step": 1, "loss": NaN}', encoding="utf-8")
    assert main(["compare", "old.jsonl", "nan.jsonl"]) == REGRESSION
    assert "nan.jsonl:1: loss is nan at step 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gone.jsonl", "old.jsonl"], "gone.jsonl: no such file or folder"),
        (["old.jsonl", "gone.jsonl"], "gone.jsonl: no such file or folder"),
        (["old.jsonl", "old.jsonl", "--metric", "x"], "old.jsonl: has no metric 'x'; it has loss"),
        (
            ["old.jsonl", "old.jsonl", "--tolerance", "loss"],
            "--tolerance loss: write a metric and a share, such as loss=5%",
        ),
        (
            ["old.jsonl", "old.jsonl", "--tolerance", "loss=100%"],
            "--tolerance loss=100%: must be at least 0 and less than 100 %",
        ),
        (
            ["old.jsonl", "old.jsonl", "--tolerance", "lss=5%"],
            "'lss' is not compared; compared: loss",
        ),
        (
            ["old.jsonl", "old.jsonl", "--higher", "loss", "--lower", "loss"],
            "loss: --higher and --lower contradict each other",
        ),
    ],
)
def test_bad_input_is_one_line(capsys: Text, arguments: list[str], message: str) -> None:
    assert mistake(capsys, "compare", *arguments) == message


def test_a_name_that_does_not_say_which_way_is_better_is_asked_for(
    capsys: Text, tmp_path: Path
) -> None:
    json_lines(tmp_path / "norm", falling(0), metric="grad_norm")
    said = mistake(capsys, "compare", "norm.jsonl", "norm.jsonl")
    assert said.endswith("say which way is better: --higher grad_norm or --lower grad_norm")
    assert main(["compare", "norm.jsonl", "norm.jsonl", "--lower", "grad_norm"]) == OK


def test_several_metrics_without_a_loss_are_asked_for(capsys: Text, tmp_path: Path) -> None:
    (tmp_path / "two.jsonl").write_text('{"step": 1, "a": 1, "b": 1}', encoding="utf-8")
    said = mistake(capsys, "accept", "two.jsonl", "--to", "two.json")
    assert said == "two.jsonl: say with --metric which of a, b to compare"


def test_a_record_under_another_ending_is_refused(capsys: Text) -> None:
    said = mistake(capsys, "accept", "old.jsonl", "--to", "loss.txt")
    assert said == "loss.txt: the name of an accepted record ends in .json"
