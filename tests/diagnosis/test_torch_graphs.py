"""Loops that evaluate without `no_grad`: what they ask for belongs to no update."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from tests.diagnosis.test_torch_loops import classes, mlp, primary, watched


def evaluated(records: int, *, noise: float, rests: bool, drop: float = 0.3) -> str:
    """Train on some records and evaluate on others after each epoch, with a graph."""
    with watched() as found:
        x, y = classes(400)
        y = torch.where(torch.rand(400) < noise, 1 - y, y)
        net = mlp(2, drop)
        optimizer = torch.optim.Adam(net.parameters(), lr=2e-2)
        for _ in range(40):
            net.train()
            for i in torch.split(torch.randperm(records), 20):
                optimizer.zero_grad()
                functional.cross_entropy(net(x[i]), y[i]).backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
                optimizer.step()
            net.train(not rests)
            for i in torch.split(torch.arange(200, 400), 20):
                functional.cross_entropy(net(x[i]), y[i]).item()
    assert found[0].loop.batch == 20
    assert found[0].loop.records == records
    return primary(found)


def test_an_evaluation_at_rest_that_keeps_its_graph_is_no_training_at_rest() -> None:
    assert evaluated(200, noise=0.0, rests=True) == "none"


def test_an_evaluation_that_keeps_its_graph_shows_what_was_learnt_by_heart() -> None:
    assert evaluated(40, noise=0.4, rests=False, drop=0.0) == "insufficient_data"


@pytest.mark.parametrize("squared", [True, False])
def test_differences_that_cancel_before_they_are_squared_are_no_loss(squared: bool) -> None:
    with watched() as found:
        x = torch.randn(200, 4)
        net = mlp(1)
        optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
        for i in [*torch.split(torch.randperm(200), 20)] * 6:
            off = net(x[i]) - x[i, :1]
            loss = (off**2).mean() if squared else off.mean() ** 2
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    assert (primary(found) == "wrong_loss") != squared


@pytest.mark.parametrize("alike", [True, False])
def test_units_that_stay_copies_of_each_other_are_named_though_something_is_learnt(
    alike: bool,
) -> None:
    with watched() as found:
        x = torch.randn(200, 4)
        y = x[:, :1] + x[:, 1:2] ** 2
        net = mlp(1)
        if alike:
            for p in net.parameters():
                nn.init.constant_(p, 0.1)
        optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
        for i in [*torch.split(torch.randperm(200), 20)] * 40:
            optimizer.zero_grad()
            functional.mse_loss(net(x[i]), y[i]).backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
            optimizer.step()
    assert primary(found) == ("poor_initialization" if alike else "none")
