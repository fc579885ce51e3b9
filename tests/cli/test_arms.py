"""Two cases of one report, compared as a user does it."""

from pathlib import Path

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
