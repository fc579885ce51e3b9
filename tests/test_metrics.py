"""Metrics equal their definitions, on any leading axes, and say NaN where they mean nothing."""

import numpy as np
import pytest

from harness.metrics import measure
from harness.scenario.vocabulary import METRICS, MetricName

OF_CLASSES = [name for name, facts in METRICS.items() if facts.of == "classes"]
OF_VALUES = [name for name, facts in METRICS.items() if facts.of == "values"]
MEASURED = [*OF_CLASSES, *OF_VALUES]
LOGITS = np.array([[2.0, 1.0], [0.0, 3.0], [5.0, 4.0], [1.0, 0.0]])
LABELS = np.array([0, 1, 1, 0])


def metric(
    name: MetricName, outputs: np.ndarray, targets: np.ndarray, scale: float = 1.0
) -> np.ndarray:
    return measure(name, outputs, targets, np.zeros(targets.shape[:-1]), scale)


def test_accuracy_is_the_share_of_right_guesses() -> None:
    assert metric("accuracy", LOGITS, LABELS) == 0.75


def test_balanced_accuracy_is_the_mean_recall_of_the_classes() -> None:
    assert metric("balanced_accuracy", LOGITS, LABELS) == (2 / 2 + 1 / 2) / 2


def test_always_guessing_the_common_class_is_half_right_when_balanced() -> None:
    logits, labels = np.tile([1.0, 0.0], (20, 1)), np.array([0] * 19 + [1])
    assert metric("accuracy", logits, labels) == 0.95
    assert metric("balanced_accuracy", logits, labels) == 0.5


def test_a_class_that_does_not_occur_has_no_recall_to_average() -> None:
    logits = np.eye(3)[[0, 2, 0]]
    assert metric("balanced_accuracy", logits, np.array([0, 2, 2])) == (1 + 1 / 2) / 2


def test_rmse_is_in_the_units_that_targets_had() -> None:
    values = np.array([[1.0], [2.0]])
    assert metric("rmse", values, np.array([0.0, 4.0]), scale=10.0) == np.sqrt(2.5) * 10


def test_r2_is_1_for_a_perfect_fit_and_0_for_the_mean() -> None:
    targets = np.array([0.0, 2.0, 4.0])
    assert metric("r2", targets[:, None], targets) == 1
    assert metric("r2", np.full((3, 1), 2.0), targets) == 0


def test_loss_is_handed_through() -> None:
    assert measure("loss", LOGITS, LABELS, np.array(0.7), 1.0) == 0.7


@pytest.mark.parametrize("name", MEASURED)
def test_seeds_are_measured_side_by_side_as_one_by_one(name: MetricName) -> None:
    rng = np.random.default_rng(0)
    outputs, targets = rng.normal(size=(3, 10, 2)), rng.integers(0, 2, (3, 10))
    single = [float(metric(name, out, right)) for out, right in zip(outputs, targets, strict=True)]
    assert metric(name, outputs, targets).tolist() == pytest.approx(single)


def test_a_class_missing_in_one_seed_only_is_left_out_there() -> None:
    logits = np.eye(2)[[[0, 0], [0, 0]]]
    labels = np.array([[0, 0], [0, 1]])
    assert metric("balanced_accuracy", logits, labels).tolist() == [1.0, 0.5]


@pytest.mark.parametrize("name", MEASURED)
def test_without_records_there_is_nothing_to_measure(name: MetricName) -> None:
    assert np.isnan(metric(name, np.zeros((0, 2)), np.zeros(0, int)))
    assert metric(name, np.zeros((3, 0, 2)), np.zeros((3, 0), int)).shape == (3,)


@pytest.mark.parametrize("name", OF_CLASSES)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_outputs_that_are_not_finite_are_no_guess_of_the_first_class(
    name: MetricName, bad: float
) -> None:
    outputs = np.stack([LOGITS, np.full_like(LOGITS, bad)])
    measured = metric(name, outputs, np.zeros((2, 4), int))
    assert np.isfinite(measured).tolist() == [True, False]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("name", OF_VALUES)
def test_a_diverged_regression_is_measured_without_a_warning(name: MetricName, bad: float) -> None:
    outputs = np.full((4, 1), bad, np.float32)
    assert not np.isfinite(metric(name, outputs, np.arange(4, dtype=np.float32)))


@pytest.mark.parametrize("name", ["rmse", "r2"])
def test_a_square_that_overflows_is_measured_without_a_warning(name: MetricName) -> None:
    outputs = np.full((4, 1), 1e30, np.float32)
    assert not np.isfinite(metric(name, outputs, np.arange(4, dtype=np.float32)))
