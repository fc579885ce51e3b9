"""Small cases, and one probe at a time."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.backends import get
from harness.probes.suite import specs_of
from harness.probes.toolkit.subject import Subject
from harness.results.probe import Probe
from harness.scenario import Case, load

Make = Callable[..., Case]
Ask = Callable[..., Probe]

SCENARIO = """
question = "?"
[data]
task = "{task}"
records = 30
timesteps = 4
validation_records = 0
[model]
units = [6, 6]
[converged]
metric = "loss"
at_most = -1
[training]
batch_size = 8
[[case]]
name = "small"
expect = "fails"
"""


@pytest.fixture
def make_case(tmp_path: Path) -> Make:
    """Return what turns the lines of a case into a `Case`."""

    def make(lines: str = "", task: str = "mean_sign") -> Case:
        path = tmp_path / "small.toml"
        path.write_text(SCENARIO.format(task=task) + lines)
        return load(path, "small").cases[0]

    return make


@pytest.fixture
def ask() -> Ask:
    """Return what makes one probe of a case at the level `fast`."""

    def answer(name: str, case: Case, backend: str = "eager") -> Probe:
        subject = Subject(case, get(backend), "cpu")
        (spec,) = (spec for spec in specs_of(subject, "fast") if spec.name == name)
        return spec.run(replace(subject, case=spec.reduce(case)))

    return answer
