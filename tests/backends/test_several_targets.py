"""Targets of several values or labels: a head that is as wide, and the mean over all of them."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from harness.backends.base import get
from harness.backends.torch.eager import Eager
from harness.probes import probe
from harness.scenario import Case, load
from tests.backends.small_cases import silent

KINDS = ("values", "labels", "steps")


@pytest.fixture(params=KINDS)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 3, 2))
    sums = x.cumsum(axis=1)
    y = {"values": sums[:, -1], "labels": (sums[:, -1] > 0).astype(int), "steps": sums}
    np.savez(tmp_path / "d.npz", x=x, y=y[request.param])
    lines = {
        "values": '[converged]\nmetric = "r2"',
        "labels": '[training]\nloss = "bce"\n[converged]\nmetric = "accuracy"',
        "steps": '[converged]\nmetric = "rmse"',
    }
    (tmp_path / "case.toml").write_text(
        f'question = "?"\n{lines[request.param]}\nat_least = 1\n[data]\nfile = "d.npz"\n'
        "validation_records = 9\n"
        + ('targets = "each_step"\n' if request.param == "steps" else "")
        + "[model]\nunits = [4, 4]\n"
        '[[case]]\nname = "a"\nexpect = "fails"\ntraining.epochs = 3\ntraining.batch_size = 16\n'
    )
    return load(tmp_path / "case.toml", "case").cases[0]


def test_the_loss_is_the_mean_over_all_numbers(case: Case) -> None:
    with Eager().open(case, [0], "cpu") as run:
        batch = run.batches(0)[0]
        outputs, y = run.model(run.x[batch]), run.y[batch].float()
        found = run.loss_of(outputs, run.y[batch])
    label = case.training.loss == "bce"
    formula = functional.binary_cross_entropy_with_logits if label else functional.mse_loss
    torch.testing.assert_close(found, formula(outputs, y))


def test_the_metric_is_the_mean_over_the_numbers_of_a_target(case: Case) -> None:
    with Eager().open(case, [0], "cpu") as run:
        run.train(silent)
        with torch.no_grad():
            outputs = run.model.eval()(run.x).flatten(0, -2).numpy()
        y = run.y.flatten(0, -2).numpy()
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


def test_the_ensemble_refuses_them(case: Case) -> None:
    assert "several" in str(get("ensemble").unsupported(case))
