"""A loss that cannot be computed of the targets is told before training."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.dataset import build, check_data
from harness.dataset.loss_fit import misfit
from harness.dataset.records import DataFileError
from harness.scenario import Training, load
from tests.backends.small_cases import case_of

CLASSES, VALUES = np.array([0, 1, 2]), np.array([0.0, 0.5, 1.0])


@pytest.mark.parametrize(
    ("training", "y", "told"),
    [
        ({"loss": "mae"}, CLASSES, "write them with a decimal point, or take cross_entropy"),
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


def test_a_file_of_other_targets_is_told_with_its_name(tmp_path: Path) -> None:
    np.savez(tmp_path / "tags.npz", x=np.zeros((9, 2, 1)), y=np.arange(9) % 3)
    text = (
        'question = "?"\n[data]\nfile = "tags.npz"\nvalidation_records = 2\n'
        '[training]\nloss = "mse"\n'
        '[converged]\nmetric = "loss"\nat_most = 0.1\n[[case]]\nname = "a"\nexpect = "fails"\n'
    )
    (tmp_path / "s.toml").write_text(text)
    (message,) = check_data(load(tmp_path / "s.toml", "s").cases[0])
    assert message.startswith("tags.npz: loss 'mse' needs values")


def test_a_misfit_ends_a_seed_before_training() -> None:
    with pytest.raises(DataFileError, match="3 numbers"):
        build(case_of(training={"class_weights": [1, 2, 3]}), 0)


def test_declared_weights_are_those_of_the_loss() -> None:
    weights = build(case_of(training={"class_weights": [1, 5]}), 0).class_weights
    assert weights is not None
    assert weights.tolist() == [1.0, 5.0]
