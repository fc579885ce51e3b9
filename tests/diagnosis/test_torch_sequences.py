"""Recurrent loops as scripts write them: axes, heads, cells of their own, streams."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.nn.functional import cross_entropy as imported_before

import harness
from harness.diagnosis import diagnose
from harness.diagnosis.learnable import learnable
from tests.diagnosis.test_torch_loops import loop, primary, watched


def test_targets_in_another_order_than_time_first_inputs_are_no_signal() -> None:
    with watched() as found:
        x, y = torch.randn(6, 200, 2), torch.randn(200)
        rnn, head = nn.GRU(2, 8), nn.Linear(8, 1)
        net = nn.ModuleDict({"rnn": rnn, "head": head})
        loop(net, lambda i: functional.mse_loss(head(rnn(x[:, i])[1][0])[:, 0], y[i]), 200)
    assert found[0].inputs is not None
    assert found[0].inputs.shape[1:] == (6, 2)
    assert "no_signal" in diagnose(found[0]).causes


def test_an_evaluation_of_one_head_says_nothing_of_the_other() -> None:
    with watched() as found:
        x = torch.randn(300, 4)
        label, size = (x[:, 0] > 0).long(), x[:, 1:2]
        net = mlp_of(3)
        loop(net, lambda i: two_heads(net(x[i]), label[i], size[i]), 200, epochs=12)
        with torch.no_grad():
            out = net(x[200:])
            functional.mse_loss(out[:, 2:], size[200:])
            functional.cross_entropy(out[:, :2], label[200:])
    assert primary(found) == "none"


def mlp_of(outputs: int) -> nn.Module:
    return nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, outputs))


def two_heads(out: torch.Tensor, label: torch.Tensor, size: torch.Tensor) -> torch.Tensor:
    return functional.cross_entropy(out[:, :2], label) + functional.mse_loss(out[:, 2:], size)


@pytest.mark.parametrize("moved", [1, 2, 0])
@pytest.mark.parametrize("rows", [True, False])
def test_tags_that_stand_before_their_words_are_misaligned(moved: int, rows: bool) -> None:
    with watched() as found:
        words = torch.randint(0, 20, (200, 8))
        tags = (words * 7) % 3
        tags[:, : 8 - moved] = tags[:, moved:].clone()
        lookup, rnn, head = nn.Embedding(20, 8), nn.LSTM(8, 16, batch_first=True), nn.Linear(16, 3)
        net = nn.Sequential(lookup, Outputs(rnn), head)

        def loss(i: torch.Tensor) -> torch.Tensor:
            scores = net(words[i])
            if rows:
                return functional.cross_entropy(scores.reshape(-1, 3), tags[i].reshape(-1))
            return functional.cross_entropy(scores.transpose(1, 2), tags[i])

        loop(net, loss, 200, epochs=12)
    assert primary(found) == ("labels_misaligned" if moved else "none")


@pytest.mark.parametrize("classes", [True, False])
def test_padding_that_a_mask_takes_out_of_the_loss_is_no_target(classes: bool) -> None:
    with watched() as found:
        steps = torch.arange(12) < torch.randint(3, 13, (120, 1))
        x = torch.randn(120, 12, 3) * steps[:, :, None]
        wanted = (x[:, :, 0] > 0).long() if classes else torch.where(steps, x[:, :, 0], -999.0)
        net = nn.Sequential(
            Outputs(nn.GRU(3, 16, batch_first=True)), nn.Linear(16, 2 if classes else 1)
        )

        def loss(i: torch.Tensor) -> torch.Tensor:
            out, weight = net(x[i]), steps[i].float()
            each = (
                functional.cross_entropy(out.transpose(1, 2), wanted[i], reduction="none")
                if classes
                else functional.mse_loss(out[:, :, 0], wanted[i], reduction="none")
            )
            masked: torch.Tensor = (each * weight).sum() / weight.sum()
            return masked

        loop(net, loss, 120, epochs=10, rate=3e-2)
    assert primary(found) == "none"
    assert found[0].losses[-1] < 0.3
    if classes:
        assert found[0].targets is not None
        assert (found[0].targets == -100).mean() == pytest.approx(
            1 - float(steps.float().mean()), abs=0.01
        )


@pytest.mark.parametrize("words", [True, False])
def test_the_next_word_is_no_quantity_and_the_next_value_is(words: bool) -> None:
    with watched() as found:
        text = torch.randint(0, 12, (100, 1)) + torch.arange(9) % 12
        lookup = nn.Embedding(24, 8) if words else nn.Linear(1, 8)
        net = nn.Sequential(lookup, Outputs(nn.GRU(8, 8, batch_first=True)), nn.Linear(8, 1))
        given = text if words else text[:, :, None] / 10.0

        def loss(i: torch.Tensor) -> torch.Tensor:
            wanted = text[i, 1:].float() if words else given[i, 1:, 0]
            return functional.mse_loss(net(given[i, :-1])[:, :, 0], wanted)

        loop(net, loss, 100, epochs=8)
    assert ("wrong_loss" in diagnose(found[0]).causes) == words


@pytest.mark.parametrize("forgotten", [True, False])
def test_each_of_two_optimizers_has_gradients_to_zero(forgotten: bool) -> None:
    with watched() as found:
        x = torch.randn(200, 5, 3)
        encoder, head = Outputs(nn.GRU(3, 8, batch_first=True)), nn.Linear(8, 1)
        both = [torch.optim.Adam(part.parameters(), 1e-2) for part in (encoder, head)]
        for picked in torch.split(torch.arange(200).repeat(6), 20):
            for optimizer in both[: 1 if forgotten else 2]:
                optimizer.zero_grad()
            missed = functional.mse_loss(head(encoder(x[picked])[:, -1]), x[picked, 0, :1])
            missed.backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
            for optimizer in both:
                optimizer.step()
    assert (primary(found) == "stale_gradients") == forgotten


class Outputs(nn.Module):
    """A recurrent layer without its last state."""

    def __init__(self, rnn: nn.Module) -> None:
        super().__init__()
        self.rnn = rnn

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.as_tensor(self.rnn(x)[0])


class Sigmoids(nn.Module):
    """A cell of one's own whose gradient is a quarter or less at each step."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.out = nn.Embedding(8, 8), nn.Linear(16, 2)
        self.inward, self.onward = nn.Linear(8, 16), nn.Linear(16, 16, bias=False)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        state = torch.zeros(len(tokens), 16)
        for step in torch.unbind(tokens, 1):
            state = torch.sigmoid(self.inward(self.words(step)) + self.onward(state))
        return torch.as_tensor(self.out(state))


@pytest.mark.parametrize("again", [False, True])
def test_a_gradient_that_fades_over_steps_matters_only_if_the_last_ones_say_nothing(
    again: bool,
) -> None:
    with watched() as found:
        first = torch.randint(0, 2, (200, 1))
        tokens = torch.cat([first, torch.randint(2, 8, (200, 19))], 1)
        if again:
            tokens[:, -1:] = first
        net = Sigmoids()
        loop(net, lambda i: functional.cross_entropy(net(tokens[i]), first[i, 0]), 200, epochs=12)
    assert (primary(found) == "vanishing_gradient") is not again


def test_a_state_carried_along_a_text_belongs_to_its_records() -> None:
    with watched() as found:
        text = torch.arange(4 * 60).reshape(4, 60) % 7
        lookup, rnn, head = nn.Embedding(7, 8), nn.GRU(8, 8, batch_first=True), nn.Linear(8, 7)
        net = nn.ModuleList([lookup, rnn, head])
        optimizer = torch.optim.SGD(net.parameters(), lr=1e-4)
        for _ in range(3):
            state = None
            for at in range(0, 55, 5):
                hidden, state = rnn(lookup(text[:, at : at + 5]), state)
                state = torch.Tensor.detach(state)
                wanted = text[:, at + 1 : at + 6].reshape(-1)
                optimizer.zero_grad()
                functional.cross_entropy(head(hidden).reshape(-1, 7), wanted).backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
                optimizer.step()
    assert "stale_state" not in diagnose(found[0]).causes


def test_a_loss_that_was_imported_by_name_before_the_watch_is_seen_and_given_back() -> None:
    net = mlp_of(2)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
    x = torch.randn(60, 4)
    given = imported_before
    with harness.watch(net, optimizer) as watch:
        for _ in range(20):
            optimizer.zero_grad()
            imported_before(net(x).softmax(1), (x[:, 0] > 0).long()).backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
            optimizer.step()
    assert watch.primary == "wrong_output_activation"
    assert imported_before is given


def test_the_words_beside_a_step_explain_its_tag_but_never_a_language_models_next_word() -> None:
    words = np.random.default_rng(0).integers(0, 9, (120, 10))
    tags = np.where(np.roll(words, 1, 1) > 6, 2, words % 2)
    said = learnable(words, tags, classes=True)
    following = learnable(words[:, :-1], words[:, 1:], classes=True)
    assert said is not None
    assert said.label_skill > 0.5
    assert following is None or not following.found


def test_a_generator_that_no_gradient_reaches_is_a_broken_graph() -> None:
    with watched() as found:
        made, judge = nn.Linear(2, 1), nn.Sequential(nn.Linear(1, 4), nn.ReLU(), nn.Linear(4, 1))
        ours, theirs = (torch.optim.Adam(net.parameters()) for net in (made, judge))
        for _ in range(4):
            fake = torch.Tensor.detach(made(torch.randn(8, 2)))
            for optimizer, wanted in ((theirs, 0.0), (ours, 1.0)):
                optimizer.zero_grad()
                scores = judge(fake)
                functional.binary_cross_entropy_with_logits(
                    scores, torch.full_like(scores, wanted)
                ).backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
                optimizer.step()
    assert "broken_graph" in [diagnose(each).primary for each in found]


class Own(nn.Module):
    """A loss of one's own, as a module."""

    def __init__(self, *, signed: bool) -> None:
        super().__init__()
        self.signed = signed

    def forward(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        error = output - target
        return torch.mean(error if self.signed else error**2)


@pytest.mark.parametrize(
    ("signed", "flat", "named"),
    [
        (True, False, "wrong_loss"),
        (False, True, "shape_mismatch"),
        (False, False, "none"),
    ],
)
def test_a_loss_that_is_a_module_of_its_own_is_understood(
    signed: bool, flat: bool, named: str
) -> None:
    with watched() as found:
        x = torch.randn(200, 4)
        y = x[:, 0] if flat else x[:, :1]
        net, loss = mlp_of(1), Own(signed=signed)
        loop(net, lambda i: loss(net(x[i]), y[i]), 200, epochs=12)
    assert primary(found) == named


@pytest.mark.parametrize(("axis", "cause"), [(1, "wrong_metric"), (2, "none")])
def test_the_largest_is_looked_for_over_classes_not_over_steps(axis: int, cause: str) -> None:
    torch.manual_seed(0)
    words = torch.randint(0, 3, (100, 5))
    net = nn.Sequential(nn.Embedding(3, 8), nn.Linear(8, 3))
    with watched() as found:
        loop(net, lambda i: functional.cross_entropy(net(words[i]).mT, words[i]), 100)
        with torch.no_grad():
            net(words).argmax(axis)
    assert primary(found) == cause


class Stepwise(nn.Module):
    """A cell that a loop gives step by step, with its state or a copy of it without a graph."""

    def __init__(self, *, detached: bool) -> None:
        super().__init__()
        self.cell, self.head, self.detached = nn.GRUCell(3, 16), nn.Linear(16, 2), detached

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        state = x.new_zeros(len(x), 16)
        for step in x.unbind(1):
            state = self.cell(step, state.detach() if self.detached else state)
        return self.head(state)  # type: ignore[no-any-return]  # a module returns anything


@pytest.mark.parametrize("detached", [True, False])
def test_a_state_that_is_detached_at_each_step_cuts_the_graph(detached: bool) -> None:
    with watched() as found:
        x = torch.randn(200, 5, 3)
        y = (x[:, 0, 0] + x[:, -1, 1] > 0).long()
        net = Stepwise(detached=detached)
        loop(net, lambda i: functional.cross_entropy(net(x[i]), y[i]), 200, epochs=20)
    assert primary(found) == ("broken_graph" if detached else "none")


def test_targets_of_some_steps_as_rows_belong_to_the_records_they_come_from() -> None:
    with watched() as found:
        x = torch.randn(100, 6, 2)
        net = nn.Sequential(Outputs(nn.GRU(2, 8, batch_first=True)), nn.Linear(8, 1))
        loop(
            net,
            lambda i: functional.mse_loss(net(x[i])[:, 2:].reshape(-1), x[i, 2:, 0].reshape(-1)),
            100,
            epochs=3,
        )
    assert (found[0].epochs, found[0].loop.records) == (3, 100)


def test_anomalies_that_are_told_badly_on_purpose_are_no_overfitting() -> None:
    with watched() as found:
        x = torch.randn(300, 2) @ torch.randn(2, 6)
        net = nn.Sequential(nn.Linear(6, 2), nn.Linear(2, 6))
        loop(net, lambda i: functional.mse_loss(net(x[i]), x[i]), 200, epochs=40)
        with torch.no_grad():
            for records in (x[200:], 3 * torch.randn(60, 6)):
                ((net(records) - records) ** 2).mean(1)
    assert primary(found) == "none"
