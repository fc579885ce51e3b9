"""Every loss trains on every backend as in the reference, seed by seed, or is refused."""

from typing import Any

import numpy as np
import pytest
import torch

from harness.backends.base import get
from harness.backends.ensemble.loss import BatchedLoss
from harness.probes import probe
from harness.reference import Reference
from harness.scenario import Case
from tests.backends.small_cases import TOLERANCE, assert_same_record, case_of, in_dtype, silent

RARE = {"task": "mean_threshold", "positive_rate": 0.3}
VALUES = {"task": "mean_value"}
LOSSES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "cross_entropy": (RARE, {"loss": "cross_entropy"}),
    "smoothed": (RARE, {"label_smoothing": 0.2}),
    "weights": (RARE, {"class_weights": (1.0, 3.0)}),
    "smoothed_weights": (RARE, {"label_smoothing": 0.2, "class_weights": (1.0, 3.0)}),
    "bce": (RARE, {"loss": "bce"}),
    "bce_balanced": (RARE, {"loss": "bce", "class_weights": "balanced"}),
    "bce_each_step": ({"task": "running_sign", "targets": "each_step"}, {"loss": "bce"}),
    "mse": (VALUES, {"loss": "mse"}),
    "mae": (VALUES, {"loss": "mae"}),
    # seed 0 has as many errors above as below in its first batch: the head's bias has a gradient of
    # rounding alone, which Adam's usual epsilon makes a step of
    "mae_each_step": (
        {"task": "running_mean", "targets": "each_step"},
        {"loss": "mae", "epsilon": 1e-3},
    ),
    "huber": (VALUES, {"loss": "huber"}),
    "huber_delta": (VALUES, {"loss": "huber", "huber_delta": 0.3}),
}
SEEDS = [0, 3]


def declared(name: str, dtype: str = "float32") -> Case:
    data, training = LOSSES[name]
    return in_dtype(case_of(data, training=training), dtype)


@pytest.mark.parametrize("name", LOSSES)
def test_twenty_steps_of_a_loss_equal_the_reference(name: str) -> None:
    case = declared(name, "float64")
    for seed, history in zip(SEEDS, get("eager").train(case, SEEDS, "cpu", silent), strict=True):
        trace = Reference(case, seed).train(21)
        assert not history.message
        np.testing.assert_allclose(history.first_losses, trace.losses[:20], 1e-10)
        np.testing.assert_allclose(history.gradient_norm, trace.gradient_norms[2::3], 1e-9)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", LOSSES)
def test_the_ensemble_trains_a_loss_as_eager_does(name: str, dtype: str) -> None:
    case = declared(name, dtype)
    ours, theirs = (get(b).train(case, SEEDS, "cpu", silent) for b in ("ensemble", "eager"))
    for one, other in zip(ours, theirs, strict=True):
        assert not one.message
        assert_same_record(one, other, 100 * TOLERANCE[dtype])


@pytest.mark.slow
@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("backend", ["compiled", "keras"])
def test_other_backends_train_a_loss_as_eager_does(name: str, backend: str) -> None:
    case, trained = declared(name), get(backend)
    if missing := trained.unavailable("cpu"):
        pytest.skip(missing)
    if name == "smoothed_weights" and backend == "keras":
        assert "a smoothed label" in str(trained.unsupported(case))
        return
    assert trained.unsupported(case) is None
    for one, other in zip(
        trained.train(case, SEEDS, "cpu", silent),
        get("eager").train(case, SEEDS, "cpu", silent),
        strict=True,
    ):
        assert not one.message
        np.testing.assert_allclose(one.first_losses, other.first_losses, atol=5e-6)
        np.testing.assert_allclose(one.train_loss, other.train_loss, atol=5e-6)
        np.testing.assert_allclose(one.gradient_norm, other.gradient_norm, rtol=1e-3)


@pytest.mark.parametrize("backend", ["eager", "ensemble"])
@pytest.mark.parametrize("name", LOSSES)
def test_probes_of_a_loss_are_made_and_silent(name: str, backend: str) -> None:
    asked = ("loss", "reference_steps", "gradient")
    found = probe(declared(name), get(backend), "cpu", "fast", {}, asked)
    assert {each.status for each in found} == {"pass"}, found


@pytest.mark.parametrize("name", ["cross_entropy", "bce", "mse", "mae", "huber"])
@pytest.mark.parametrize("weighted", [False, True])
def test_a_batched_gradient_equals_that_of_its_loss(name: str, *, weighted: bool) -> None:
    torch.manual_seed(0)
    classes = name in ("cross_entropy", "bce")
    width = 3 if name == "cross_entropy" else 1
    weights = torch.rand(2, max(width, 2)).double() if weighted and classes else None
    loss = BatchedLoss(name, weights, smoothing=0.3 if width > 1 else 0.0, delta=0.5)
    outputs = 3 * torch.randn(2, width, 7).double()
    targets = torch.randint(0, max(width, 2), (2, 7)) if classes else torch.randn(2, 7).double()
    free = outputs.clone().requires_grad_()
    (expected,) = torch.autograd.grad(loss.value(free, targets).sum(), free)
    torch.testing.assert_close(loss.gradient(outputs, targets), expected)


def test_one_logit_of_a_sure_answer_stays_finite() -> None:
    loss = BatchedLoss("bce")
    values = loss.value(torch.tensor([[[800.0, -800.0]]]), torch.tensor([[0, 1]]))
    assert values.tolist() == [800.0]


def test_one_logit_answers_two_classes_by_its_sign() -> None:
    (history,) = get("eager").train(
        case_of(
            {"records": 200},
            training={"loss": "bce", "learning_rate": 0.05, "epochs": 12},
            converged={"metric": "accuracy", "at_least": 0.95},
        ),
        [0],
        "cpu",
        silent,
    )
    assert history.stopped == "converged"


@pytest.mark.parametrize("backend", ["eager", "ensemble"])
def test_skill_is_measured_against_the_best_guess_of_each_set(backend: str) -> None:
    walk = {"task": "random_walk", "timesteps": 12, "records": 60, "validation_records": 50}
    rule = {"on": "validation", "at_least": 1e9}
    skilled, rooted = (
        get(backend).train(case_of(walk, converged={"metric": metric} | rule), [0], "cpu", silent)[
            0
        ]
        for metric in ("skill", "rmse")
    )
    assert rooted.guess is not None
    assert rooted.guess.by == "the last value"
    expected = 1 - rooted.validation_metric / rooted.guess.value
    np.testing.assert_allclose(skilled.validation_metric, expected, atol=1e-12)
    assert skilled.skill(case_of(converged=rule | {"metric": "skill"}).converged) == expected[-1]
