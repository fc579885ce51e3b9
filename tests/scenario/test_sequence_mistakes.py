"""What a file says of its sequences that cannot be is told by line and field, before training."""

from pathlib import Path

import numpy as np
import pytest

from harness.pytest_plugin.collection import load_checked
from harness.scenario import ScenarioError, load

TAIL = """
[converged]
metric = "{metric}"
at_least = 0.9
[[case]]
name = "a"
expect = "converges"
"""


def told(folder: Path, *lines: str, metric: str = "accuracy") -> str:
    path = folder / "case.toml"
    path.write_text('question = "?"\n[data]\n' + "\n".join(lines) + TAIL.format(metric=metric))
    with pytest.raises(ScenarioError) as raised:
        load(path, "case")
    return str(raised.value)


def test_a_task_with_one_target_a_record_names_those_with_one_at_each_step(tmp_path: Path) -> None:
    message = told(tmp_path, 'task = "mean_sign"', 'targets = "each_step"')
    assert "case.toml:4: data.targets: this task has one target a record" in message
    assert "running_sign, running_mean" in message


@pytest.mark.parametrize("key", ["oversample", "sort_by_label"])
def test_what_needs_one_label_a_record_does_not_fit_targets_at_each_step(
    tmp_path: Path, key: str
) -> None:
    message = told(tmp_path, 'task = "running_sign"', f"{key} = true")
    assert f"case.toml:4: data.{key}: needs one label a record" in message


def test_a_row_of_a_wide_csv_has_one_target(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,target\n1,0\n2,1\n")
    message = told(tmp_path, 'file = "x.csv"', "timesteps = 1", 'targets = "each_step"')
    assert "give y [records, timesteps] as NPZ" in message


def series(folder: Path, *lines: str, metric: str = "rmse") -> str:
    path = folder / "case.toml"
    named = ['series = "s.csv"', 'column = "price"', *lines]
    path.write_text('question = "?"\n[data]\n' + "\n".join(named) + TAIL.format(metric=metric))
    with pytest.raises(ScenarioError) as raised:
        load_checked(path, [folder])
    return str(raised.value)


def test_a_series_that_is_too_short_is_told_at_the_line_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("price\n1\n2\n")
    assert "case.toml:3: data.series: s.csv: has 2 rows" in series(tmp_path, "window = 3")


def test_a_series_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "data.series: s.csv: cannot be read: No such file" in series(tmp_path)


def test_a_series_has_values_and_no_classes(tmp_path: Path) -> None:
    assert "'accuracy' does not fit a regression task" in series(tmp_path, metric="accuracy")


def test_a_series_needs_a_column(tmp_path: Path) -> None:
    message = told(tmp_path, 'series = "s.csv"', "window = 3", metric="rmse")
    assert "give column, the one that is predicted, or columns, the inputs" in message


def windows(folder: Path, on: str) -> Path:
    prices = np.random.default_rng(0).normal(size=300).cumsum()
    x = np.lib.stride_tricks.sliding_window_view(prices[:-1], 10)[..., None]
    np.savez(folder / "w.npz", x=x, y=prices[10:])
    text = f'question = "?"\n[data]\nfile = "w.npz"\n{TAIL.format(metric="r2")}'
    path = folder / "case.toml"
    path.write_text(text.replace("at_least", f'on = "{on}"\nat_least'))
    return path


def test_overlapping_windows_in_a_file_are_not_held_out_at_random(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as raised:
        load_checked(windows(tmp_path, "validation"), [tmp_path])
    assert "case.toml:3: data.file: w.npz: holds overlapping windows" in str(raised.value)
    assert 'data.series = "..."' in str(raised.value)


def test_where_nothing_is_claimed_of_held_out_windows_they_may_overlap(tmp_path: Path) -> None:
    assert load_checked(windows(tmp_path, "train"), [tmp_path]).cases
