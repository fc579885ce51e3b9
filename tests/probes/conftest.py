"""Small cases, and one probe at a time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.backends import get
from harness.probes.probe import Probe
from harness.probes.subject import Subject
from harness.probes.suite import DECLARED, FAST
from harness.scenario import Case, load

Make = Callable[..., Case]
Ask = Callable[[str, Case], Probe]

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
    """Return what makes one probe of a case on the eager backend."""
    plans = {plan.name: plan for plan in FAST + DECLARED}

    def answer(name: str, case: Case) -> Probe:
        return plans[name].make(Subject(plans[name].reduce(case), get("eager"), "cpu"))

    return answer
