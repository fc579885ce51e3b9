"""A report asks the network again: neither the training that goes on nor the screen shows it."""

import random
import warnings
from collections import deque
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn

import harness
from harness.diagnosis.watch.torch_replay import undisturbed


class Stateful(nn.Module):
    """Keeps a state from batch to batch, counts, and draws from generators of its own."""

    scale: torch.Tensor

    def __init__(self, *, after: Callable[[int], None] = lambda _: None) -> None:
        super().__init__()
        self.gru = nn.GRU(2, 4, batch_first=True)
        self.head = nn.Linear(4, 1)
        self.after = after
        self.state: torch.Tensor | None = None
        self.calls = 0
        self.met: list[int] = []
        self.last: deque[float] = deque(maxlen=3)
        self.by_name: dict[str, int] = {}
        self.total = torch.zeros(1)
        self.counts = np.zeros(2)
        self.register_buffer("scale", torch.ones(1), persistent=False)
        self.torch_draws = torch.Generator().manual_seed(0)
        self.numpy_draws = np.random.default_rng(0)
        self.python_draws = random.Random(0)  # noqa: S311 - nothing secret

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        self.after(self.calls)
        self.met.append(len(x))
        self.last.append(self.python_draws.random())
        self.by_name["records"] = self.calls
        self.total += x.detach().mean()
        self.counts[0] += self.numpy_draws.random()
        self.scale *= 1.01
        noise = torch.rand(1, generator=self.torch_draws)
        out, state = self.gru(x, self.state)
        self.state = state.detach()
        return torch.as_tensor(self.head(out[:, -1]) * self.scale + noise)


def setting(
    after: Callable[[int], None] = lambda _: None,
) -> tuple[Stateful, torch.optim.Optimizer]:
    torch.manual_seed(1)
    net = Stateful(after=after)
    return net, torch.optim.Adam(net.parameters(), lr=1e-2)


def epoch(net: nn.Module, optimizer: torch.optim.Optimizer) -> list[float]:
    losses = []
    x = torch.randn(24, 3, 2, generator=torch.Generator().manual_seed(2))
    for batch in torch.split(x, 8):
        loss = nn.functional.mse_loss(net(batch), batch[:, 0, :1])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
        optimizer.step()
        losses.append(loss.item())
    return losses


def test_a_training_with_a_report_after_each_epoch_is_the_same_bit_for_bit() -> None:
    net, optimizer = setting()
    plain = [epoch(net, optimizer) for _ in range(4)]
    again, optimizer = setting()
    reported = []
    for _ in range(4):
        with harness.watch(again, optimizer) as watch:
            reported.append(epoch(again, optimizer))
        watch.report()
    assert plain == reported
    assert (net.calls, net.met, net.last) == (again.calls, again.met, again.last)


def numbers(net: Stateful) -> list[float]:
    return [net.total.item(), float(net.counts[0]), net.scale.item()]


def test_what_a_network_keeps_in_attributes_is_as_before_a_probe() -> None:
    net, optimizer = setting()
    epoch(net, optimizer)
    held, values = vars(net).copy(), numbers(net)
    contents = net.met.copy(), net.last.copy(), net.by_name.copy()
    with undisturbed(net):
        setattr(net, "extra", "only now")  # noqa: B010 - a network may invent an attribute
        net(torch.ones(8, 3, 2))
    assert vars(net) == held
    assert (net.met, net.last, net.by_name) == contents
    assert numbers(net) == values


def test_a_network_that_ends_the_program_in_a_probe_does_not_end_the_report() -> None:
    def refuse(calls: int) -> None:
        if calls > 3:
            raise SystemExit("used up")

    net, optimizer = setting(refuse)
    with harness.watch(net, optimizer) as watch:
        epoch(net, optimizer)
    assert "3 updates" in watch.report()


def test_what_a_network_prints_in_a_probe_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    net, optimizer = setting(lambda calls: print("call", calls))  # noqa: T201 - so it does
    with harness.watch(net, optimizer) as watch:
        epoch(net, optimizer)
    printed = capsys.readouterr().out
    watch.report()
    assert printed.split("\n")[:3] == ["call 1", "call 2", "call 3"]
    assert capsys.readouterr() == ("", "")


def test_what_a_network_warns_of_in_a_probe_is_not_told() -> None:
    def warn(calls: int) -> None:
        if calls > 3:
            warnings.warn("deprecated", stacklevel=1)

    net, optimizer = setting(warn)
    with harness.watch(net, optimizer) as watch:
        epoch(net, optimizer)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        watch.report()
    assert told == []


def test_each_report_tells_of_all_updates_so_far_and_is_made_once() -> None:
    net, optimizer = setting()
    with harness.watch(net, optimizer) as watch:
        for updates in range(3, 37, 3):
            epoch(net, optimizer)
            assert f" {updates} updates" in watch.report()
    assert watch.diagnosis is watch.diagnosis
