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
from tests.backends.small_cases import case_of, in_dtype, silent

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


@pytest.mark.parametrize("case", [TAGS, WORDS], ids=["lengths", "embedding"])
def test_what_is_not_batched_is_refused_with_a_reason(case: Case) -> None:
    assert get("ensemble").unsupported(case)


@pytest.mark.slow
def test_the_compiled_model_equals_eager_to_rounding() -> None:
    compiled = get("compiled")
    if reason := compiled.unavailable("cpu"):
        pytest.skip(reason)
    [ours] = compiled.train(WORDS, [0], "cpu", silent)
    [theirs] = Eager().train(WORDS, [0], "cpu", silent)
    assert not ours.message
    np.testing.assert_allclose(ours.first_losses, theirs.first_losses, rtol=2e-5)
