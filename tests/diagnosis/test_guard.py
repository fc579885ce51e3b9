"""An exception of ours stays with us, and what else was seen is diagnosed all the same."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

import harness
from harness.diagnosis import diagnose
from harness.diagnosis.facts import Facts
from harness.diagnosis.guard import Guard
from harness.diagnosis.observations import Observations
from harness.diagnosis.watch import torch_functions, torch_observe
from harness.diagnosis.watch.hidden_state import HiddenState
from harness.diagnosis.watch.torch_recorder import Recorder
from harness.diagnosis.watch.torch_updates import Updates


def broken(*args: Any, **kwargs: Any) -> Any:
    raise ZeroDivisionError("ours")


def train() -> tuple[str, list[float]]:
    """A training that never sets its gradients to zero, as an LSTM and a loss make it."""
    torch.manual_seed(0)
    x = torch.randn(60, 4, 2)
    lstm, head = nn.LSTM(2, 5, batch_first=True), nn.Linear(5, 1)
    net = nn.ModuleList([lstm, head])
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    losses = []
    with harness.watch(net, optimizer) as watch:
        for _ in range(6):
            out = head(torch.relu(lstm(x)[0][:, -1]))
            loss = nn.functional.mse_loss(out, x[:, :1, 0])
            loss.backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.item())
    return watch.primary, losses


PLACES = [
    (Recorder, "_outermost"),
    (HiddenState, "begins"),
    (HiddenState, "ends"),
    (torch_functions, "_note_bounds"),
    (torch_observe, "layers"),
    (torch_observe, "parameters"),
    (torch_observe, "order"),
    (torch_observe, "alternatives"),
    (torch_observe, "Replay"),
    (Facts, "learnable"),
]


@pytest.mark.parametrize(("owner", "name"), PLACES)
def test_whatever_of_ours_raises_the_mistake_is_named_and_the_losses_are_the_same(
    owner: Any, name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    plain = train()
    monkeypatch.setattr(owner, name, property(broken) if owner is Facts else broken)
    assert plain[0] == "stale_gradients"
    assert train() == plain
    assert "ZeroDivisionError: ours" in capfd.readouterr().err


@pytest.mark.parametrize("name", ["before_step", "after_step", "backward_begins"])
def test_a_hook_that_raises_is_told_in_one_line_and_the_loop_goes_on(
    name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    plain = train()[1]
    capfd.readouterr()
    monkeypatch.setattr(Updates, name, broken)
    assert train()[1] == plain
    told = capfd.readouterr().err.splitlines()
    assert len(told) == 1
    assert "ZeroDivisionError: ours" in told[0]


def test_if_everything_fails_the_loss_curve_still_reaches_the_engine(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(torch_observe, "_observe", broken)
    assert train()[0] in {"none", "too_few_epochs"}
    assert "could not watch" in capfd.readouterr().err


def test_a_cause_that_raises_does_not_take_the_others_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = Observations(losses=torch.tensor([1.0, 0.5, 0.2]).double().numpy())
    monkeypatch.setattr("harness.diagnosis.engine.FAMILIES", ((broken,),))
    assert diagnose(seen).primary == "none"


def test_a_guard_tells_of_each_place_once_in_a_line_and_lets_interrupts_pass(
    capfd: pytest.CaptureFixture[str],
) -> None:
    guard = Guard()

    def long() -> int:
        raise ValueError("several\nlines " + "x" * 1000)

    assert [guard.ask(7, long) for _ in range(3)] == [7, 7, 7]
    told = capfd.readouterr().err
    assert told.count("\n") == 1
    assert len(told) < 300

    def stop() -> None:
        raise KeyboardInterrupt

    passes: Callable[[], None] = stop
    with pytest.raises(KeyboardInterrupt):
        guard.ask(None, passes)
