"""A folder with one scenario, in which commands are tried."""

from pathlib import Path

import pytest

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
