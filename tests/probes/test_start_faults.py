"""Each fault of the starting weights fails the probe of initialisation."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from harness.backends.torch import eager
from harness.initial import Weights, draw
from harness.probes import Probe
from harness.probes.opened import initialisation
from harness.scenario import Case

Make = Callable[..., Case]
Ask = Callable[[str, Case], Probe]

NUMPY_INITS = ["keras", "torch", "xavier", "he", "orthogonal", "normal", "constant"]


def patch_draw(monkeypatch: pytest.MonkeyPatch, fault: Callable[[Weights], Weights]) -> None:
    def faulty(*arguments: Any) -> Weights:
        return fault(draw(*arguments))

    monkeypatch.setattr(eager, "draw", faulty)
    monkeypatch.setattr(initialisation, "draw", faulty)


@pytest.mark.parametrize("init", NUMPY_INITS)
def test_drawn_weights_20_percent_too_small_fail(
    make_case: Make, ask: Ask, monkeypatch: pytest.MonkeyPatch, init: str
) -> None:
    patch_draw(monkeypatch, lambda w: {k: v * 0.8 if "weight" in k else v for k, v in w.items()})
    assert ask("initialisation", make_case(f"model.init = '{init}'")).status == "fail"


def test_a_forget_bias_in_the_wrong_slice_fails(
    make_case: Make, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    patch_draw(
        monkeypatch, lambda w: {k: np.roll(v, 32) if "bias" in k else v for k, v in w.items()}
    )
    assert ask("initialisation", make_case()).status == "fail"


@pytest.mark.parametrize("init", ["keras", "torch", "xavier", "he", "orthogonal", "normal"])
def test_layers_drawn_alike_fail(
    make_case: Make, ask: Ask, monkeypatch: pytest.MonkeyPatch, init: str
) -> None:
    patch_draw(monkeypatch, lambda w: w | {"lstm.1.weight_hh": w["lstm.0.weight_hh"]})
    assert ask("initialisation", make_case(f"model.init = '{init}'")).status == "fail"


@pytest.mark.parametrize("fault", ["small", "same seed"])
def test_a_wrong_reset_of_the_frameworks_own_layer_fails(
    make_case: Make, ask: Ask, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    original = nn.init.uniform_

    def faulty(tensor: torch.Tensor, a: float = 0.0, b: float = 1.0) -> torch.Tensor:
        if fault == "same seed":
            torch.manual_seed(5)
            return original(tensor, a, b)
        return original(tensor, 0.8 * a, 0.8 * b)

    monkeypatch.setattr(nn.init, "uniform_", faulty)
    assert ask("initialisation", make_case("model.init = 'module'")).status == "fail"


def test_an_initialiser_that_a_users_model_may_call_fails(
    make_case: Make, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = nn.init.orthogonal_
    monkeypatch.setattr(nn.init, "orthogonal_", lambda w: original(w, gain=0.9))
    assert ask("initialisation", make_case("model.init = 'module'")).status == "fail"
