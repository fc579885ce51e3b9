"""Mistakes that only a look at graphs, gradients and views tells apart, each in a small loop."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

from harness.diagnosis.watch.by_hand import leaves
from harness.diagnosis.watch.pairing import mixed
from tests.diagnosis.test_torch_loops import classes, loop, mlp, primary, watched


@pytest.mark.parametrize("masked", [True, False])
def test_padding_is_counted_only_if_the_comparison_is_summed_as_it_is(masked: bool) -> None:
    with watched() as found:
        words = torch.randint(1, 8, (120, 12))
        words[:, 8:] = 0
        tags = words * 3 % 7 + (words > 0)
        net = nn.Sequential(nn.Embedding(8, 8), nn.Linear(8, 8))
        loop(
            net,
            lambda i: functional.cross_entropy(
                net(words[i]).transpose(1, 2), tags[i], ignore_index=0
            ),
            120,
            rate=0.03,
        )
        with torch.no_grad():
            right = net(words).argmax(-1) == tags
            _ = (right[tags != 0] if masked else right).float().mean()
    assert primary(found) == ("none" if masked else "wrong_metric")


def test_gradients_zeroed_before_their_update_are_no_cut_graph() -> None:
    with watched() as found:
        x, y = classes()
        net = mlp(2)
        optimizer = torch.optim.Adam(net.parameters())
        for picked in torch.split(torch.randperm(200), 20):
            functional.cross_entropy(net(x[picked]), y[picked]).backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
            optimizer.zero_grad()
            optimizer.step()
    assert primary(found) == "frozen_parameters"


def test_a_part_that_is_cut_off_from_its_own_optimizer_has_lost_no_gradients() -> None:
    with watched() as found:
        x = torch.randn(200, 4)
        encoder, decoder = nn.Linear(4, 8), nn.Sequential(nn.Tanh(), nn.Linear(8, 1))
        optimizers = [torch.optim.Adam(part.parameters(), 0.01) for part in (encoder, decoder)]
        for picked in torch.split(torch.randperm(200), 20):
            for optimizer in optimizers:
                optimizer.zero_grad()
            code = encoder(x[picked]).data
            functional.mse_loss(decoder(code), x[picked, :1]).backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
            for optimizer in optimizers:
                optimizer.step()
    assert primary(found) == "broken_graph"


class Halves(nn.Module):
    """A layer whose graph is cut, and one behind it that is trained."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(4, 8), nn.Linear(8, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            inner = torch.tanh(self.first(x))
        return torch.as_tensor(self.last(inner))


def test_a_part_that_runs_without_a_graph_is_cut_off_if_the_optimizer_holds_it() -> None:
    with watched() as found:
        x = torch.randn(200, 4)
        net = Halves()
        loop(net, lambda i: functional.mse_loss(net(x[i]), x[i, :1] * x[i, 1:2]), 200)
    assert primary(found) == "broken_graph"


def test_layers_in_no_optimizer_count_though_the_others_learn_much() -> None:
    with watched() as found:
        x = torch.randn(200, 4)
        net = mlp(1)
        loop(net[3], lambda i: functional.mse_loss(net(x[i]), x[i, :1] ** 2), 200, epochs=20)
    assert primary(found) == "frozen_parameters"


@pytest.mark.parametrize("turned", [True, False])
def test_a_view_is_no_transpose_of_scores(turned: bool) -> None:
    with watched() as found:
        words = torch.randint(0, 6, (120, 10))
        net = nn.Sequential(nn.Embedding(6, 8), nn.Linear(8, 3))

        def step(i: torch.Tensor) -> torch.Tensor:
            scores = net(words[i])
            turn = scores.transpose(1, 2) if turned else scores.reshape(len(i), 3, 10)
            return functional.cross_entropy(turn, words[i] % 3)

        loop(net, step, 120, rate=0.03)
    assert primary(found) == ("none" if turned else "shape_mismatch")


def test_records_put_together_from_others_are_told_by_their_values() -> None:
    x = np.random.default_rng(0).standard_normal((60, 8, 4)).astype(np.float32)
    batch = x[:20]
    taken_apart = batch.reshape(8, 20, 4).swapaxes(0, 1)
    assert mixed(taken_apart, {"x": x, "xb": taken_apart}, [], 20) == "x"
    assert not mixed(batch, {"x": x}, [], 20)
    assert not mixed(batch * 2, {"x": x}, [], 20)
    assert not mixed(batch[:, ::-1], {"x": x}, [], 20)


def test_every_score_near_the_number_of_the_class_is_a_wrong_loss() -> None:
    with watched() as found:
        x = torch.randn(200, 4)
        y = x[:, :3].argmax(1)
        net = mlp(3)
        loop(net, lambda i: ((net(x[i]) - y[i].float()[:, None]) ** 2).mean(), 200)
    assert primary(found) == "wrong_loss"


def test_a_cosine_of_two_numbers_is_a_wrong_loss() -> None:
    with watched() as found:
        x = torch.randn(200, 4)
        net = mlp(1)
        loop(net, lambda i: 1 - functional.cosine_similarity(net(x[i]), x[i, :1]).mean(), 200)
    assert primary(found) == "wrong_loss"


def test_what_a_function_drops_counts_like_what_a_layer_drops() -> None:
    with watched() as found:
        x, y = classes()
        net = mlp(2)
        loop(
            net, lambda i: functional.cross_entropy(functional.dropout(net(x[i]), 0.97), y[i]), 200
        )
    assert max(layer.dropout for layer in found[0].layers) == pytest.approx(0.97)


@pytest.mark.parametrize(
    ("rate", "zeroed", "cause"),
    [
        (0.1, True, "none"),
        (0.1, False, "stale_gradients"),
        (1e-6, True, "learning_rate_too_low"),
        (40.0, True, "learning_rate_too_high"),
    ],
)
def test_updates_by_hand_tell_their_rate_and_whether_gradients_stay(
    rate: float, zeroed: bool, cause: str
) -> None:
    with watched() as found:
        x, y = classes(240)
        weights = [torch.randn(4, 8) * 0.5, torch.randn(8, 2) * 0.3]
        for weight in weights:
            weight.requires_grad_()
        for _ in range(10):
            for i in torch.split(torch.randperm(240), 20):
                hidden = torch.relu(x[i] @ weights[0])
                functional.cross_entropy(hidden @ weights[1], y[i]).backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
                with torch.no_grad():
                    for weight in weights:
                        assert weight.grad is not None
                        weight.sub_(rate * weight.grad)
                        if zeroed:
                            weight.grad.zero_()
    assert found[0].optimizer.rates[0] == pytest.approx(rate, rel=0.2)
    assert primary(found) == cause


def test_a_network_asked_step_by_step_is_given_the_whole_record() -> None:
    with watched() as found:
        x = torch.randn(120, 5, 3)
        cell, out = nn.RNNCell(3, 12), nn.Linear(12, 1)

        def step(i: torch.Tensor) -> torch.Tensor:
            hidden = torch.zeros(len(i), 12)
            for at in range(5):
                hidden = cell(x[i, at], hidden)
            return functional.mse_loss(out(hidden), x[i, 0, :1])

        loop(nn.ModuleList([cell, out]), step, 120, epochs=2)
    assert found[0].inputs is not None
    assert found[0].inputs.shape == (120, 5, 3)


class Late(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """Each record comes with the label of the next."""

    def __init__(self, late: int) -> None:
        self.late = late
        self.kind = torch.randint(0, 2, (240,))
        self.values = torch.randn(240, 4) + 3 * self.kind[:, None]

    def __len__(self) -> int:
        return 240 - self.late

    def __getitem__(self, at: int) -> tuple[torch.Tensor, torch.Tensor]:
        return self.values[at], self.kind[at + self.late]


@pytest.mark.parametrize(("late", "cause"), [(1, "labels_misaligned"), (0, "none")])
def test_what_a_data_set_holds_is_looked_up_for_another_pairing(late: int, cause: str) -> None:
    with watched() as found:
        net = mlp(2)
        optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
        for _ in range(6):
            for x, y in DataLoader(Late(late), 20, shuffle=True):
                optimizer.zero_grad()
                functional.cross_entropy(net(x), y).backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
                optimizer.step()
    assert primary(found) == cause


def test_the_leaves_of_a_graph_are_found_whoever_holds_them() -> None:
    one, two = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    assert {id(leaf) for leaf in leaves((one * two).sum())} == {id(one), id(two)}
