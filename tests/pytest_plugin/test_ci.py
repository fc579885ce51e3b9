"""What a CI system reads: annotations, the job's summary, JUnit XML with lines and properties."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.pytest_plugin.runner import WRONG, Runner

ONLY = ("scenarios", "-k", "wrong and train")
LINE = 34
"""Where the case `wrong` begins in the file below."""


@pytest.fixture(autouse=True)
def _wrong(runner: Runner) -> None:
    lines = runner.scenario(runner.quick + WRONG).read_text(encoding="utf-8").splitlines()
    assert lines.index('name = "wrong"') == LINE, "counted from 0, so that its table is at LINE"


def test_a_failed_case_is_annotated_at_its_line(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    place = f"file=scenarios/quick.toml,line={LINE},title=train[[]wrong[]]"
    runner(*ONLY).stdout.fnmatch_lines([f"::error {place}::0/12 seeds converged, though claimed*"])
    monkeypatch.delenv("GITHUB_ACTIONS")
    runner(*ONLY).stdout.no_fnmatch_line("::error*")


def test_the_report_is_appended_to_the_summary_of_the_job(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    runner(*ONLY)
    report = (runner.pytester.path / "reports/latest/convergence.md").read_text(encoding="utf-8")
    assert summary.read_text(encoding="utf-8") == f"before\n{report}"


def test_a_summary_that_cannot_be_written_is_told(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "none" / "summary.md"))
    runner(*ONLY).stdout.fnmatch_lines(["warning: GITHUB_STEP_SUMMARY: * cannot be written: *"])


def test_junit_xml_has_the_line_and_what_became_of_the_case(runner: Runner) -> None:
    runner(*ONLY, "--junitxml=junit.xml", "-o", "junit_family=xunit1")
    root = ET.parse(runner.pytester.path / "junit.xml")  # noqa: S314  # our own
    (case,) = root.iter("testcase")
    assert (case.get("file"), case.get("line")) == ("scenarios/quick.toml", str(LINE - 1))
    told = {each.get("name"): each.get("value") for each in case.iter("property")}
    assert told["convergence_case"] == "quick/wrong"
    assert told["convergence_converged"] == "0/12"
    assert str(told["convergence_headline"]).startswith("0/12 seeds converged")
