"""What a file says of its sequences that cannot be is told by line and field, before training."""

from collections.abc import Sequence
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


def told(folder: Path, *lines: str, metric: str = "accuracy", of_case: Sequence[str] = ()) -> str:
    path = folder / "case.toml"
    text = 'question = "?"\n[data]\n' + "\n".join(lines) + TAIL.format(metric=metric)
    path.write_text(text + "\n".join(of_case))
    with pytest.raises(ScenarioError) as raised:
        load(path, "case")
    return str(raised.value)


def test_a_task_with_one_target_a_record_names_those_with_one_at_each_step(tmp_path: Path) -> None:
    message = told(tmp_path, 'task = "mean_sign"', 'targets = "each_step"')
    assert "case.toml:4: data.targets: this task has one target a record" in message
    assert "running_sign, running_mean" in message


@pytest.mark.parametrize(
    ("lengths", "said"),
    [
        ("[1, 2, 3]", "data.lengths: must have at most 2 entries, got [1, 2, 3]"),
        ('["1", "3"]', "data.lengths.0: must be a valid integer, got '1'"),
        ("[3, 1]", "data: lengths must be [fewest, most], got [3, 1]"),
        ("[0, 3]", "data.lengths.0: must be greater than or equal to 1, got 0"),
    ],
)
def test_lengths_are_two_whole_numbers(tmp_path: Path, lengths: str, said: str) -> None:
    message = told(tmp_path, 'task = "running_sign"', f"lengths = {lengths}")
    assert said in message
    assert "timesteps" not in message


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


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('columns = ["price", "volume", "price"]', "data.columns: 'price' stands twice"),
        ('date = "price"', "data.date: 'price' is a column of numbers, by column or columns"),
        ("lengths = [2, 3]", "data.lengths: windows of a series are equally long"),
        ("horizon = 0", "data.horizon: must be greater than or equal to 1"),
    ],
)
def test_a_slip_in_the_table_of_a_series_is_told_by_its_line(
    tmp_path: Path, line: str, said: str
) -> None:
    assert f"case.toml:5: {said}" in series(tmp_path, line)


def test_a_series_that_never_changes_is_nothing_to_predict(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("price\n" + "5\n" * 60)
    message = series(tmp_path, "window = 3", "validation_records = 9")
    assert "case.toml:3: data.series: s.csv: its targets are all 5" in message


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["stateful = true"], "5: training.shuffle: must be false with stateful = true"),
        (["stateful = true", "shuffle = true"], "7: training.shuffle: must be false with stateful"),
        (["reset_every = 2"], "6: training.reset_every: needs stateful = true"),
        (
            ["stateful = true", "shuffle = false", "model.bidirectional = true"],
            "6: training.stateful: has no meaning backwards",
        ),
        (
            ["stateful = true", "shuffle = false", "data.lengths = [2, 4]"],
            "6: training.stateful: needs records of one length",
        ),
        (
            ["stateful = true", "shuffle = false", "reset_every = 8"],
            "8: training.reset_every: is 8, and an epoch of 200 records has 7 batches: it never",
        ),
    ],
)
def test_a_state_is_carried_over_whole_records_in_their_order_only(
    tmp_path: Path, given: list[str], said: str
) -> None:
    training = [line for line in given if "." not in line]
    other = [line for line in given if "." in line]
    message = told(tmp_path, 'task = "running_sign"', "", "[training]", *training, of_case=other)
    assert f"case.toml:{said}" in message
    assert len(message.splitlines()) == 1


def test_a_task_of_several_labels_a_record_has_none_to_sort_by(tmp_path: Path) -> None:
    message = told(
        tmp_path,
        'task = "themes"',
        "sort_by_label = true",
        of_case=["model.embedding = 3", 'training.loss = "bce"'],
    )
    assert "case.toml:4: data.sort_by_label: needs one label a record" in message


@pytest.mark.parametrize(
    "numbers", [["schedule_epochs = 3", "warmup_epochs = 4"], ["warmup_epochs = 8"]]
)
def test_a_warm_up_that_outlasts_its_schedule_is_told(tmp_path: Path, numbers: list[str]) -> None:
    lines = ("[training]", 'schedule = "cosine"', "epochs = 8", *numbers)
    message = told(tmp_path, 'task = "mean_sign"', *lines)
    assert "training.warmup_epochs: is" in message
    assert "'cosine' is over after" in message


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "class_weights = [1.0, 2.0, 3.0, 4.0]",
            "training.class_weights: class_weights has 4 numbers, and there are 3 classes",
        ),
        ('loss = "bce"', "training.loss: loss 'bce' tells two classes apart, and there are 3"),
    ],
)
def test_what_does_not_fit_the_classes_of_a_task_is_told_by_its_own_line(
    tmp_path: Path, line: str, said: str
) -> None:
    path = tmp_path / "case.toml"
    text = f'question = "?"\n[data]\ntask = "tagging"\n[model]\nembedding = 3\n[training]\n{line}\n'
    path.write_text(text + TAIL.format(metric="accuracy"))
    with pytest.raises(ScenarioError) as raised:
        load_checked(path, [tmp_path])
    assert f"case.toml:7: {said}" in str(raised.value)


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


CARRIED = ("training.stateful = true", "training.shuffle = false")


@pytest.mark.parametrize(
    "lines",
    [("sort_by_label = true",), ("oversample = true",), ("jitter_copies = 1", "jitter = 0.1")],
)
def test_what_moves_or_adds_records_does_not_fit_a_state_that_is_carried(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    message = told(tmp_path, 'task = "record_before"', *lines, of_case=CARRIED)
    key = lines[0].partition(" ")[0]
    assert f"case.toml:4: data.{key}: moves or adds records" in message
    assert len(message.splitlines()) == 1


def test_windows_at_every_row_carry_a_state_where_a_batch_is_a_window(tmp_path: Path) -> None:
    series = ('series = "s.csv"', 'column = "close"', "window = 5")
    message = told(tmp_path, *series, metric="r2", of_case=CARRIED)
    assert "training.batch_size: must be data.window = 5 with stateful = true" in message
    text = (tmp_path / "case.toml").read_text()
    (tmp_path / "case.toml").write_text(f"{text}\ntraining.batch_size = 5")
    assert load(tmp_path / "case.toml", "case").cases[0].training.batch_size == 5
