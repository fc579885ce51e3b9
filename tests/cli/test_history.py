"""`harness history` shows what runs found, and says in one line what it cannot do."""

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from harness.cli.exits import BAD_INPUT, OK
from harness.cli.main import main
from harness.report import write
from harness.trend.database import opened
from harness.trend.run import RunRecord
from tests.canned import outcome
from tests.report.conftest import EVIL, make
from tests.trend.canned import STEPPED, case, run, runs

Text = pytest.CaptureFixture[str]
FILE = Path("reports/history.sqlite")


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")


def keep(records: Sequence[RunRecord]) -> None:
    with opened(FILE, make=True) as history:
        history.add(records)


def told(capsys: Text, *arguments: str) -> str:
    assert main(["history", *arguments]) == OK
    return capsys.readouterr().out


def refused(capsys: Text, *arguments: str) -> str:
    """Return the one line that a mistake is told in."""
    assert main(["history", *arguments]) == BAD_INPUT
    found = capsys.readouterr()
    assert found.out == ""
    [line] = found.err.splitlines()
    return line


def report(folder: str, day: int = 1) -> Path:
    environment = {"date": f"2026-03-{day:02}T00:00:00+00:00", "torch": "2.13.0", "run": "complete"}
    write(Path(folder), environment, [make()])
    return Path(folder) / "results.json"


def test_steps_stand_above_the_cases(capsys: Text) -> None:
    keep(runs(STEPPED))
    text = told(capsys)
    assert text.index("epochs 18 -> 24 (+33.3 %)") < text.index("trend")


def test_a_part_of_a_name_chooses_cases(capsys: Text) -> None:
    keep([run(0, case("a/one"), case("b/two"))])
    assert "b/two" not in told(capsys, "one")
    assert "no case is called 'onn'; did you mean 'a/one'?" in refused(capsys, "a/onn").replace(
        "a/onn", "onn"
    )


def test_scripts_get_one_object_and_people_markdown_or_a_page(capsys: Text) -> None:
    keep(runs(STEPPED))
    assert len(json.loads(told(capsys, "--json"))["runs"]) == 15
    assert "| case " in told(capsys, "--markdown")
    told(capsys, "--html", "page.html")
    assert Path("page.html").read_text(encoding="utf-8").count("<svg") == 3


def test_runs_since_a_date_are_shown(capsys: Text) -> None:
    keep(runs(STEPPED))
    assert len(json.loads(told(capsys, "--json", "--since=2026-01-11"))["runs"]) == 5
    assert len(json.loads(told(capsys, "--json", "--since=2026-01-11T12:00+02:00"))["runs"]) == 4
    assert "--since 2027-01-01: the last run is older" in refused(capsys, "--since=2027-01-01")


def test_runs_since_a_tag_are_shown_by_the_date_of_its_commit(capsys: Text) -> None:
    keep(runs(STEPPED))
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    dates = os.environ | {"GIT_COMMITTER_DATE": "2026-01-13T00:00:00+00:00"}
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "one"], env=dates, check=True)
    subprocess.run([*git, "tag", "v1.2"], check=True)
    assert len(json.loads(told(capsys, "--json", "--since=v1.2"))["runs"]) == 3
    line = refused(capsys, "--since", "v9")
    assert "--since: 'v9' is neither a date such as 2026-01-31 nor a tag, branch or commit" in line


@pytest.mark.parametrize("since", ["v1", "2026-02-31", "-x", "HEAD", "", "2026"])
def test_what_is_neither_date_nor_commit_is_refused(capsys: Text, since: str) -> None:
    keep([run(0)])
    assert "is neither a date" in refused(capsys, f"--since={since}")


def test_reports_are_imported_once(capsys: Text) -> None:
    first, second = report("one", 1), report("two", 2)
    assert "imported 2 runs" in told(capsys, "--import", str(first), "two")
    assert "imported 0 runs, 1 known already" in told(capsys, "--import", str(second))
    assert "2 runs" in told(capsys)


def damaged(text: str) -> str:
    return text[: len(text) // 2]


def later(text: str) -> str:
    return text.replace('"schema": 3', '"schema": 99', 1)


def changed(text: str) -> str:
    return text.replace("adam_default", "adam_changed", 1)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (damaged, "is damaged or cut off"),
        (later, "has schema 99, this version reads up to 3: upgrade the harness"),
        (changed, "its checksum differs"),
        (lambda _: "", "is damaged or cut off"),
        (lambda _: "{}", "is no convergence report"),
    ],
)
def test_of_reports_of_which_one_is_bad_none_is_imported(
    capsys: Text, spoil: Callable[[str], str], reason: str
) -> None:
    good, bad = report("good"), report("bad")
    bad.write_text(spoil(bad.read_text(encoding="utf-8")), encoding="utf-8")
    line = refused(capsys, "--import", str(good), str(bad))
    assert str(bad) in line
    assert reason in line
    assert not FILE.exists()


def test_a_report_that_does_not_say_when_it_was_made_is_refused(capsys: Text) -> None:
    write(Path("one"), {"torch": "2.13.0"}, [make()])
    assert "one: the report does not say" in refused(capsys, "--import", "one")


def test_a_report_of_several_is_of_the_first_date(capsys: Text) -> None:
    report("one", 1), report("two", 2)
    assert main(["report", "one", "two", "--into", "all"]) == OK
    told(capsys, "--import", "all")
    [found] = json.loads(told(capsys, "--json"))["runs"]
    assert found["date"] == "2026-03-01T00:00:00+00:00"


def test_earlier_runs_are_no_part_of_a_folder_of_reports() -> None:
    report("reports/latest")
    write(Path("reports/20260101-000000"), {"date": "?"}, [make(epochs=(None,) * 12)])
    assert main(["report", "reports", "--into", "all"]) == OK, "the earlier run says otherwise"


def test_a_case_of_any_name_is_imported_and_shown(capsys: Text) -> None:
    write(Path("one"), {"date": "2026-03-01T00:00:00+00:00"}, [outcome(scenario=EVIL, case=EVIL)])
    told(capsys, "--import", "one")
    told(capsys, "--html", "page.html")
    assert "<script>alert" not in Path("page.html").read_text(encoding="utf-8")


def test_a_history_that_is_none_is_named(capsys: Text) -> None:
    assert f"{FILE} does not exist" in refused(capsys)
    Path("notes.txt").write_text("to do", encoding="utf-8")
    assert "notes.txt is no history" in refused(capsys, "--file", "notes.txt")
    Path("empty").touch()
    assert "empty holds no run yet" in refused(capsys, "--file=empty")
    Path("reports").mkdir(exist_ok=True)
    assert "reports is a folder: name the file in it" in refused(capsys, "--file=reports")


def test_a_page_that_cannot_be_written_is_named(capsys: Text) -> None:
    keep([run(0)])
    line = refused(capsys, "--html", "none/page.html")
    assert line == "--html: cannot write none/page.html: No such file or directory"


def test_an_exporter_that_there_is_not_is_told_with_the_nearest(capsys: Text) -> None:
    keep([run(0)])
    line = refused(capsys, "--export", "tensorbord", "logs")
    assert line == "--export: no exporter is called 'tensorbord'; did you mean 'tensorboard'?"


@pytest.mark.parametrize("name", ["tensorboard", "mlflow"])
def test_an_exporter_whose_library_is_missing_says_what_to_install(
    capsys: Text, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, name, None)
    keep([run(0)])
    line = refused(capsys, "--export", name, "logs")
    assert f"pip install 'convergence-harness[{name}]'" in line


def test_a_commit_that_is_tried_again_later_stands_where_it_belongs(capsys: Text) -> None:
    keep([run(0), run(1), replace(run(9), committed=run(0).date, commit=run(0).commit)])
    commits = [each["commit"] for each in json.loads(told(capsys, "--json"))["runs"]]
    assert commits == [run(0).commit, run(0).commit, run(1).commit]
