"""The gate compares the time of a step with what was accepted on the same processor only."""

from pathlib import Path

import pytest

from harness.baseline import path_of, record, save
from harness.execution.job import Work
from harness.flow.gate import Gate, Mode
from harness.results.timing import Timing
from tests.backends.small_cases import case_of
from tests.baseline.canned import ENVIRONMENT, outcome, times

ROUNDS = (1.0, 1.01, 1.0, 1.02, 1.01)
SLOWER = tuple(2 * value for value in ROUNDS)


def status(folder: Path, mode: Mode, processor: str) -> str:
    scenario = folder / "rate.toml"
    work = Work(case_of(), "eager", "cpu")
    accepted = outcome(times(), case=work.case.name, timing=Timing(1e-3, ROUNDS))
    save(path_of(scenario, "eager", "cpu"), record([accepted], "", ENVIRONMENT))
    return Gate(mode, "off", among=1).timing(work, scenario, SLOWER, processor).status


@pytest.mark.parametrize("mode", ["check", "require"])
def test_a_step_that_takes_longer_on_the_accepted_processor_is_slower(
    tmp_path: Path, mode: Mode
) -> None:
    assert status(tmp_path, mode, str(ENVIRONMENT["processor"])) == "slower"


def test_on_another_processor_nothing_is_compared(tmp_path: Path) -> None:
    assert status(tmp_path, "check", "another") == "none"


@pytest.mark.parametrize("mode", ["update", "off"])
def test_nothing_is_compared_that_is_not_checked(tmp_path: Path, mode: Mode) -> None:
    assert status(tmp_path, mode, str(ENVIRONMENT["processor"])) == "none"
