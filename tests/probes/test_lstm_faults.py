"""Each fault of an LSTM that happened somewhere is seen by a probe that names it."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional

from harness.probes import Probe
from harness.scenario import Case

DROPOUT = "model.dropout = 0.3"

FAULTS: list[tuple[str, str, dict[str, Any]]] = [
    ("gradient", DROPOUT, {"mask_backward": False}),
    ("reference_steps", "", {"weight_gradient": 2.0}),
    ("layers", "", {"weight_gradient": 2.0}),
    ("gradient", "", {"weight_gradient": 2.0}),
    ("reference_steps", "", {"recurrent_gradient": 0.0}),
    ("gradient", "", {"recurrent_gradient": 0.0}),
    ("reference_steps", "", {"forget_gradient": 0.0}),
    ("gradient", "", {"forget_gradient": 0.0}),
    ("reference_steps", "", {"cell_gradient": 0.8}),
    ("layers", "", {"cell_gradient": 0.8}),
    ("gradient", "", {"cell_gradient": 0.8}),
    ("reference_steps", "", {"between_layers": 0.0}),
    ("gradient", "", {"between_layers": 0.0}),
    ("modes", DROPOUT, {"always_dropout": True}),
    ("modes", DROPOUT, {"same_mask": True}),
    ("modes", DROPOUT, {"no_rescaling": True}),
    ("modes", "", {"leaks": True}),
    ("reference_steps", "", {"leaks": True}),
    ("reference_steps", "", {"stale_for": 4}),
    ("layers", "", {"ignores_state": True}),
    ("reference_steps", "", {"gate": functional.hardsigmoid}),
    ("layers", "", {"gate": functional.hardsigmoid}),
    ("layers", "", {"arithmetic": "tf32"}),
    ("layers", "", {"arithmetic": "bfloat16"}),
    ("reference_steps", "", {"arithmetic": "tf32"}),
]


@pytest.mark.parametrize(("name", "lines", "fault"), FAULTS)
def test_a_fault_of_the_lstm_fails_its_probe(
    make_case: Callable[..., Case],
    ask: Callable[[str, Case], Probe],
    replace_lstm: Callable[..., None],
    name: str,
    lines: str,
    fault: dict[str, Any],
) -> None:
    replace_lstm(**fault)
    assert ask(name, make_case(lines)).status == "fail"


def test_half_precision_that_underflows_fails_the_steps(
    make_case: Callable[..., Case],
    ask: Callable[[str, Case], Probe],
    replace_lstm: Callable[..., None],
) -> None:
    replace_lstm("float16")
    assert ask("reference_steps", make_case()).status == "fail"


def test_an_output_gradient_in_the_wrong_layout_fails_the_steps(
    make_case: Callable[..., Case],
    ask: Callable[[str, Case], Probe],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    original = nn.LSTM.forward

    def transposed(gradient: torch.Tensor) -> torch.Tensor:
        return gradient.transpose(0, 1).reshape(gradient.shape)

    def forward(module: nn.LSTM, *arguments: Any) -> Any:
        outputs, state = original(module, *arguments)
        if outputs.requires_grad:
            outputs.register_hook(transposed)
        return outputs, state

    monkeypatch.setattr(nn.LSTM, "forward", forward)
    for name in ("reference_steps", "gradient", "layers"):
        assert ask(name, make_case()).status == "fail"


SHARED_MASKS = {"timesteps": 0, "units": 1, "records": 2}


@pytest.mark.parametrize("axis", SHARED_MASKS)
def test_a_mask_that_is_shared_along_an_axis_is_caught(
    make_case: Callable[..., Case],
    ask: Callable[..., Probe],
    monkeypatch: pytest.MonkeyPatch,
    axis: str,
) -> None:
    def shared(module: nn.Dropout, x: torch.Tensor) -> torch.Tensor:
        if not module.training:
            return x
        shape = list(x.shape)
        shape[SHARED_MASKS[axis] % x.dim()] = 1
        return x * (torch.rand(shape) >= module.p) / (1 - module.p)

    monkeypatch.setattr(nn.Dropout, "forward", shared)
    assert ask("modes", make_case("model.dropout = 0.3")).status == "fail"


def test_a_mask_between_layers_that_keeps_for_drop_is_caught(
    make_case: Callable[..., Case], ask: Callable[..., Probe], monkeypatch: pytest.MonkeyPatch
) -> None:
    forward = nn.LSTM.forward

    def confused(module: nn.LSTM, *given: Any) -> Any:
        with monkeypatch.context() as local:
            local.setattr(module, "dropout", 1 - module.dropout if module.dropout else 0.0)
            return forward(module, *given)

    monkeypatch.setattr(nn.LSTM, "forward", confused)
    found = ask("modes", make_case("model.dropout = 0.3"))
    assert found.status == "fail"
