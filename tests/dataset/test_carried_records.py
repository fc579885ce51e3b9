"""Records of one's own whose state is carried from batch to batch stay in order."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.dataset import build, check_data
from harness.scenario import Case, load

RECORDS = 60
X = np.arange(float(RECORDS))[:, None, None]
Y = np.arange(RECORDS) % 2
SERIES = np.random.default_rng(0).normal(size=200)


def ordered(seed: int) -> tuple[Any, Any]:
    del seed
    return X, Y


def case(folder: Path, *lines: str, source: str = 'file = "d.npz"', **arrays: Any) -> Case:
    np.savez(folder / "d.npz", **({"x": X, "y": Y} | arrays))
    path = folder / "case.toml"
    path.write_text(
        f'question = "?"\n[data]\nvalidation_records = 15\n{source}\n'
        "[training]\nshuffle = false\n"
        '[converged]\nmetric = "accuracy"\nat_least = 0.9\n'
        '[[case]]\nname = "a"\nexpect = "converges"\n' + "\n".join(lines)
    )
    return load(path, "case").cases[0]


def carried(folder: Path, *lines: str, batch: int = 10, **given: Any) -> Case:
    stateful = ("training.stateful = true", f"training.batch_size = {batch}")
    return case(folder, *stateful, *lines, **given)


def told(folder: Path, *lines: str, **given: Any) -> str:
    [message] = check_data(carried(folder, *lines, **given))
    return message


@pytest.mark.parametrize("source", ['file = "d.npz"', f'factory = "{__name__}:ordered"'])
@pytest.mark.parametrize(("line", "kept"), [("", 45), ("data.records = 20", 20)])
def test_the_last_records_are_held_out_and_the_first_trained_in_order(
    tmp_path: Path, source: str, line: str, kept: int
) -> None:
    made = carried(tmp_path, line, source=source)
    assert check_data(made) == []
    data = build(made, 3)
    assert data.x[:, 0, 0].tolist() == list(range(kept))
    assert data.y.tolist() == [n % 2 for n in range(kept)]
    assert data.x_validation[:, 0, 0].tolist() == list(range(45, 60))
    assert data.y_validation.tolist() == [n % 2 for n in range(45, 60)]


def test_without_a_state_they_are_held_out_at_random(tmp_path: Path) -> None:
    data = build(case(tmp_path), 3)
    assert sorted(data.x_validation[:, 0, 0]) != list(range(45, 60))


def test_a_class_that_only_comes_last_cannot_be_held_out(tmp_path: Path) -> None:
    message = told(tmp_path, y=(np.arange(RECORDS) >= 45).astype(int))
    assert "training labels are of one class only (0): the last records are held out" in message
    assert "shuffle" not in message


def test_a_reset_beyond_the_batches_of_an_epoch_is_told(tmp_path: Path) -> None:
    message = told(tmp_path, "training.reset_every = 6")
    assert "training.reset_every is 6, and an epoch of 45 records has 5 batches" in message
    assert check_data(carried(tmp_path, "training.reset_every = 5")) == []


def windows(apart: int, steps: int = 10) -> dict[str, Any]:
    x = np.lib.stride_tricks.sliding_window_view(SERIES, steps)[::apart, :, None]
    return {"x": x.copy(), "y": np.arange(len(x)) % 2}


@pytest.mark.parametrize(
    ("apart", "batch", "cure"),
    [(1, 9, "training.batch_size = 10"), (2, 10, "training.batch_size = 5"), (3, 10, "")],
)
def test_windows_that_do_not_go_on_where_the_state_ended_are_told(
    tmp_path: Path, apart: int, batch: int, cure: str
) -> None:
    message = told(tmp_path, batch=batch, **windows(apart))
    assert f"state of the one {batch} records (batch_size) earlier, which did not end" in message
    assert (f"give {cure}, or cut" in message) if cure else ("give" not in message)


def test_windows_that_are_shuffled_go_on_nowhere(tmp_path: Path) -> None:
    arrays = windows(1)
    arrays["x"] = np.random.default_rng(1).permutation(arrays["x"])
    assert "holds overlapping windows" in told(tmp_path, **arrays)


@pytest.mark.parametrize(("apart", "batch"), [(1, 10), (2, 5), (10, 3)])
def test_windows_that_follow_one_another_are_taken(tmp_path: Path, apart: int, batch: int) -> None:
    fewer = "data.validation_records = 5"
    assert check_data(carried(tmp_path, fewer, batch=batch, **windows(apart))) == []


def test_windows_held_out_in_time_still_share_rows_with_training(tmp_path: Path) -> None:
    message = told(tmp_path, 'converged.on = "validation"', **windows(1))
    assert "of the first that are held out, training sees values. Split in time" in message
