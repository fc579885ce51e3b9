"""Between close looks hardly anything is listened to, and nothing that is told changes by it."""

import copy
import pickle

import pytest
import torch
from torch import nn
from torch.nn.modules import module as module_hooks

import harness
from harness.diagnosis.observations import Observations
from harness.diagnosis.watch.torch_observe import observe
from harness.diagnosis.watch.torch_recorder import Recorder

FIRST = 16
"""Updates that are all looked at closely."""


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(1, 4, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.as_tensor(self.head(self.drop(self.lstm(x)[0][:, -1])))


def hooked() -> bool:
    return bool(module_hooks._global_forward_hooks)


class Loop:
    """A training whose first record is spoilt at one update, if asked for."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.net = Net()
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=1e-2)
        self.x = torch.randn(8, 3, 1)
        self.y = torch.randint(0, 2, (8,))
        self.listened: list[bool] = []

    def run(self, steps: int, spoilt: int | None = None) -> None:
        for step in range(steps):
            x = self.x.clone()
            if step == spoilt:
                x[5, 0] = torch.nan
            self.listened.append(hooked())
            loss = nn.functional.cross_entropy(self.net(x), self.y)
            self.optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
            self.optimizer.step()


def seen(recorder: Recorder) -> Observations:
    return observe(recorder, recorder.made.trainings[0], {})


def test_modules_are_listened_to_at_close_looks_only() -> None:
    loop = Loop()
    with harness.watch(loop.net, loop.optimizer, every=5):
        loop.run(40)
    assert all(loop.listened[:FIRST])
    assert sum(loop.listened[FIRST:]) == 5


def test_what_is_seen_of_losses_rates_and_modes_is_the_same_as_at_close_looks() -> None:
    found = []
    for every in (1, 10):
        loop = Loop()
        with Recorder(every=every, order=False, model=loop.net) as recorder:
            loop.run(30)
            loop.net.eval()
            loop.run(20)
        found.append(seen(recorder))
    assert found[0].losses.tolist() == found[1].losses.tolist()
    assert found[0].objective.tolist() == found[1].objective.tolist()
    assert found[0].optimizer.rates == found[1].optimizer.rates
    assert found[0].loop.in_eval == found[1].loop.in_eval == pytest.approx(0.4)


def test_the_first_value_that_is_not_finite_is_found_in_its_record_between_close_looks() -> None:
    loop = Loop()
    with Recorder(every=10, order=False, model=loop.net) as recorder:
        loop.run(30, spoilt=24)
    assert not loop.listened[24]
    bad = seen(recorder).non_finite
    assert bad is not None
    assert (bad.step, bad.place, bad.where) == (24, "input", "record 5 of the batch")


def test_an_evaluation_between_close_looks_is_seen_with_its_loss() -> None:
    loop = Loop()
    with Recorder(every=100, order=False, model=loop.net) as recorder:
        loop.run(20)
        assert not hooked()
        with torch.no_grad():
            nn.functional.cross_entropy(loop.net(loop.x + 1), loop.y)
        assert hooked()
        loop.run(2)
        assert not hooked()
    assert len(recorder.scores.evaluations) == 1
    assert seen(recorder).validation_losses.shape == (1,)


def test_a_second_optimizer_and_a_loss_by_hand_are_listened_to_all_the_time() -> None:
    loop = Loop()
    other = nn.Linear(1, 1)
    second = torch.optim.SGD(other.parameters(), lr=0.1)
    with Recorder(every=100, order=False, model=loop.net) as recorder:
        loop.run(20)
        (other(torch.ones(2, 1)) ** 2).mean().backward()
        second.step()
        loop.run(3)
    assert all(loop.listened[-2:])
    assert len(recorder.made.trainings) == 2


def test_gradients_that_are_never_zeroed_are_noticed_at_close_looks() -> None:
    loop = Loop()
    loop.optimizer.zero_grad = lambda set_to_none=True: None  # type: ignore[method-assign]  # forgotten
    with harness.watch(loop.net, loop.optimizer) as watch:
        loop.run(60)
    assert watch.primary == "stale_gradients"


def test_a_network_that_is_watched_can_be_copied_and_stored_and_its_copies_are_free() -> None:
    loop = Loop()
    with harness.watch(loop.net, loop.optimizer, every=100) as watch:
        loop.run(20)
        copied = copy.deepcopy(loop.net)
        assert pickle.dumps(loop.net)
        copied(loop.x)
        loop.run(1)
    assert watch.diagnosis.seen.startswith("21 updates")
    assert "__call__" not in vars(Net)
    assert not hooked()
