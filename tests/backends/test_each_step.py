"""Targets at each step: every backend trains on the mean over all steps, and measures over them."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from harness.backends.base import get
from harness.backends.torch.eager import Eager
from harness.backends.torch.network import Network
from harness.dataset import build
from harness.initial import draw
from harness.probes import probe
from harness.scenario import Case
from tests.backends.small_cases import assert_same_record, case_of, in_dtype, silent

TAGGED = case_of(data={"task": "running_sign", "records": 21})
AVERAGED = case_of(data={"task": "running_mean"}, model={"units": (4, 3)})
WEIGHTED = case_of(
    data={"task": "running_sign", "jitter": 0.1, "jitter_copies": 1},
    model={"init": "torch"},
    training={"class_weights": "balanced", "optimizer": "sgd", "learning_rate": 0.1},
    converged={"metric": "balanced_accuracy", "at_least": 1.0, "hold": 8},
)
CASES = {"classes": TAGGED, "values": AVERAGED, "weights": WEIGHTED}


@pytest.mark.parametrize("name", CASES)
def test_the_first_loss_is_the_mean_over_all_steps_of_the_batch(name: str) -> None:
    case = in_dtype(CASES[name], "float64")
    data, model = build(case, 3), Network(case.model, 1, 2 if name != "values" else 1).double()
    model.start_from(draw(case.model, 1, data.outputs, 3))
    with Eager().open(case, [3], "cpu") as run:
        batch = run.batches(0)[0].numpy()
    hidden = torch.from_numpy(data.x[batch])
    for layer in model.recurrent:
        hidden = layer(hidden)[0]
    answers, targets = model.head(hidden).flatten(0, 1), torch.from_numpy(data.y[batch]).flatten()
    if name == "values":
        expected = functional.mse_loss(answers[:, 0], targets)
    else:
        weights = None if data.class_weights is None else torch.from_numpy(data.class_weights)
        expected = functional.cross_entropy(answers, targets, weights)
    [history] = Eager().train(case, [3], "cpu", silent)
    assert history.first_losses[0] == pytest.approx(expected.item(), rel=1e-12)


def test_accuracy_is_the_share_of_all_steps() -> None:
    accuracy = {"metric": "accuracy", "at_least": 1.0, "hold": 8}
    case = case_of(data={"task": "running_sign"}, converged=accuracy)
    [history] = Eager().train(case, [0], "cpu", silent)
    steps = history.train_metric * build(case, 0).y.size
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-9)
    assert 0.7 < history.train_metric[-1] < 1


@pytest.mark.parametrize("name", CASES)
def test_the_ensemble_equals_eager_seed_by_seed(name: str) -> None:
    case = in_dtype(CASES[name], "float64")
    seeds = [0, 1, 2]
    for ours, theirs in zip(
        get("ensemble").train(case, seeds, "cpu", silent),
        Eager().train(case, seeds, "cpu", silent),
        strict=True,
    ):
        assert_same_record(ours, theirs, 1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("backend", ["compiled", "keras"])
def test_other_backends_equal_eager_to_rounding(backend: str, name: str) -> None:
    other, case = get(backend), CASES[name]
    if reason := other.unavailable("cpu") or other.unsupported(case):
        pytest.skip(reason)
    ours, theirs = (each.train(case, [0, 1], "cpu", silent) for each in (other, Eager()))
    for one, two in zip(ours, theirs, strict=True):
        assert not one.message
        np.testing.assert_allclose(one.first_losses, two.first_losses, rtol=2e-5)
        np.testing.assert_allclose(one.train_metric, two.train_metric, rtol=2e-5)


@pytest.mark.parametrize("backend", ["eager", "ensemble"])
@pytest.mark.parametrize("case", [TAGGED, AVERAGED], ids=["classes", "values"])
def test_every_probe_is_made_and_silent(backend: str, case: Case) -> None:
    found = probe(case, get(backend), "cpu", "fast")
    assert {each.name: each.sentence for each in found if each.status != "pass"} == {}


def test_dropout_of_the_ensemble_has_a_mask_for_each_step() -> None:
    case = in_dtype(case_of(data={"task": "running_sign"}, model={"dropout": 0.5}), "float64")
    found = probe(case, get("ensemble"), "cpu", "fast", names=["gradient", "modes"])
    assert [each.status for each in found] == ["pass", "pass"]
