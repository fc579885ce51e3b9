"""Time left is told by what seeds declare, and by what has been trained so far."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from harness.execution.job import Work
from harness.execution.time_left import CONVERGING_SHARE, seconds_left
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


def test_before_a_twentieth_of_the_work_is_done_nothing_is_told(works: list[Work]) -> None:
    assert seconds_left(works[0].members([0, 1]), {}, {}, 5.0) is None
    first, *others = works[1].members(range(3))
    assert seconds_left([first, *others], {}, {first.key: 14}, 5.0) is None
    assert seconds_left([first, *others], {}, {first.key: 15}, 5.0) == 95.0


def test_a_seed_that_fails_trains_its_budget_and_one_that_converges_a_part_of_it(
    works: list[Work],
) -> None:
    converging, failing = works
    first, *others = failing.members([0, 1, 2])
    assert seconds_left([first, *others], {first.key: trained(100)}, {}, 10.0) == 20.0
    mixed = [first, *converging.members([0])]
    left = seconds_left(mixed, {first.key: trained(100)}, {}, 10.0)
    assert left == pytest.approx(10 * CONVERGING_SHARE)


def test_other_seeds_of_a_case_say_how_many_epochs_it_takes(works: list[Work]) -> None:
    first, *others = works[0].members([0, 1, 2])
    assert seconds_left([first, *others], {first.key: trained(70)}, {}, 7.0) == 14.0


def test_the_epochs_of_seeds_that_train_count_before_any_is_finished(works: list[Work]) -> None:
    first, second = works[1].members([0, 1])
    assert seconds_left([first, second], {}, {first.key: 50}, 5.0) == 15.0


def test_an_epoch_of_a_larger_case_takes_longer(works: list[Work], tmp_path: Path) -> None:
    larger = QUICK.replace("records = 64", "records = 640")
    (tmp_path / "larger.toml").write_text(larger, encoding="utf-8")
    [_, frozen] = load(tmp_path / "larger.toml", "larger").cases
    first = works[1].members([0])[0]
    members = [first, *Work(frozen, "eager", "cpu").members([0])]
    left = seconds_left(members, {first.key: trained(100)}, {}, 10.0)
    assert left == pytest.approx(10.0 * 10 * frozen.budget / 100)
