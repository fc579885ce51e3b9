"""The best trivial guess is what can be had without learning, and a tolerance says how surely."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.dataset import Dataset, build
from harness.guesses import guesses_of
from harness.metrics import measure
from harness.scenario import FromSeries, Training
from harness.scenario.data_digest import digest_of_file
from harness.scenario.vocabulary import MetricName
from harness.scenario.vocabulary.guess import Guess, Guesses
from tests.backends.small_cases import case_of


def guess(metric: MetricName, data: Dataset, **training: Any) -> Guess:
    found = guesses_of(metric, Training.model_validate(training), data).train
    assert found is not None
    return found


def walk(**data: Any) -> Dataset:
    declared = {"task": "random_walk", "timesteps": 30, "records": 400, "validation_records": 400}
    return build(case_of(declared | data), 0)


def labels(share: float = 0.05) -> Dataset:
    return build(case_of({"task": "mean_threshold", "positive_rate": share, "records": 200}), 0)


def test_of_a_rare_class_the_majority_is_right_nearly_always() -> None:
    found = guess("accuracy", labels())
    assert (found.by, found.value) == ("the majority class", 0.95)
    assert found.skill(0.95) == pytest.approx(0)
    assert found.skill(1.0) == 1


def test_the_majority_tells_no_classes_apart() -> None:
    assert guess("balanced_accuracy", labels()).value == 0.5
    assert guess("f1", labels()).value == pytest.approx(2 * 0.05 / 1.05)


def test_the_best_constant_of_a_cross_entropy_is_the_shares_of_the_classes() -> None:
    entropy = -(0.05 * np.log(0.05) + 0.95 * np.log(0.95))
    assert guess("loss", labels()).value == pytest.approx(entropy)
    assert guess("perplexity", labels()).value == pytest.approx(np.exp(entropy))


def test_balanced_weights_make_that_one_bit() -> None:
    data = build(
        case_of(
            {"task": "mean_threshold", "positive_rate": 0.05, "records": 200},
            training={"class_weights": "balanced"},
        ),
        0,
    )
    assert guess("loss", data, class_weights="balanced").value == pytest.approx(np.log(2))


def test_the_last_value_explains_nearly_all_of_a_random_walk() -> None:
    for metric, value in (("r2", 1 - 1 / 31), ("rmse", 1.0), ("mae", np.sqrt(2 / np.pi))):
        found = guess(metric, walk())  # type: ignore[arg-type]  # names of metrics
        assert found.by == "the last value"
        assert found.value == pytest.approx(value, rel=0.1), metric


@pytest.mark.parametrize("normalized", [{"normalize": "standard"}, {"normalize": "minmax"}])
def test_that_is_so_whatever_is_rescaled(normalized: dict[str, str]) -> None:
    plain = guess("rmse", walk())
    scaled = guess("rmse", walk(**normalized, normalize_targets="standard"))
    assert scaled.by == plain.by
    assert scaled.value == pytest.approx(plain.value)


def of_series(folder: Path, **declared: Any) -> Guesses:
    """Return the guesses of the column price of a file."""
    units = {"normalize": "standard", "normalize_targets": "standard", "jitter_copies": 1}
    rest = {"series": "s.csv", "column": "price", "jitter": 1e-9, "validation_records": 40}
    data = FromSeries.model_validate(units | rest | declared)
    digest = digest_of_file(folder / "s.csv")
    case = case_of().model_copy(update={"data": data, "directory": folder, "data_digest": digest})
    return guesses_of("rmse", Training(), build(case, 0))


@pytest.mark.parametrize("targets", ["last", "each_step"])
@pytest.mark.parametrize("columns", ["price", "noise"])
def test_a_season_longer_than_the_window_is_found_in_the_series(
    tmp_path: Path, columns: str, targets: str
) -> None:
    noise = np.random.default_rng(0).normal(size=(400, 2))
    price = 10 * np.sin(2 * np.pi * np.arange(400) / 24) + 0.1 * noise[:, 0]
    rows = [f"{a},{b}" for a, b in zip(price, noise[:, 1], strict=True)]
    (tmp_path / "s.csv").write_text("\n".join(["price,noise", *rows]), encoding="utf-8")
    found = of_series(tmp_path, columns=[columns], window=6, horizon=3, targets=targets).validation
    assert found is not None
    assert found.by.startswith("the value 21 steps before the last")
    assert found.value == pytest.approx(0.1 * 2**0.5, rel=0.3)


def test_the_last_value_is_a_guess_where_no_input_holds_it(tmp_path: Path) -> None:
    steps = np.random.default_rng(0).normal(size=200).cumsum()
    rows = [f"{value},{100 * value}" for value in steps]
    (tmp_path / "s.csv").write_text("\n".join(["price,cents", *rows]), encoding="utf-8")
    found = {
        columns: of_series(tmp_path, columns=[columns], window=5).validation
        for columns in ("price", "cents")
    }
    price, cents = found["price"], found["cents"]
    assert price is not None
    assert cents is not None
    assert cents.by == "the last value of what is predicted"
    assert cents.value == pytest.approx(price.value)


def test_a_season_is_found_by_the_value_of_one_before() -> None:
    period = np.sin(2 * np.pi * (np.arange(300)[:, None] + np.arange(13)) / 8)
    noisy = period + 0.1 * np.random.default_rng(0).normal(size=period.shape)
    seasonal = Dataset(
        noisy[:, :12, None], noisy[:, 12], noisy[:0, :12, None], noisy[:0, 12], 0, None, 1.0
    )
    found = guess("r2", seasonal)
    assert found.by == "the value 7 steps before the last"
    assert found.value > 0.95


def test_a_guess_that_is_always_right_leaves_nothing_to_be_skilled_in() -> None:
    x = np.random.default_rng(0).normal(size=(50, 4, 1))
    data = Dataset(x, x[:, 1, 0], x[:0], x[:0, 0, 0], 0, None, 1.0)
    assert guesses_of("r2", Training(), data).train is None


def test_at_each_step_the_last_value_is_that_of_the_step() -> None:
    found = guess("rmse", walk(targets="each_step"))
    assert found.by == "the last value"
    assert found.value == pytest.approx(1.0, rel=0.05)


def test_on_validation_records_the_guess_is_the_one_fitted_in_training() -> None:
    data = labels(0.3)
    validation = guesses_of("accuracy", Training(), data).validation
    assert validation is not None
    assert validation.value == np.mean(data.y_validation == 0)


@pytest.mark.parametrize(
    "training", [{"loss": "mine:loss"}, {"label_smoothing": 0.1}], ids=["own", "smoothed"]
)
def test_of_a_loss_that_has_no_plain_guess_none_is_told(training: dict[str, Any]) -> None:
    assert guesses_of("loss", Training.model_validate(training), labels()).train is None


def test_a_loss_of_ones_own_leaves_accuracy_its_guess() -> None:
    assert guess("accuracy", labels(), loss="mine:loss") == guess("accuracy", labels())


def test_skill_is_held_against_the_guess_of_what_it_is_of() -> None:
    assert guess("skill", walk()) == guess("rmse", walk())
    assert guess("skill", labels()) == guess("accuracy", labels())


def several_values() -> Dataset:
    """A walk, and one that is 3 beyond it with noise of size 2."""
    one, rng = walk(), np.random.default_rng(3)
    y, later = (
        np.stack([each, 3 + 2 * rng.normal(size=len(each))], axis=1)
        for each in (one.y, one.y_validation)
    )
    return replace(one, y=y, y_validation=later)


def test_each_of_several_values_has_a_guess_of_its_own() -> None:
    found = guess("rmse", several_values())
    assert found.by == "the best guess of each"
    assert found.value == pytest.approx((1 + 2) / 2, rel=0.1)  # a step, and the noise
    assert guess("skill", several_values()) == found


def test_on_validation_records_several_values_are_guessed_as_fitted_in_training() -> None:
    data = several_values()
    found = guesses_of("rmse", Training(), data).validation
    assert found is not None
    steps = guesses_of("rmse", Training(), walk()).validation
    assert steps is not None
    noise = np.sqrt(np.mean((data.y_validation[:, 1] - data.y[:, 1].mean()) ** 2))
    assert found.value == pytest.approx((steps.value + noise) / 2, rel=0.02)


def test_a_value_that_is_guessed_without_error_counts_as_such() -> None:
    data = several_values()
    data = replace(data, y=np.stack([data.y[:, 1], data.x[:, -1, 0]], axis=1))
    noise = guess("rmse", replace(data, y=data.y[:, :1]))
    assert guess("rmse", data).value == pytest.approx(noise.value / 2)


def test_of_several_labels_the_majority_of_each_is_right_as_often_as_it_occurs() -> None:
    data = build(case_of({"task": "themes", "records": 300}, training={"loss": "bce"}), 0)
    shares = data.y.mean(axis=0)
    found = guess("accuracy", data, loss="bce")
    assert found.by == "the majority class of each"
    assert found.value == pytest.approx(np.maximum(shares, 1 - shares).mean())
    entropy = -(shares * np.log(shares) + (1 - shares) * np.log(1 - shares)).mean()
    assert guess("loss", data, loss="bce").value == pytest.approx(entropy)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_a_coin_of_the_right_shares_is_hardly_ever_better_than_guessing(share: float) -> None:
    """Of 200 sets of answers that look at no input, at most 5 % pass for skill."""
    data, rng = labels(share), np.random.default_rng(1)
    for metric in ("accuracy", "balanced_accuracy", "f1", "macro_f1"):
        found, wrong = guess(metric, data), 0
        for _ in range(200):
            answers = rng.permutation(data.y)
            wrong += not found.matches(_measured(metric, answers, data.y))
        assert wrong <= 10, (metric, wrong)


def test_predictions_that_are_noise_about_the_mean_are_no_better() -> None:
    data, rng = build(case_of({"task": "mean_value", "records": 200}), 0), np.random.default_rng(2)
    found = guess("r2", data)
    for size in (0.01, 0.1, 0.5):
        values = data.y.mean() + size * rng.normal(size=200)
        r2 = 1 - np.mean((values - data.y) ** 2) / np.var(data.y)
        assert found.matches(float(r2))


def test_half_of_the_guesses_error_is_skill() -> None:
    for data, metric in ((labels(0.5), "accuracy"), (walk(), "rmse")):
        found = guess(metric, data)  # type: ignore[arg-type]  # names of metrics
        better = (found.perfect + found.value) / 2
        assert found.skill(better) == pytest.approx(0.5)
        assert not found.matches(better)


def _measured(metric: str, answers: Any, y: Any) -> float:
    return float(measure(metric, np.eye(2)[answers], y, np.zeros(()), 1.0))  # type: ignore[arg-type]
