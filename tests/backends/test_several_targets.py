"""Targets of several values or labels: a head that is as wide, and the mean over all of them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from harness.backends.base import get
from harness.backends.torch.eager import Eager
from harness.probes import probe
from harness.scenario import Case, load
from tests.backends.small_cases import assert_same_record, case_of, in_dtype, silent

RMSE = '[converged]\nmetric = "rmse"'
KINDS = ("values", "labels", "steps", "ends")


@pytest.fixture(params=KINDS)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 3, 2))
    sums = x.cumsum(axis=1)
    y = {"values": sums[:, -1], "labels": (sums[:, -1] > 0).astype(int)}
    arrays: dict[str, Any] = {"x": x, "y": y.get(request.param, sums)}
    if request.param == "ends":
        arrays["lengths"] = 1 + np.arange(40) % 3
    np.savez(tmp_path / "d.npz", **arrays)
    lines = {
        "values": '[converged]\nmetric = "r2"',
        "labels": '[training]\nloss = "bce"\n[converged]\nmetric = "accuracy"',
    }
    of_steps = request.param in ("steps", "ends")
    (tmp_path / "case.toml").write_text(
        f'question = "?"\n{lines.get(request.param, RMSE)}\nat_least = 1\n[data]\nfile = "d.npz"\n'
        "validation_records = 9\n"
        + ('targets = "each_step"\n' if of_steps else "")
        + "[model]\nunits = [4, 4]\n"
        '[[case]]\nname = "a"\nexpect = "fails"\ntraining.epochs = 3\ntraining.batch_size = 16\n'
    )
    return load(tmp_path / "case.toml", "case").cases[0]


def test_the_loss_is_the_mean_over_all_numbers(case: Case) -> None:
    with Eager().open(case, [0], "cpu") as run:
        batch = run.batches(0)[0]
        outputs, y = run.model(run.x[batch]), run.y[batch].float()
        found = run.loss_of(outputs, run.y[batch])
        there = ~y.isnan()
        outputs, y = outputs[there], y[there]
    label = case.training.loss == "bce"
    formula = functional.binary_cross_entropy_with_logits if label else functional.mse_loss
    torch.testing.assert_close(found, formula(outputs, y))


def test_the_metric_is_the_mean_over_the_numbers_of_a_target(case: Case) -> None:
    with Eager().open(case, [0], "cpu") as run:
        run.train(silent)
        with torch.no_grad():
            outputs = run.model.eval()(run.x).flatten(0, -2).numpy()
        y = run.y.flatten(0, -2).numpy()
        there = ~np.isnan(y).any(axis=1)
        outputs, y = outputs[there], y[there]
        found = run.recorder.evaluations[-1][1]
    match case.converged.metric:
        case "accuracy":
            expected = ((outputs > 0) == y).mean()
        case "rmse":
            expected = np.sqrt(((outputs - y) ** 2).mean(axis=0)).mean()
        case _:
            expected = (1 - ((outputs - y) ** 2).mean(axis=0) / y.var(axis=0)).mean()
    assert found == pytest.approx(expected, rel=1e-5)


def test_every_probe_is_made_and_silent(case: Case) -> None:
    found = probe(case, get("eager"), "cpu", "fast")
    assert {each.name: each.sentence for each in found if each.status != "pass"} == {}


def test_the_ensemble_equals_eager_seed_by_seed(case: Case) -> None:
    case = in_dtype(case, "float64")
    ours, theirs = (get(b).train(case, [0, 3], "cpu", silent) for b in ("ensemble", "eager"))
    for one, other in zip(ours, theirs, strict=True):
        assert_same_record(one, other, 1e-9)


@pytest.mark.slow
def test_every_probe_of_the_ensemble_is_made_and_silent(case: Case) -> None:
    found = probe(case, get("ensemble"), "cpu", "fast")
    assert {each.name: each.sentence for each in found if each.status != "pass"} == {}


@pytest.mark.slow
def test_keras_equals_eager_to_rounding(case: Case) -> None:
    keras = get("keras")
    if reason := keras.unavailable("cpu"):
        pytest.skip(reason)
    assert keras.unsupported(case) is None
    ours, theirs = (get(b).train(case, [0, 3], "cpu", silent) for b in ("keras", "eager"))
    for one, other in zip(ours, theirs, strict=True):
        assert not one.message
        np.testing.assert_allclose(one.first_losses, other.first_losses, rtol=2e-5)
        np.testing.assert_allclose(one.train_metric, other.train_metric, atol=2e-5)
        np.testing.assert_allclose(one.gradient_norm, other.gradient_norm, rtol=1e-3)


def test_keras_says_that_it_weighs_no_label_of_several() -> None:
    weighted = case_of(
        {"task": "themes"}, {"embedding": 3}, {"loss": "bce", "class_weights": (1.0, 2.0)}
    )
    assert "not each label of several" in str(get("keras").unsupported(weighted))
