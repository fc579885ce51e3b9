"""Small cases to train, written as scenario files are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.scenario import Case, load

HEADER = """
question = "?"
[data]
task = "{task}"
records = 20
timesteps = 4
validation_records = 0
distractor_scale = 1.0
[model]
units = [5, 5]
[converged]
metric = "loss"
at_most = -1
[training]
batch_size = 8
epochs = 7
learning_rate = 1e-2
[[case]]
name = "small"
expect = "fails"
"""


@pytest.fixture
def small_case(tmp_path: Path) -> Callable[..., Case]:
    def build(lines: str = "", task: str = "mean_threshold") -> Case:
        path = tmp_path / "small.toml"
        path.write_text(HEADER.format(task=task) + lines)
        return load(path, "small").cases[0]

    return build
