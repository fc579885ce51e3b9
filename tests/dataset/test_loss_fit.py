"""A loss that cannot be computed of the targets is told before training."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.dataset import build, check_data
from harness.dataset.loss_fit import misfit
from harness.dataset.records import DataFileError
from harness.scenario import Case, Training, load
from tests.backends.small_cases import case_of

CLASSES, VALUES = np.array([0, 1, 2]), np.array([0.0, 0.5, 1.0])


@pytest.mark.parametrize(
    ("training", "y", "told"),
    [
        (
            {"loss": "cross_entropy"},
            np.eye(3),
            "are one-hot, one 1 in each row: save classes, y.arg",
        ),
        ({"loss": "cross_entropy"}, CLASSES * 1.0, "whole numbers as floats, which are values: if"),
        ({"loss": "bce"}, CLASSES, "tells two classes apart, and there are 3: cross_entropy"),
        ({"class_weights": [1, 2]}, CLASSES, "has 2 numbers, and there are 3 classes"),
        ({"loss": "cross_entropy"}, VALUES, "needs integer classes, and targets are decimal"),
        ({"loss": "bce"}, VALUES, "needs labels 0 and 1; there is a target 0.5"),
        ({"label_smoothing": 0.1}, VALUES, "label_smoothing needs classes"),
    ],
)
def test_what_does_not_fit_is_told_with_what_would(
    training: dict[str, Any], y: Any, told: str
) -> None:
    assert told in str(misfit(Training.model_validate(training), y))


@pytest.mark.parametrize(
    ("training", "y"),
    [
        ({}, CLASSES),
        ({}, VALUES),
        ({"loss": "bce"}, CLASSES[:2]),
        ({"loss": "bce"}, np.array([[0.0, 1.0], [1.0, 1.0]])),
        ({"class_weights": [1, 2, 3]}, CLASSES),
        ({"loss": "mine:loss"}, CLASSES),
    ],
)
def test_what_fits_is_not_told_of(training: dict[str, Any], y: Any) -> None:
    assert misfit(Training.model_validate(training), y) is None


def test_weights_of_too_many_classes_are_told_when_the_case_is_collected() -> None:
    case = case_of(training={"class_weights": [1, 2, 3]})
    assert check_data(case) == ["class_weights has 3 numbers, and there are 2 classes"]


SCENARIO = """question = "?"
[data]
file = "tags.npz"
validation_records = 2
[training]
{training}
[converged]
metric = "{metric}"
{bound}
[[case]]
name = "a"
expect = "fails"
"""


def declared(folder: Path, y: Any, training: str = "", metric: str = "r2") -> Case:
    np.savez(folder / "tags.npz", x=np.zeros((len(y), 2, 1)), y=y)
    bound = "at_least = 0.1" if metric in ("accuracy", "r2") else "at_most = 0.1"
    (folder / "s.toml").write_text(SCENARIO.format(training=training, metric=metric, bound=bound))
    return load(folder / "s.toml", "s").cases[0]


@pytest.mark.parametrize("loss", ["mse", "mae", "huber"])
def test_whole_numbers_are_quantities_for_a_loss_of_values(tmp_path: Path, loss: str) -> None:
    whole = np.array([-1, 0, 1, 2, 3, -70, 90000, 1, 1])
    case = declared(tmp_path, whole, f'loss = "{loss}"')
    assert check_data(case) == []
    data = build(case, 0)
    assert sorted([*data.y, *data.y_validation]) == sorted(whole)
    assert (data.classes, data.outputs, str(data.y.dtype)) == (0, 1, "float64")


def test_counts_of_a_csv_file_are_quantities_for_a_loss_of_values(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text("a,b,y\n" + "".join(f"0,1,{n % 50}\n" for n in range(9)))
    text = SCENARIO.format(training='loss = "mse"', metric="rmse", bound="at_most = 3")
    csv = 'file = "counts.csv"\ntimesteps = 2\ntarget = "y"'
    (tmp_path / "s.toml").write_text(text.replace('file = "tags.npz"', csv))
    case = load(tmp_path / "s.toml", "s").cases[0]
    assert check_data(case) == []
    assert build(case, 0).classes == 0


@pytest.mark.parametrize(
    ("y", "training", "metric", "told"),
    [
        (np.arange(9), "", "r2", "if they are quantities, say training.loss = 'mse', or save"),
        (np.full(9, 3), 'loss = "mse"', "r2", "its targets are all 3: there is nothing to predict"),
        (np.arange(9) % 3, 'loss = "mse"', "accuracy", "training.loss = 'mse' of values"),
        (np.arange(9) * 50000, "", "r2", "quantities: training.loss = 'mse', or write them"),
        (np.arange(9) % 3 * 1.0, "", "accuracy", "if they are classes, save them as integers"),
        (np.arange(9) / 8, "", "accuracy", "does not fit regression targets: mae, rmse or r2"),
        (np.eye(9), "", "accuracy", "its targets are one-hot, one 1 in each row: save classes, y."),
        (np.eye(9, dtype=int), "", "accuracy", "is one-hot, one 1 in each row: save classes, y."),
    ],
)
def test_targets_of_another_kind_are_told_the_way_out(
    tmp_path: Path, y: Any, training: str, metric: str, told: str
) -> None:
    (message,) = check_data(declared(tmp_path, y, training, metric))
    assert message.startswith("tags.npz: ")
    assert told in message


def test_a_misfit_ends_a_seed_before_training() -> None:
    with pytest.raises(DataFileError, match="3 numbers"):
        build(case_of(training={"class_weights": [1, 2, 3]}), 0)


def test_declared_weights_are_those_of_the_loss() -> None:
    weights = build(case_of(training={"class_weights": [1, 5]}), 0).class_weights
    assert weights is not None
    assert weights.tolist() == [1.0, 5.0]
