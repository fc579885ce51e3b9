"""Each edit, made to a small piece of PyTorch as a script would hold it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from harness.diagnosis.edits import REMEDIES, Edit
from harness.diagnosis.edits.feature_scales import Scales, features
from harness.diagnosis.names import Cause
from harness.diagnosis.watch.patches import Patches


@contextmanager
def made(cause: Cause, scales: Scales | None = None) -> Iterator[Edit]:
    edit = REMEDIES[cause](Patches(), scales)
    edit.in_torch()
    try:
        yield edit
    finally:
        edit.restore()


def parameter() -> nn.Parameter:
    """One that falls by the learning rate with each step of plain SGD."""
    made = nn.Parameter(torch.zeros(1, dtype=torch.float64))
    made.grad = torch.ones(1, dtype=torch.float64)
    return made


def step(optimizer: torch.optim.Optimizer) -> list[float]:
    """Rates at which the parameters were updated."""
    weights = [p for group in optimizer.param_groups for p in group["params"]]
    before = [p.item() for p in weights]
    optimizer.step()
    return [b - p.item() for b, p in zip(before, weights, strict=True)]


def test_every_group_is_updated_at_its_own_other_rate_and_keeps_what_is_written() -> None:
    with made("learning_rate_too_low") as edit:
        groups = [{"params": [parameter()], "lr": rate} for rate in (0.02, 0.01, 0.0)]
        optimizer = torch.optim.SGD(groups, lr=1.0)
        optimizer.add_param_group({"params": [parameter()]})
        np.testing.assert_allclose(step(optimizer), [0.2, 0.1, 0.0, 10.0])
        assert edit.acted
    assert [group["lr"] for group in optimizer.param_groups] == [0.02, 0.01, 0.0, 1.0]
    np.testing.assert_allclose(step(optimizer), [0.02, 0.01, 0.0, 1.0])


def test_schedules_and_checkpoints_bring_no_rate_back() -> None:
    with made("learning_rate_too_high"):
        optimizer = torch.optim.SGD([parameter()], lr=1.0)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 0.5**epoch)
        states = optimizer.state_dict(), schedule.state_dict()
        np.testing.assert_allclose(step(optimizer), [0.1])
        schedule.step()
        np.testing.assert_allclose(step(optimizer), [0.05])
        optimizer.load_state_dict(states[0])
        schedule.load_state_dict(states[1])
        np.testing.assert_allclose(step(optimizer), [0.1])
        optimizer.param_groups[0]["lr"] = 0.6  # as a schedule of one's own does
        np.testing.assert_allclose(step(optimizer), [0.06])


def test_gradients_are_clipped_before_a_step() -> None:
    with made("exploding_gradient") as edit:
        weights = [parameter() for _ in range(4)]
        optimizer = torch.optim.SGD([{"params": [weight]} for weight in weights], lr=1.0)
        np.testing.assert_allclose(step(optimizer), [0.5] * 4, rtol=1e-5)
        assert edit.acted


def test_gradients_are_zeroed_after_a_step() -> None:
    with made("stale_gradients"):
        weight = parameter()
        torch.optim.SGD([weight], lr=1.0).step()
        assert weight.grad is None


def loaders(data: TensorDataset) -> list[Callable[[], object]]:
    return [
        lambda: DataLoader(data, 50),
        lambda: DataLoader(data, 50, False),
        lambda: DataLoader(data, batch_size=50, shuffle=False),
    ]


@pytest.mark.parametrize("way", range(3))
def test_loaders_shuffle_however_they_were_told_not_to(way: int) -> None:
    data = TensorDataset(torch.arange(50))
    with made("not_shuffled") as edit:
        (order,) = next(iter(loaders(data)[way]()))  # type: ignore[call-overload]
        assert edit.acted
    assert order.tolist() != list(range(50))
    assert sorted(order.tolist()) == list(range(50))


def test_a_sampler_of_ones_own_is_left_alone() -> None:
    data = TensorDataset(torch.arange(50))
    with made("not_shuffled") as edit:
        DataLoader(data, 50, sampler=range(50))
        assert not edit.acted


def test_a_forget_gate_is_open_whatever_drew_the_weights() -> None:
    layer = nn.LSTM(2, 3, num_layers=2, bidirectional=True)
    for weight in layer.parameters():
        nn.init.constant_(weight, -0.2)
    with made("vanishing_gradient") as edit:
        layer(torch.zeros(1, 1, 2))
        assert edit.acted
    for name in ("l0", "l1_reverse"):
        both = getattr(layer, f"bias_ih_{name}") + getattr(layer, f"bias_hh_{name}")
        np.testing.assert_allclose(both[3:6].detach(), 1.0)
        np.testing.assert_allclose(both[:3].detach(), -0.4, rtol=1e-6)


def test_a_network_without_an_lstm_has_no_forget_gate() -> None:
    with made("vanishing_gradient") as edit:
        nn.GRU(2, 3)(torch.zeros(1, 1, 2))
        assert not edit.acted


INPUTS = np.random.default_rng(0).normal([5000.0, 0.0], [100.0, 1e-3], (64, 2)).astype("float32")


def test_inputs_are_standardised_where_they_enter_and_nowhere_else() -> None:
    seen: list[torch.Tensor] = []
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    for layer in net:
        layer.register_forward_pre_hook(lambda _, args: seen.append(args[0].detach()))
    with made("unnormalized_inputs", Scales(inputs=features(INPUTS))) as edit, torch.no_grad():
        net(torch.from_numpy(INPUTS))
        assert edit.acted
        expected = net[0](seen[0] * 100 + torch.tensor([5000.0, 0.0]))
    np.testing.assert_allclose(seen[0].mean(0), 0, atol=1e-3)
    np.testing.assert_allclose(seen[0].std(0), 1, atol=0.02)
    assert not torch.allclose(seen[1], expected)


def test_other_inputs_than_were_measured_are_left_alone() -> None:
    with made("unnormalized_inputs", Scales(inputs=features(INPUTS))) as edit:
        nn.Linear(3, 1)(torch.ones(4, 3))
        nn.Linear(2, 1)(torch.ones(4, 5, 2))
        nn.Embedding(3, 2)(torch.ones(4, dtype=torch.long))
        assert not edit.acted


class Regression(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        predicted: torch.Tensor = self.layer(x)[:, 0]
        return predicted


@pytest.mark.parametrize(
    ("loss", "absolute"), [(functional.mse_loss, False), (functional.l1_loss, True)]
)
def test_a_network_learns_as_from_scaled_targets_and_predicts_in_the_scripts_unit(
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor], *, absolute: bool
) -> None:
    x, y = torch.randn(32, 2), 4000 + 70 * torch.randn(32)
    net = Regression()
    known = Scales(targets=features(y.numpy()), absolute=absolute)
    with made("unscaled_targets", known) as edit:
        predicted = net(x)
        torch.autograd.backward(loss(predicted, y))
        assert edit.acted
    gradient = net.layer.weight.grad
    net.zero_grad()
    torch.autograd.backward(loss(net(x), (y - y.mean()) / y.std(correction=0)))
    assert gradient is not None
    torch.testing.assert_close(gradient, net.layer.weight.grad, rtol=1e-3, atol=1e-5)
    torch.testing.assert_close(predicted, net(x) * y.std(correction=0) + y.mean())


def test_what_is_no_prediction_of_the_targets_is_not_scaled() -> None:
    with made("unscaled_targets", Scales(targets=features(np.full(8, 500.0)))) as edit:
        nn.LSTM(2, 5)(torch.zeros(3, 1, 2))
        nn.Linear(2, 5)(torch.zeros(3, 2))
        assert not edit.acted


class Answering(nn.Module):
    """A network whose output has a function, and one before it the same."""

    def __init__(self, function: Callable[[torch.Tensor], torch.Tensor], units: int) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(2, units), nn.Linear(units, units)
        self.function = function

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hidden = functional.relu(self.first(x))
        last = self.function(self.last(hidden))
        return last.squeeze(1) if last.shape[1] == 1 else last


def softmax(values: torch.Tensor) -> torch.Tensor:
    return values.softmax(1)


def sigmoid(values: torch.Tensor) -> torch.Tensor:
    return torch.sigmoid(values)


def tanh(values: torch.Tensor) -> torch.Tensor:
    return torch.tanh(values)


Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
CLASSES = torch.arange(3) % 3


@pytest.mark.parametrize(
    ("function", "units", "loss", "target", "right"),
    [
        (nn.Softmax(1), 3, nn.CrossEntropyLoss(), CLASSES, lambda z: z),
        (softmax, 3, nn.NLLLoss(), CLASSES, lambda z: z.log_softmax(1)),
        (lambda z: z, 3, nn.NLLLoss(), CLASSES, lambda z: z.log_softmax(1)),
        (sigmoid, 1, nn.BCEWithLogitsLoss(), torch.ones(3), lambda z: z[:, 0]),
        (softmax, 1, nn.BCELoss(), torch.ones(3), lambda z: z[:, 0].sigmoid()),
        (nn.ReLU(), 1, nn.MSELoss(), -torch.ones(3), lambda z: z[:, 0]),
        (tanh, 1, nn.L1Loss(), 9 * torch.ones(3), lambda z: z[:, 0]),
    ],
)
def test_the_output_gets_the_function_that_its_loss_takes(
    function: Callable[[torch.Tensor], torch.Tensor],
    units: int,
    loss: Loss,
    target: torch.Tensor,
    right: Callable[[torch.Tensor], torch.Tensor],
) -> None:
    torch.manual_seed(0)
    net, x = Answering(function, units), torch.randn(3, 2)
    with torch.no_grad():
        expected = loss(right(net.last(functional.relu(net.first(x)))), target)
    with made("wrong_output_activation") as edit:
        for _ in range(2):  # the first loss tells where
            found = loss(net(x), target)
        assert edit.acted
    torch.testing.assert_close(found.detach(), expected)


def test_an_output_that_fits_its_loss_is_left_alone() -> None:
    with made("wrong_output_activation") as edit:
        for _ in range(2):
            nn.BCELoss()(Answering(sigmoid, 1)(torch.randn(3, 2)), torch.ones(3))
            nn.NLLLoss()(Answering(nn.LogSoftmax(1), 3)(torch.randn(3, 2)), CLASSES)
        assert not edit.acted
