"""Two cases of one report, compared as a user does it."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from harness import report
from harness.cli.main import main
from harness.results.outcome import Outcome
from harness.scenario.criterion import Criterion
from tests.baseline.canned import ENVIRONMENT, outcome, times

PLAIN = outcome(times(12), case="plain")
FASTER = outcome([0.7 * at for at in times(12)], case="warmed_up", fingerprint="1" * 16)
ALIKE = outcome(times(12, draw=3), case="alike", first_seed=100)


def written(folder: Path, *outcomes: Outcome) -> str:
    report.write(folder, ENVIRONMENT, list(outcomes), [])
    return str(folder)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["compare", *arguments])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_an_arm_that_needs_fewer_epochs_is_better_by_so_much(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path, PLAIN, FASTER)
    code, text = said(capsys, "--arms", "plain", "warmed_up", folder)
    assert code == 0
    assert "warmed_up is better than plain (p = " in text
    assert "12 v 12 seeds paired by seed" in text
    assert "epochs to converge" in text
    assert "12/12 -> 12/12" in text
    _, text = said(capsys, "--arms", "warmed_up", "plain", folder)
    assert "plain is worse than warmed_up" in text


def test_arms_that_differ_by_chance_alone_are_not_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path, PLAIN, ALIKE)
    _, text = said(capsys, "--arms", "plain", "alike", folder)
    assert "no difference between plain and alike is sure" in text
    assert "as samples of different seeds" in text


def test_a_program_reads_the_answer_and_every_measure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path, PLAIN, FASTER)
    _, text = said(capsys, "--arms", "plain", "warmed_up", folder, "--json")
    found = json.loads(text)
    assert (found["answer"], found["paired"]) == ("better", True)
    assert found["converged"] == {"first": [12, 12], "second": [12, 12]}
    epochs = next(each for each in found["measures"] if each["effect"] is not None)
    low, high = epochs["interval"]
    assert low < epochs["effect"] < high < 0
    assert epochs["p_value"] <= found["p_value"] <= 0.01


def test_markdown_is_a_table_and_the_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path, PLAIN, FASTER)
    _, text = said(capsys, "--arms", "plain", "warmed_up", folder, "--markdown")
    head, rule, *rows, blank, sentence = text.strip().splitlines()
    assert head.startswith("| measure")
    assert set(rule) == {"|", "-"}
    assert all(row.count("|") == 5 for row in rows)
    assert (blank, sentence.partition(" (")[0]) == ("", "warmed_up is better than plain")


def test_a_page_shows_the_answer_and_both_bands_in_one_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slower = replace(ALIKE, case="a <b> & c")
    folder, page = written(tmp_path, PLAIN, slower), tmp_path / "arms.html"
    code, _ = said(capsys, "--arms", "plain", "a <b> & c", folder, "--html", str(page))
    text = page.read_text(encoding="utf-8")
    assert code == 0
    assert text.count("<svg") == 1
    assert text.count('class="median"') == text.count('class="band"') == 2
    assert "a &lt;b&gt; &amp; c" in text
    assert "<b>" not in text
    ET.fromstring(text[text.index("<svg") : text.index("</svg>") + 6])  # noqa: S314  # our own


def test_a_page_is_of_two_arms_and_where_it_can_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path, PLAIN, FASTER)
    assert said(capsys, folder, folder, "--html", "x.html")[0] == 2
    arms = ("--arms", "plain", "warmed_up", folder)
    assert said(capsys, *arms, "--html", str(tmp_path / "no/where.html"))[0] == 2


@pytest.mark.parametrize(
    ("arms", "told"),
    [
        (("plain", "warmed"), "no case 'warmed'; did you mean 'warmed_up'?"),
        (("plain", "other"), "only cases of one criterion can be compared"),
    ],
)
def test_arms_that_cannot_be_compared_are_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arms: tuple[str, str], told: str
) -> None:
    other = outcome(times(12), case="other", criterion=Criterion("loss", at_most=0.1))
    folder = written(tmp_path, PLAIN, FASTER, other)
    code, text = said(capsys, "--arms", *arms, folder)
    assert code == 2
    assert told in text


def test_one_report_alone_has_nothing_to_be_compared_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path, PLAIN, FASTER)
    assert said(capsys, folder)[0] == 2
    assert said(capsys, "--arms", "plain", "warmed_up", folder, folder)[0] == 2
