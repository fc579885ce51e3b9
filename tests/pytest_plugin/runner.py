"""A user's pytest run on scenario files, in an empty folder."""

import json
from pathlib import Path
from typing import Any

import pytest

QUICK = """
question = "Does a small LSTM learn to repeat the first value?"
tags = ["quick"]

[data]
task = "first_value"
records = 64
validation_records = 0
noise = 1

[model]
units = [8]

[training]
learning_rate = 3e-2
epochs = 12

[converged]
metric = "accuracy"
at_least = 1.0

[[case]]
name = "learns"
expect = "converges"
remedies = "frozen"

[[case]]
name = "frozen"
expect = "fails"
diagnosis = "learning_rate_too_low"
training.learning_rate = 1e-9
training.epochs = 2
"""


WRONG = """
[[case]]
name = "wrong"
expect = "converges"
training.learning_rate = 1e-9
training.epochs = 2
"""
"""A case more, whose claim fails."""


class Runner:
    """Runs pytest on scenario files in an empty folder, in this process unless told otherwise."""

    quick = QUICK

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.folder = pytester.path / "scenarios"
        self.folder.mkdir()

    def scenario(self, text: str = QUICK, name: str = "quick") -> Path:
        path = self.folder / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def __call__(self, *arguments: str, workers: str = "1") -> pytest.RunResult:
        return self.pytester.runpytest_inprocess(f"--convergence-workers={workers}", *arguments)

    def alone(self, *arguments: str, workers: str = "1") -> pytest.RunResult:
        """Run in a process of its own, as real worker processes and xdist need."""
        return self.pytester.runpytest_subprocess(f"--convergence-workers={workers}", *arguments)

    def cases(self, folder: str = "reports/latest") -> list[dict[str, Any]]:
        """Return the cases of the written results."""
        text = (self.pytester.path / folder / "results.json").read_text(encoding="utf-8")
        cases: list[dict[str, Any]] = json.loads(text)["cases"]
        return cases
