"""The CI guide: its commands do what it says of them, in a project of their own."""

import re
import shlex
from pathlib import Path

import pytest

GUIDE = (Path(__file__).parents[2] / "docs" / "ci.md").read_text(encoding="utf-8")
COMMANDS: list[str] = re.findall(r"^pytest (.*)$", GUIDE, re.MULTILINE)

LEARNS = """
import random

def train(seed):
    draws, loss = random.Random(seed), 1.0
    for epoch in range(40):
        loss *= 0.75 - 0.1 * draws.random()
        yield {"loss": loss}

def test_it_learns(convergence):
    convergence.check(train, at_most={"loss": 0.1})
"""


def run(pytester: pytest.Pytester, command: str) -> pytest.RunResult:
    given = shlex.split(command)
    return pytester.runpytest_inprocess(*given, "-p", "no:cacheprovider", "--convergence-workers=1")


def written(pytester: pytest.Pytester, text: str) -> None:
    (pytester.path / "tests").mkdir(exist_ok=True)
    (pytester.path / "tests/test_mine.py").write_text(text, encoding="utf-8")


def command(*words: str) -> str:
    """Return the first command of the guide that holds all words."""
    return next(each for each in COMMANDS if all(word in each for word in words))


def test_its_commands_accept_require_and_look_quickly(pytester: pytest.Pytester) -> None:
    written(pytester, LEARNS)
    for text in COMMANDS:
        result = run(pytester, text)
        assert result.ret == 0, text
    assert (pytester.path / "tests/__baselines__").is_dir()
    assert (pytester.path / "reports/latest/convergence.md").is_file()


def test_a_renamed_test_passes_unless_a_baseline_is_required(pytester: pytest.Pytester) -> None:
    written(pytester, LEARNS)
    assert run(pytester, command("=update")).ret == 0
    written(pytester, LEARNS.replace("test_it_learns", "test_it_still_learns"))
    result = run(pytester, "tests")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["against the baseline: 1 without one"])
    assert run(pytester, command("=require")).ret == 1


def test_an_accepted_baseline_changes_for_a_reason_only(pytester: pytest.Pytester) -> None:
    written(pytester, LEARNS)
    assert run(pytester, command("=update")).ret == 0
    written(pytester, LEARNS.replace("0.75", "0.7"))
    result = run(pytester, "tests --convergence-baseline=update")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*say why with --convergence-reason"])
    assert run(pytester, command("reason")).ret == 0
    (accepted,) = (pytester.path / "tests/__baselines__").glob("*.json")
    assert "warm-up is longer on purpose" in accepted.read_text(encoding="utf-8")


def test_a_slower_training_fails_the_job(pytester: pytest.Pytester) -> None:
    written(pytester, LEARNS)
    assert run(pytester, command("=update")).ret == 0
    written(pytester, LEARNS.replace("0.75", "0.78"))
    assert run(pytester, command("=require")).ret == 1
