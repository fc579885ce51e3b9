"""A case and a seed become the arrays that were declared."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from harness.dataset import build, epoch_order
from harness.scenario import Case, load

MakeCase = Callable[..., Case]


@pytest.fixture
def make(tmp_path: Path) -> MakeCase:
    """Make a case from the lines of its `[data]` table."""

    def make_case(*lines: str, metric: str = "loss", training: str = "") -> Case:
        path = tmp_path / "case.toml"
        data = "\n".join(lines)
        path.write_text(
            f'question = "?"\n[data]\n{data}\n[training]\n{training}\n'
            f'[converged]\nmetric = "{metric}"\nat_most = 0.1\n'
            '[[case]]\nname = "a"\nexpect = "fails"\n'
        )
        return load(path, "case").cases[0]

    return make_case


def test_the_same_seed_gives_the_same_arrays_and_another_seed_others(make: MakeCase) -> None:
    case = make('task = "mean_sign"')
    first, again, other = build(case, 3), build(case, 3), build(case, 4)
    for name in ("x", "y", "x_validation", "y_validation"):
        assert np.array_equal(getattr(first, name), getattr(again, name))
        assert not np.array_equal(getattr(first, name), getattr(other, name))


def test_there_are_as_many_records_as_declared(make: MakeCase) -> None:
    data = build(make('task = "mean_sign"', "records = 30", "validation_records = 7"), 0)
    assert (len(data.x), len(data.y)) == (30, 30)
    assert (len(data.x_validation), len(data.y_validation)) == (7, 7)
    assert (data.classes, data.outputs) == (2, 2)


def test_without_validation_records_their_arrays_are_empty(make: MakeCase) -> None:
    data = build(make('task = "mean_sign"', "timesteps = 4", "validation_records = 0"), 0)
    assert (data.x_validation.shape, data.y_validation.shape) == ((0, 4, 1), (0,))


def test_preprocessing_the_inputs_leaves_the_draw_alone(make: MakeCase) -> None:
    plain = build(make('task = "mean_sign"'), 0)
    scaled = build(make('task = "mean_sign"', 'normalize = "standard"'), 0)
    assert np.array_equal(plain.y, scaled.y)
    assert np.array_equal(plain.y_validation, scaled.y_validation)


def test_standardising_is_fitted_on_the_training_records_only(make: MakeCase) -> None:
    lines = ('task = "mean_sign"', "offset = 100.0", "scale = 5.0", "distractor_scale = 9.0")
    plain = build(make(*lines), 0)
    data = build(make(*lines, 'normalize = "standard"'), 0)
    assert data.x.mean(axis=(0, 1)) == pytest.approx([0, 0], abs=1e-12)
    assert data.x.std(axis=(0, 1)) == pytest.approx([1, 1])
    center, spread = plain.x.mean(axis=(0, 1)), plain.x.std(axis=(0, 1))
    assert np.allclose(data.x_validation, (plain.x_validation - center) / spread)


def test_minmax_is_fitted_on_the_training_records_only(make: MakeCase) -> None:
    lines = ('task = "mean_sign"', "records = 20", "offset = 100.0")
    plain = build(make(*lines), 0)
    data = build(make(*lines, 'normalize = "minmax"'), 0)
    assert (data.x.min(), data.x.max()) == (0, 1)
    low, high = plain.x.min(), plain.x.max()
    assert np.allclose(data.x_validation, (plain.x_validation - low) / (high - low))
    assert data.x_validation.max() > 1  # validation records lie where they lie


def test_a_feature_that_is_constant_is_only_shifted(make: MakeCase, tmp_path: Path) -> None:
    x = np.full((9, 3, 1), 0.1)  # its standard deviation is 1.4e-17 by rounding
    np.savez(tmp_path / "x.npz", x=x, y=np.arange(9) % 2)
    data = build(make('file = "x.npz"', "validation_records = 0", 'normalize = "standard"'), 0)
    assert np.abs(data.x).max() < 1e-15


def test_targets_are_standardised_by_the_training_records_and_keep_their_unit(
    make: MakeCase,
) -> None:
    lines = ('task = "mean_value"', "target_scale = 50.0", "target_offset = 1000.0")
    plain = build(make(*lines, metric="rmse"), 0)
    data = build(make(*lines, 'normalize_targets = "standard"', metric="rmse"), 0)
    assert (data.y.mean(), data.y.std()) == pytest.approx((0, 1), abs=1e-12)
    assert data.target_scale == pytest.approx(plain.y.std())
    validation = (plain.y_validation - plain.y.mean()) / plain.y.std()
    assert np.allclose(data.y_validation, validation)
    assert (data.classes, data.outputs) == (0, 1)


def test_oversampling_makes_the_training_classes_equally_frequent(make: MakeCase) -> None:
    lines = ('task = "mean_threshold"', "positive_rate = 0.1")
    plain, data = build(make(*lines), 0), build(make(*lines, "oversample = true"), 0)
    assert np.bincount(data.y).tolist() == [180, 180]
    assert set(data.x[data.y == 1, 0, 0]) == set(plain.x[plain.y == 1, 0, 0])
    assert np.array_equal(data.y_validation, plain.y_validation)


def test_class_weights_are_fitted_before_oversampling_and_average_1_over_records(
    make: MakeCase,
) -> None:
    lines = ('task = "mean_threshold"', "positive_rate = 0.1")
    plain = build(make(*lines), 0)
    data = build(make(*lines, "oversample = true", training='class_weights = "balanced"'), 0)
    assert plain.class_weights is None
    assert data.class_weights is not None
    assert data.class_weights == pytest.approx([1 / (2 * 0.9), 1 / (2 * 0.1)])
    assert data.class_weights[plain.y].mean() == pytest.approx(1)


def test_jitter_adds_noisy_copies_to_the_training_records_only(make: MakeCase) -> None:
    lines = ('task = "mean_sign"', "records = 50")
    plain = build(make(*lines), 0)
    data = build(make(*lines, "jitter = 0.1", "jitter_copies = 2"), 0)
    assert np.array_equal(data.x[:50], plain.x)
    assert np.array_equal(data.y, np.tile(plain.y, 3))
    noise = data.x[50:] - np.tile(plain.x, (2, 1, 1))
    assert noise.std() == pytest.approx(0.1, rel=4 / np.sqrt(2 * noise.size))
    assert np.array_equal(data.x_validation, plain.x_validation)


def test_sorting_by_label_keeps_records_and_labels_together(make: MakeCase) -> None:
    data = build(make('task = "mean_sign"', "sort_by_label = true"), 0)
    assert (np.diff(data.y) >= 0).all()
    assert np.array_equal(data.y, data.x.mean(axis=(1, 2)) > 0)


def test_a_file_is_split_by_the_seed_without_losing_or_sharing_a_record(
    make: MakeCase, tmp_path: Path
) -> None:
    np.savez(tmp_path / "x.npz", x=np.arange(10.0).reshape(10, 1, 1), y=np.arange(10) % 2)
    case = make('file = "x.npz"', "validation_records = 4")
    data, other = build(case, 0), build(case, 1)
    assert (len(data.x), len(data.x_validation)) == (6, 4)
    together = np.concatenate([data.x, data.x_validation])
    assert sorted(together.ravel()) == list(range(10))
    assert np.array_equal(data.y, data.x.ravel() % 2)
    assert not np.array_equal(data.x_validation, other.x_validation)


def test_a_file_with_validation_records_of_its_own_is_not_split(
    make: MakeCase, tmp_path: Path
) -> None:
    x, y = np.arange(10.0).reshape(10, 1, 1), np.arange(10) % 2
    np.savez(tmp_path / "x.npz", x=x, y=y, x_validation=-x, y_validation=y)
    data = build(make('file = "x.npz"', "validation_records = 4", "records = 8"), 0)
    assert np.array_equal(data.x, x[:8])
    assert np.array_equal(data.x_validation, -x)


def test_every_epoch_visits_each_record_once_in_an_order_of_its_own() -> None:
    orders = [epoch_order(0, epoch, 20, shuffle=True) for epoch in range(5)]
    assert all(sorted(order) == list(range(20)) for order in orders)
    assert len({tuple(order) for order in orders}) == 5
    assert np.array_equal(orders[2], epoch_order(0, 2, 20, shuffle=True))
    assert not np.array_equal(orders[2], epoch_order(1, 2, 20, shuffle=True))


def test_without_shuffling_records_come_as_they_are_stored() -> None:
    assert np.array_equal(epoch_order(7, 3, 4, shuffle=False), [0, 1, 2, 3])
