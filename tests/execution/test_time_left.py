"""Time left is told by what seeds declare, and by what has been trained so far."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from harness.execution.job import Work
from harness.execution.time_left import CONVERGING_SHARE, Clock, Done, work_of
from harness.history import History, crashed
from harness.scenario import load
from tests.pytest_plugin.runner import QUICK

TWO = """
[[case]]
name = "{name}"
expect = "{expect}"
training.epochs = {epochs}
"""


@pytest.fixture
def works(tmp_path: Path) -> list[Work]:
    """Return a case that converges and one that fails, of the same size, of 100 epochs each."""
    shared = QUICK.partition("[[case]]")[0]
    declared = (("learns", "converges"), ("stays", "fails"))
    cases = [TWO.format(name=name, expect=expect, epochs=100) for name, expect in declared]
    (tmp_path / "two.toml").write_text(shared + "".join(cases), encoding="utf-8")
    return [Work(case, "eager", "cpu") for case in load(tmp_path / "two.toml", "two").cases]


def trained(epochs: int) -> History:
    """Return the history of a seed that trained for so many epochs."""
    return replace(crashed(0, ""), train_loss=np.ones(epochs + 1))


def test_what_is_done_while_workers_start_is_no_measure() -> None:
    clock = Clock()
    assert clock.seconds_left(0.0, Done(0.0, 0.0)) is None
    assert clock.seconds_left(50.0, Done(1.0, 99.0)) is None
    assert clock.seconds_left(60.0, Done(3.0, 97.0)) is None, "here it begins"
    assert clock.seconds_left(62.0, Done(7.0, 93.0)) is None, "too early to tell"
    assert clock.seconds_left(65.0, Done(13.0, 87.0)) == pytest.approx(43.5)


def test_a_seed_that_fails_trains_its_budget_and_one_that_converges_a_part_of_it(
    works: list[Work],
) -> None:
    converging, failing = works
    first, second = failing.members([0, 1])
    unit, trained_seeds = failing.epoch_effort, {first.key: trained(100)}
    assert work_of([first, second], trained_seeds, {}) == Done(100 * unit, 100 * unit)
    left = work_of([first, *converging.members([0])], trained_seeds, {}).left
    assert left == pytest.approx(100 * CONVERGING_SHARE * unit)


def test_other_seeds_of_a_case_say_how_many_epochs_it_takes(works: list[Work]) -> None:
    first, *others = works[0].members([0, 1, 2])
    found = work_of([first, *others], {first.key: trained(70)}, {})
    assert found.left == 2 * found.done


def test_the_epochs_of_seeds_that_train_count_before_any_is_finished(works: list[Work]) -> None:
    first, second = works[1].members([0, 1])
    found = work_of([first, second], {}, {first.key: 50})
    assert found.left == 3 * found.done


def test_an_epoch_of_a_larger_case_takes_longer(works: list[Work], tmp_path: Path) -> None:
    larger = QUICK.replace("records = 64", "records = 640")
    (tmp_path / "larger.toml").write_text(larger, encoding="utf-8")
    [_, frozen] = load(tmp_path / "larger.toml", "larger").cases
    work = Work(frozen, "eager", "cpu")
    assert work.epoch_effort == 10 * works[1].epoch_effort
