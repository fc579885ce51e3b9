"""`harness report` renders and merges reports again."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from harness.cli.exits import OK, USAGE_ERROR
from harness.cli.main import main
from harness.report import write
from tests.cli.outcomes import Text, one_line_on_stderr, outcome


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
