"""Mistakes in ordinary PyTorch loops, each watched as it runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from harness.diagnosis import Diagnosis, diagnose
from harness.diagnosis.observations import Observations
from harness.diagnosis.watch.torch_observe import observe_all
from harness.diagnosis.watch.torch_recorder import Recorder

Step = Callable[[torch.Tensor], torch.Tensor]
"""From indices of records to a loss."""


@contextmanager
def watched(namespace: dict[str, Any] | None = None) -> Iterator[list[Observations]]:
    torch.manual_seed(0)
    found: list[Observations] = []
    with Recorder() as recorder:
        yield found
    found += observe_all(recorder, namespace or {})


def primary(found: list[Observations]) -> str:
    return diagnose(found[0]).primary


def loop(net: nn.Module, step: Step, records: int, epochs: int = 8, rate: float = 1e-2) -> None:
    optimizer = torch.optim.Adam(net.parameters(), lr=rate)
    for _ in range(epochs):
        for picked in torch.split(torch.randperm(records), 20):
            optimizer.zero_grad()
            step(picked).backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
            optimizer.step()


def classes(records: int = 200) -> tuple[torch.Tensor, torch.Tensor]:
    x = torch.randn(records, 4)
    return x, (x[:, 0] + x[:, 1] > 0).long()


def mlp(outputs: int, drop: float = 0.0) -> nn.Sequential:
    return nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(drop), nn.Linear(16, outputs))


def test_argmax_over_the_records_is_a_wrong_metric_even_if_python_compares() -> None:
    with watched() as found:
        x, y = classes()
        net = mlp(2)
        loop(net, lambda i: functional.cross_entropy(net(x[i]), y[i]), 200)
        with torch.no_grad():
            decided = net(x[:10]).argmax(dim=0)
        _ = [int(a) == int(b) for a, b in zip(decided, y, strict=False)]
    assert primary(found) == "wrong_metric"


def test_argmax_over_the_classes_is_none() -> None:
    with watched() as found:
        x, y = classes()
        net = mlp(2)
        loop(net, lambda i: functional.cross_entropy(net(x[i]), y[i]), 200)
        with torch.no_grad():
            _ = net(x[:10]).argmax(dim=1) == y[:10]
    assert primary(found) == "none"


def test_an_accuracy_that_counts_padding_is_a_wrong_metric() -> None:
    with watched() as found:
        words = torch.randint(1, 8, (120, 12))
        words[:, 4:] = 0
        tags = (words * 3) % 7
        net = nn.Sequential(nn.Embedding(8, 4), nn.Linear(4, 7))
        loop(
            net,
            lambda i: functional.cross_entropy(
                net(words[i]).transpose(1, 2), tags[i], ignore_index=0
            ),
            120,
            epochs=1,
            rate=1e-4,
        )
        with torch.no_grad():
            guessed = net(words).argmax(-1) * (words > 0)
            _ = (guessed == tags).float().mean()
    assert primary(found) == "wrong_metric"


def test_an_evaluation_that_is_better_in_evaluation_mode_was_made_in_the_wrong_one() -> None:
    x, y = torch.randn(300, 4), torch.zeros(300, 1)
    with watched({"x": x, "y": y}) as found:
        x.normal_()
        y.copy_(x[:, :1] + x[:, 1:2])
        net = mlp(1, drop=0.6)
        loop(net, lambda i: functional.mse_loss(net(x[i]), y[i]), 200, epochs=12)
        with torch.no_grad():
            net(x[200:]).numpy()
    assert primary(found) == "train_mode_missing"


def test_dropout_that_never_stops_is_the_wrong_mode() -> None:
    class Always(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(4, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.as_tensor(self.fc(functional.dropout(x, 0.3)))

    with watched() as found:
        x = torch.randn(200, 4)
        net = Always()
        loop(net, lambda i: functional.mse_loss(net(x[i]), x[i, :1]), 200, epochs=3)
        net.eval()
        with torch.no_grad():
            net(x)
    assert primary(found) == "train_mode_missing"


def test_dropout_that_is_asked_for_many_answers_is_there_on_purpose() -> None:
    with watched() as found:
        x = torch.randn(200, 4)
        net = mlp(1, drop=0.1)
        loop(net, lambda i: functional.mse_loss(net(x[i]), x[i, :1]), 200)
        net.eval()
        net[2].train()
        with torch.no_grad():
            _ = [net(x) for _ in range(5)]
    assert primary(found) == "none"


@pytest.mark.parametrize(
    ("name", "loss"),
    [
        ("minus a likelihood", lambda out, y: (-0.5 * (out - y) ** 2).mean()),
        ("a difference", lambda out, y: (out - y).mean()),
        ("minus a loss", lambda out, y: -functional.mse_loss(out, y)),
    ],
)
def test_a_loss_without_a_lowest_value_is_a_wrong_loss(
    name: str, loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
) -> None:
    del name
    with watched() as found:
        x = torch.randn(200, 4)
        net = mlp(1)
        loop(net, lambda i: loss(net(x[i]), x[i, :1]), 200, epochs=12)
    assert primary(found) == "wrong_loss"


def test_a_likelihood_that_falls_below_zero_is_none() -> None:
    with watched() as found:
        x = torch.rand(200, 4)
        net = mlp(2)

        def likelihood(i: torch.Tensor) -> torch.Tensor:
            mean, log = torch.chunk(net(x[i]), 2, 1)
            return torch.mean(log + (x[i, :1] - mean) ** 2 / log.exp())

        loop(net, likelihood, 200, epochs=40)
    assert primary(found) == "none"


def test_a_state_that_a_cell_of_ones_own_keeps_is_stale() -> None:
    class Cell(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.mix, self.out = nn.Linear(12, 8), nn.Linear(8, 1)
            self.kept = torch.zeros(20, 8)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            self.kept = torch.tanh(self.mix(torch.cat([x, self.kept.detach()], 1)))
            return torch.as_tensor(self.out(self.kept))

    with watched() as found:
        x = torch.randn(200, 4)
        net = Cell()
        loop(net, lambda i: functional.mse_loss(net(x[i]), x[i, :1]), 200, epochs=3)
    assert primary(found) == "stale_state"


def test_gradients_without_a_step_are_frozen_parameters() -> None:
    with watched() as found:
        x, y = classes()
        net = mlp(2)
        optimizer = torch.optim.Adam(net.parameters())
        for picked in torch.split(torch.randperm(200), 20):
            optimizer.zero_grad()
            functional.cross_entropy(net(x[picked]), y[picked]).backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
    assert primary(found) == "frozen_parameters"


def test_zeros_behind_a_saturated_layer_are_no_broken_graph() -> None:
    with watched() as found:
        x = torch.randn(200, 4)
        first = nn.Linear(4, 8)
        nn.init.constant_(first.bias, 30.0)
        net = nn.Sequential(first, nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))
        loop(net, lambda i: functional.mse_loss(net(x[i]), x[i, :1]), 200, epochs=3)
    answer: Diagnosis = diagnose(found[0])
    assert answer.primary == "saturated_activation"


def test_the_targets_of_what_is_evaluated_are_looked_up_in_the_scripts_arrays() -> None:
    x, y = torch.randn(260, 4), torch.randn(260, 1)
    with watched({"x": x, "y": y}) as found:
        net = mlp(1)
        loop(net, lambda i: functional.mse_loss(net(x[i]), y[i]), 200, epochs=2)
        with torch.no_grad():
            net(x[200:]).numpy()
    assert found[0].validation_targets is not None
    assert found[0].validation_targets.tolist() == y[200:].tolist()


def test_a_state_that_is_passed_by_name_is_stale_too() -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.rnn, self.out = nn.GRU(4, 8, batch_first=True), nn.Linear(8, 1)
            self.kept: torch.Tensor | None = None

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            found, state = self.rnn(x, hx=self.kept)
            self.kept = state.detach()
            return torch.as_tensor(self.out(found[:, -1]))

    with watched() as found:
        x = torch.randn(200, 3, 4)
        net = Net()
        loop(net, lambda i: functional.mse_loss(net(x[i]), x[i, 0, :1]), 200, epochs=3)
    assert primary(found) == "stale_state"


def test_many_answers_with_dropout_are_no_evaluation_in_the_wrong_mode() -> None:
    x, y = torch.randn(300, 4), torch.zeros(300, 1)
    with watched({"x": x, "y": y}) as found:
        x.normal_()
        y.copy_(x[:, :1] + x[:, 1:2])
        net = mlp(1, drop=0.6)
        loop(net, lambda i: functional.mse_loss(net(x[i]), y[i]), 200, epochs=12)
        with torch.no_grad():
            _ = [net(x[200:]).numpy() for _ in range(5)]
    assert "train_mode_missing" not in diagnose(found[0]).causes


def test_a_network_that_draws_with_numpy_keeps_no_state() -> None:
    class Noisy(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(4, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.as_tensor(self.fc(x) + 0.01 * np.random.standard_normal())  # noqa: NPY002 - as scripts do

    with watched() as found:
        x = torch.randn(200, 4)
        net = Noisy()
        loop(net, lambda i: functional.mse_loss(net(x[i]), x[i, :1]), 200)
    assert primary(found) == "none"


def test_a_cross_entropy_over_one_unit_has_gradients_and_they_are_zero() -> None:
    with watched() as found:
        x, _ = classes()
        net = mlp(1)
        zero = torch.zeros(200, dtype=torch.long)
        loop(net, lambda i: functional.cross_entropy(net(x[i]), zero[i]), 200, epochs=3)
    assert primary(found) == "wrong_loss"


def teach(*, frozen: bool, evaluating: bool, steps: int) -> nn.Module:
    """A network that is trained, if at all, before it teaches another."""
    x, y = classes(300)
    teacher = mlp(2)
    if steps:
        loop(teacher, lambda i: functional.cross_entropy(teacher(x[i]), y[i]), 300, epochs=steps)
    teacher.requires_grad_(not frozen)
    return teacher.train(not evaluating)


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("evaluating", [True, False])
def test_a_teacher_trained_before_is_not_accused_however_little_its_student_learns(
    frozen: bool, evaluating: bool
) -> None:
    with watched() as found:
        teacher = teach(frozen=frozen, evaluating=evaluating, steps=6)
        student, (x, _) = mlp(2), classes(100)
        loop(
            student,
            lambda i: functional.mse_loss(student(x[i]), teacher(x[i]).detach()),
            100,
            epochs=1,
            rate=1e-3,
        )
    said = diagnose(found[1]).causes
    assert not {"frozen_parameters", "network_too_small", "broken_graph"} & set(said)


def test_layers_frozen_at_random_in_training_mode_are_still_frozen_parameters() -> None:
    with watched() as found:
        x, y = classes(300)
        net = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 40), nn.Tanh(), mlp_head())
        net[0].requires_grad_(requires_grad=False)
        net[2].requires_grad_(requires_grad=False)
        loop(net, lambda i: functional.cross_entropy(net(0.01 * x[i]), y[i]), 300, epochs=3)
    assert "frozen_parameters" in diagnose(found[0]).causes


def mlp_head() -> nn.Module:
    return nn.Linear(40, 2)


@pytest.mark.parametrize("picked", [lambda s: s.max(1).values, lambda s: s.amax(1)])
def test_the_best_score_fitted_to_the_class_number_is_a_wrong_loss(
    picked: Callable[[torch.Tensor], torch.Tensor],
) -> None:
    with watched() as found:
        x = torch.randn(200, 4)
        y = x[:, :3].argmax(1)
        net = mlp(3)
        loop(net, lambda i: functional.l1_loss(picked(net(x[i])), y[i].float()), 200)
    assert primary(found) == "wrong_loss"


def test_the_best_of_several_quantities_is_none() -> None:
    with watched() as found:
        x = torch.randn(200, 4)
        net = mlp(3)
        loop(net, lambda i: functional.mse_loss(net(x[i]).amax(1), x[i].amax(1)), 200, epochs=20)
    assert primary(found) == "none"


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("stride", [1, 3])
def test_windows_of_a_random_walk_are_no_signal_whatever_lies_beside_them(
    scaled: bool, stride: int
) -> None:
    walk = np.cumsum(np.random.default_rng(4).standard_normal(900)).astype(np.float32)
    at = range(0, 880, stride)
    windows = np.stack([walk[k : k + 12] for k in at])
    nexts = np.array([walk[k + 12] - walk[k + 11] for k in at])[:, None]
    lasts = np.array([walk[k + 11] - walk[k + 10] for k in at])[:, None]
    if scaled:
        windows = (windows - windows.mean(1, keepdims=True)) / windows.std(1, keepdims=True)
        lasts = windows[:, :1]
    else:
        windows = (windows - walk.mean()) / walk.std()
    with watched({"windows": windows, "nexts": nexts, "lasts": lasts}) as found:
        x, y = torch.from_numpy(windows), torch.from_numpy(nexts)
        net = nn.Sequential(nn.Linear(12, 16), nn.Tanh(), nn.Linear(16, 1))
        loop(net, lambda i: functional.mse_loss(net(x[i]), y[i]), len(x))
    assert primary(found) == "no_signal"


@pytest.mark.parametrize("axis", [0, 1])
def test_a_metric_is_read_in_the_training_pass_too(axis: int) -> None:
    with watched() as found:
        x, y = classes()
        net = mlp(2)

        def step(i: torch.Tensor) -> torch.Tensor:
            scores = net(x[i])
            scores.argmax(axis)
            return functional.cross_entropy(scores, y[i])

        loop(net, step, 200)
    assert primary(found) == ("none" if axis else "wrong_metric")


def test_what_is_frozen_once_it_is_trained_is_not_called_frozen() -> None:
    with watched() as found:
        x = torch.randn(200, 4)
        y = (x[:, 0] + x[:, 1] + 3 * torch.randn(200) > 0).long()  # more than can be learnt
        body, head = nn.Linear(4, 16), nn.Linear(16, 2)
        net = nn.Sequential(body, nn.ReLU(), head)
        loop(net, lambda i: functional.cross_entropy(net(x[i]), y[i]), 200)
        body.requires_grad_(requires_grad=False)
    assert "frozen_parameters" not in diagnose(found[0]).causes


@pytest.mark.parametrize(("spread", "cause"), [(1.0, "poor_initialization"), (0.1, "none")])
def test_weights_of_ones_own_may_be_drawn_too_wide(spread: float, cause: str) -> None:
    with watched() as found:
        x = torch.randn(200, 12, 4)
        y = (x[:, :, 0].sum(1) > 0).long()
        inner, outer, last = (
            nn.Parameter(spread * torch.randn(*shape)) for shape in ((4, 96), (96, 96), (96, 2))
        )

        def step(picked: torch.Tensor) -> torch.Tensor:
            state = torch.zeros(len(picked), 96)
            for at in range(12):
                state = torch.tanh(x[picked, at] @ inner + state @ outer)
            return functional.cross_entropy(state @ last, y[picked])

        loop(nn.ParameterList([inner, outer, last]), step, 200, epochs=6, rate=2e-3)
    assert primary(found) == cause
