"""The examples of docs/own_training.md run as they stand."""

import re
from pathlib import Path

import pytest

from harness.scenario import load

PAGE = Path(__file__).parents[1] / "docs/own_training.md"


def example(language: str) -> str:
    """Return the page's one block of a language."""
    (block,) = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return str(block)


def test_the_claim_about_a_mean_passes(pytester: pytest.Pytester) -> None:
    (pytester.path / "test_mine.py").write_text(example("python"), encoding="utf-8")
    result = pytester.runpytest_subprocess("--convergence-workers=1", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)


def test_the_scenario_says_how_it_is_compared(tmp_path: Path) -> None:
    path = tmp_path / "ported.toml"
    path.write_text(example("toml"), encoding="utf-8")
    (case,) = load(path, "ported").claims
    baseline = case.baseline
    assert (baseline.pairing, baseline.direction, case.tolerated) == ("none", "slower", 0.05)
