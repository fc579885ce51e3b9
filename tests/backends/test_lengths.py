"""Records that end early: what lies beyond their end changes nothing, and counts for nothing."""

from typing import Any

import numpy as np
import pytest
import torch

from harness.backends.base import get
from harness.backends.torch.eager import Eager
from harness.backends.torch.network import Network
from harness.dataset import build
from harness.dataset.padding import IGNORED, lengths_of, present
from harness.initial import draw
from harness.probes import probe
from harness.reference import Reference
from harness.scenario import Case, Model
from tests.backends.small_cases import (
    TOLERANCE,
    assert_same_record,
    case_of,
    in_dtype,
    silent,
)

PADDED = {"timesteps": 5, "lengths": (1, 5)}
TAGS = case_of(data={"task": "running_sign"} | PADDED)
LAST = case_of(
    data={"task": "running_mean", "targets": "last"} | PADDED, model={"bidirectional": True}
)
GRU = case_of(data={"task": "running_mean"} | PADDED, model={"kind": "gru", "units": (4, 3)})
NAMED = case_of(
    data={"task": "running_mean"} | PADDED,
    model={"bidirectional": True, "gate_activation": "hard_sigmoid"},
)
WORDS = case_of(
    data={"task": "tagging"} | PADDED,
    model={"embedding": 3, "bidirectional": True},
    training={"class_weights": "balanced"},
)
CASES = {"tags": TAGS, "last": LAST, "gru": GRU, "named": NAMED, "words": WORDS}


def padded(task: str, model: dict[str, Any] | None = None, **training: Any) -> Case:
    """Return a case whose targets are at each step."""
    metric = {"metric": "rmse" if task == "running_mean" else "accuracy", "at_least": None}
    return case_of({"task": task} | PADDED, model, training, metric | {"at_most": -1.0, "hold": 8})


SHARED = CASES | {
    "mae": padded("running_mean", loss="mae", epsilon=1e-3),
    "huber": padded("running_mean", {"bidirectional": True}, loss="huber", huber_delta=0.3),
    "bce": padded("running_sign", loss="bce"),
    "bce_weights": padded("running_sign", {"kind": "gru"}, loss="bce", class_weights=(1.0, 3.0)),
    "smoothed": padded("running_sign", label_smoothing=0.2),
    "last_words": case_of(
        {"task": "tagging", "targets": "last"} | PADDED,
        {"embedding": 3, "bidirectional": True, "kind": "gru", "units": (4, 3)},
    ),
    "unpadded_words": case_of({"task": "bag_of_tokens"}, {"embedding": 3}),
}
"""What all backends train; those of a step's loss are over the steps that are there."""

MODELS = [
    {"units": (4, 4)},
    {"units": (4, 3)},
    {"units": (4, 4), "bidirectional": True},
    {"units": (4, 3), "kind": "gru", "bidirectional": True},
    {"units": (4,), "kind": "rnn", "gate_activation": "sigmoid"},
    {"units": (4, 3), "gate_activation": "hard_sigmoid", "bidirectional": True},
]


def as_one_by_one(model: Network, x: torch.Tensor) -> list[torch.Tensor]:
    """Return what a network that knows no padding answers to each record, cut to its length."""
    model.padded = False
    answers = [model(record[None, : int(n)])[0] for record, n in zip(x, lengths(x), strict=True)]
    model.padded = True
    return answers


def lengths(x: torch.Tensor) -> Any:
    return lengths_of(x.numpy())


SLOW_BUT_ONE = [
    pytest.param(name, marks=[] if name == "words" else pytest.mark.slow) for name in CASES
]


@pytest.mark.parametrize("each_step", [True, False])
@pytest.mark.parametrize("declared", MODELS, ids=str)
def test_a_record_is_answered_as_if_it_were_alone_and_as_long_as_it_is(
    declared: dict[str, Any], each_step: bool
) -> None:
    model = Model.model_validate(declared)
    network = Network(model, 1, 2, each_step=each_step, padded=True).double()
    network.start_from(draw(model.model_copy(update={"init": "torch"}), 1, 2, 0))
    x = torch.from_numpy(build(TAGS, 0).x)
    together = network(x)
    for answer, alone, n in zip(together, as_one_by_one(network, x), lengths(x), strict=True):
        torch.testing.assert_close(answer[: int(n)] if each_step else answer, alone)


@pytest.mark.parametrize("name", CASES)
def test_losses_and_weights_are_those_of_the_reference(name: str) -> None:
    case = in_dtype(CASES[name], "float64")
    [history] = Eager().train(case, [0], "cpu", silent)
    trace = Reference(case, 0).train(20)
    np.testing.assert_allclose(history.first_losses, trace.losses, rtol=1e-9)


def test_every_length_occurs_and_the_last_target_is_that_of_the_last_step() -> None:
    steps, last = build(TAGS, 0), build(CASES["last"], 0)
    assert set(lengths_of(steps.x)) == {1, 2, 3, 4, 5}
    assert np.array_equal(present(steps.y).sum(axis=1), lengths_of(steps.x))
    assert steps.y.min() == IGNORED
    means = np.nanmean(last.x[..., 0], axis=1)
    np.testing.assert_allclose(last.y, means)


def test_normalisation_is_fitted_on_what_is_there() -> None:
    data = build(case_of(data={"task": "running_sign", "normalize": "standard"} | PADDED), 0)
    assert np.nanmean(data.x) == pytest.approx(0, abs=1e-12)
    assert np.nanstd(data.x) == pytest.approx(1)


@pytest.mark.parametrize("name", CASES)
def test_every_probe_is_made_and_silent(name: str) -> None:
    found = probe(CASES[name], get("eager"), "cpu", "fast")
    assert {each.name: each.sentence for each in found if each.status != "pass"} == {}


@pytest.mark.parametrize("dtype", [pytest.param("float32", marks=pytest.mark.slow), "float64"])
@pytest.mark.parametrize("name", SHARED)
def test_the_ensemble_equals_eager_seed_by_seed(name: str, dtype: str) -> None:
    case, seeds = in_dtype(SHARED[name], dtype), [0, 3]
    ours, theirs = (get(b).train(case, seeds, "cpu", silent) for b in ("ensemble", "eager"))
    for one, other in zip(ours, theirs, strict=True):
        assert_same_record(one, other, 100 * TOLERANCE[dtype])


@pytest.mark.parametrize("name", SLOW_BUT_ONE)
def test_every_probe_of_the_ensemble_is_made_and_silent(name: str) -> None:
    found = probe(CASES[name], get("ensemble"), "cpu", "fast")
    assert {each.name: each.sentence for each in found if each.status != "pass"} == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", SHARED)
def test_keras_equals_eager_to_rounding(name: str) -> None:
    keras, case = get("keras"), SHARED[name]
    if reason := keras.unavailable("cpu") or keras.unsupported(case):
        pytest.skip(reason)
    ours, theirs = (get(b).train(case, [0, 3], "cpu", silent) for b in ("keras", "eager"))
    for one, other in zip(ours, theirs, strict=True):
        assert (one.message, one.layers) == ("", other.layers)
        np.testing.assert_allclose(one.first_losses, other.first_losses, atol=5e-6)
        np.testing.assert_allclose(one.train_loss, other.train_loss, atol=5e-6)
        np.testing.assert_allclose(one.validation_metric, other.validation_metric, atol=5e-6)
        np.testing.assert_allclose(one.gradient_norm, other.gradient_norm, rtol=1e-3)
        np.testing.assert_allclose(one.update_ratio, other.update_ratio, rtol=1e-2)


@pytest.mark.slow
def test_the_compiled_model_equals_eager_to_rounding() -> None:
    compiled = get("compiled")
    if reason := compiled.unavailable("cpu"):
        pytest.skip(reason)
    [ours] = compiled.train(WORDS, [0], "cpu", silent)
    [theirs] = Eager().train(WORDS, [0], "cpu", silent)
    assert not ours.message
    np.testing.assert_allclose(ours.first_losses, theirs.first_losses, rtol=2e-5)
