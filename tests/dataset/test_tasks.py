"""Drawn tasks mean what their docstrings say."""

from typing import Any

import numpy as np
import pytest

from harness.dataset.tasks import draw
from harness.scenario import TASKS

RECORDS = 400
CLASSIFICATION = [name for name, task in TASKS.items() if task.predicts == "classes"]


def drawn(name: str, records: int = RECORDS, seed: int = 0, **parameters: Any) -> tuple[Any, Any]:
    return draw(TASKS[name](**parameters), records, np.random.default_rng(seed))


@pytest.mark.parametrize("name", TASKS)
def test_inputs_and_targets_have_the_documented_shapes_and_types(name: str) -> None:
    x, y = drawn(name, timesteps=5)
    steps = (5,) if TASKS[name]().targets == "each_step" else ()
    shape = (RECORDS, 5, TASKS[name]().width)
    several = (TASKS[name]().several,) if TASKS[name]().several else ()
    assert (x.shape, x.dtype, y.shape) == (shape, np.float64, (RECORDS, *steps, *several))
    assert y.dtype == (np.float64 if TASKS[name].predicts == "values" else np.int64)


@pytest.mark.parametrize("name", CLASSIFICATION)
@pytest.mark.parametrize("records", [2, 3])
def test_labels_are_never_all_of_one_class(name: str, records: int) -> None:
    for seed in range(50):
        assert len(np.unique(drawn(name, records, seed)[1])) > 1


def test_first_value_is_the_label_and_the_rest_are_integers_up_to_noise() -> None:
    x, y = drawn("first_value", noise=4)
    assert np.array_equal(x[:, 0, 0], y)
    assert np.array_equal(np.unique(x[:, 1:]), np.arange(5))


@pytest.mark.parametrize("rate", [0.05, 0.5, 0.9])
@pytest.mark.parametrize("name", ["first_value", "mean_threshold"])
def test_the_positive_rate_is_met_to_the_nearest_record(name: str, rate: float) -> None:
    assert drawn(name, positive_rate=rate)[1].sum() == round(rate * RECORDS)


def test_recall_first_labels_the_sign_of_the_first_value() -> None:
    x, y = drawn("recall_first")
    assert np.array_equal(y, x[:, 0, 0] > 0)


def test_mean_sign_labels_the_sign_of_the_mean() -> None:
    x, y = drawn("mean_sign")
    assert np.array_equal(y, x.mean(axis=(1, 2)) > 0)


def test_label_noise_flips_its_share_of_the_labels() -> None:
    x, y = drawn("mean_sign", 20_000, label_noise=0.2)
    flipped = np.mean(y != (x.mean(axis=(1, 2)) > 0))
    assert flipped == pytest.approx(0.2, abs=4 * np.sqrt(0.2 * 0.8 / 20_000))


def test_mean_threshold_labels_the_largest_means() -> None:
    x, y = drawn("mean_threshold", positive_rate=0.1)
    means = x.mean(axis=(1, 2))
    assert means[y == 1].min() > means[y == 0].max()


def test_overlap_blurs_the_threshold() -> None:
    x, y = drawn("mean_threshold", positive_rate=0.1, overlap=1.0)
    means = x.mean(axis=(1, 2))
    assert means[y == 1].min() < means[y == 0].max()
    assert means[y == 1].mean() > means[y == 0].mean()


def test_mean_value_is_the_mean_at_unit_variance_scaled_and_shifted() -> None:
    x, y = drawn("mean_value", timesteps=4, target_scale=10.0, target_offset=3.0)
    assert y == pytest.approx(x.mean(axis=(1, 2)) * np.sqrt(4) * 10.0 + 3.0)
    assert y.std() == pytest.approx(10.0, rel=4 / np.sqrt(2 * RECORDS))


def test_target_noise_has_its_standard_deviation() -> None:
    x, y = drawn("mean_value", 20_000, timesteps=4, target_noise=0.5)
    residual = y - x.mean(axis=(1, 2)) * 2
    assert residual.std() == pytest.approx(0.5, rel=4 / np.sqrt(2 * 20_000))


def test_random_labels_say_nothing_about_the_inputs() -> None:
    x, y = drawn("random_labels", 20_000)
    correlation = np.corrcoef(x.mean(axis=(1, 2)), y)[0, 1]
    assert abs(correlation) < 4 / np.sqrt(20_000)
    assert y.mean() == 0.5


@pytest.mark.parametrize("name", TASKS)
def test_scale_and_offset_change_the_inputs_but_not_the_targets(name: str) -> None:
    x, y = drawn(name)
    scaled, targets = drawn(name, scale=3.0, offset=5.0)
    assert np.array_equal(targets, y)
    assert np.allclose(scaled, x * 3.0 + 5.0, rtol=1e-15)


@pytest.mark.parametrize("name", TASKS)
def test_a_distractor_is_one_more_feature_that_says_nothing(name: str) -> None:
    x, y = drawn(name, 20_000)
    wider, targets = drawn(name, 20_000, distractor_scale=7.0)
    assert np.array_equal(wider[..., :-1], x)
    assert np.array_equal(targets, y)
    assert wider[..., -1].std() == pytest.approx(7.0, rel=0.02)
    answer = y.reshape(len(y), -1)[:, -1]
    assert abs(np.corrcoef(wider[..., -1].mean(axis=1), answer)[0, 1]) < 4 / np.sqrt(20_000)
