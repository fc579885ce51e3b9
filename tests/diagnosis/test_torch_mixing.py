"""Records that touch each other by a mistaken axis, and those that belong together."""

from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.nn import functional

from harness.diagnosis import diagnose
from harness.diagnosis.watch.torch_observe import observe_all
from harness.diagnosis.watch.torch_recorder import Recorder

RECORDS, STEPS = 96, 4


class Recurrent(nn.Module):
    """A recurrent layer, or attention, and a linear head on what ``pick`` leaves of its output."""

    def __init__(self, layer: nn.Module, outputs: int, pick: Callable[..., torch.Tensor]) -> None:
        super().__init__()
        self.layer = layer
        self.head = nn.Linear(8, outputs)
        self.pick = pick

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give outputs for each record, or for each step."""
        out = self.layer(x)
        return torch.as_tensor(self.head(self.pick(out[0] if isinstance(out, tuple) else out)))


def answer(net: nn.Module, batches: Callable[[], list[tuple[torch.Tensor, torch.Tensor]]]) -> str:
    """Train for some epochs, of batches that are asked for anew each time."""
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
    with Recorder() as recorder:
        for _ in range(8):
            for x, y in batches():
                loss = (
                    functional.mse_loss(net(x), y)
                    if y.is_floating_point()
                    else functional.cross_entropy(net(x), y)
                )
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
                optimizer.step()
    return diagnose(observe_all(recorder, {})[0]).primary


def shuffled(x: torch.Tensor, y: torch.Tensor) -> list[tuple[torch.Tensor, torch.Tensor]]:
    return [(x[i], y[i]) for i in torch.split(torch.randperm(len(x)), 12)]


def records(steps: int = STEPS) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    x = torch.randn(RECORDS, steps, 8)
    return x, (x[:, -1, 0] > 0).long()


@pytest.mark.parametrize(
    "layer",
    [
        nn.GRU(8, 8),
        nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0),
    ],
    ids=["gru", "attention"],
)
def test_a_forgotten_batch_first_is_a_mismatch_even_if_much_is_learnt(layer: nn.Module) -> None:
    x, y = records()
    net = Recurrent(layer, 2, lambda out: out[:, -1])
    assert answer(net, lambda: shuffled(x, y)) == "shape_mismatch"


def test_batch_first_is_none() -> None:
    x, y = records()
    net = Recurrent(nn.GRU(8, 8, batch_first=True), 2, lambda out: out[:, -1])
    assert answer(net, lambda: shuffled(x, y)) == "none"


def test_records_without_steps_that_a_layer_takes_for_a_sequence_are_a_mismatch() -> None:
    x, y = records(steps=1)
    net = Recurrent(nn.GRU(8, 8), 2, lambda out: out)
    assert answer(net, lambda: shuffled(x[:, 0], y)) == "shape_mismatch"


def test_steps_of_one_sequence_belong_together() -> None:
    x, _ = records(steps=12)
    y = (x[..., 0] + x[..., 0].roll(1, 1) > 0).long()
    net = Recurrent(nn.GRU(8, 8), 2, lambda out: out)
    assert answer(net, lambda: [(x[i], y[i]) for i in torch.randperm(24).tolist()]) == "none"


def test_words_of_a_sentence_belong_together_though_each_is_met_in_others() -> None:
    torch.manual_seed(0)
    table = torch.randn(20, 8)
    words = torch.stack([torch.randperm(20)[:6] for _ in range(24)])
    net = Recurrent(nn.GRU(8, 8), 2, lambda out: out)
    sentences = [(table[w], w % 2) for w in words]
    assert answer(net, lambda: [sentences[i] for i in torch.randperm(24).tolist()]) == "none"


def test_a_target_for_each_step_before_the_records_axis_is_none() -> None:
    x, _ = records()
    y = x[..., :1] + functional.pad(x[:, :-1, :1], (0, 0, 1, 0))
    net = Recurrent(nn.GRU(8, 8), 1, lambda out: out)
    assert (
        answer(
            net,
            lambda: [
                (x[i].transpose(0, 1), y[i].transpose(0, 1))
                for i in torch.split(torch.randperm(RECORDS), 12)
            ],
        )
        == "none"
    )


def test_nodes_of_a_graph_belong_together() -> None:
    torch.manual_seed(0)
    y = torch.arange(60) % 2
    near = (y[:, None] == y[None]).float() * (torch.rand(60, 60) < 0.2) + torch.eye(60)
    near = near / near.sum(1, keepdim=True)
    x = torch.randn(60, 8) + y[:, None]
    inner, outer = nn.Linear(8, 8), nn.Linear(8, 2)

    class Graph(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner, self.outer = inner, outer

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            """Give scores of each node, from its neighbours."""
            return torch.as_tensor(near @ self.outer(torch.relu(near @ self.inner(x))))

    assert answer(Graph(), lambda: [(x, y)] * 5) == "none"


def test_an_evaluation_that_makes_a_graph_hides_no_batch() -> None:
    x, y = records(steps=1)
    net = Recurrent(nn.GRU(8, 8), 2, lambda out: out)

    def batches() -> list[tuple[torch.Tensor, torch.Tensor]]:
        net(x[:, 0])
        return shuffled(x[:, 0], y)

    assert answer(net, batches) == "shape_mismatch"
