"""Unusual programs that are right: what is not said of them, and of which it is said."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from harness.diagnosis import diagnose
from harness.diagnosis.last_value import last_value
from harness.diagnosis.watch import torch_observe
from harness.diagnosis.watch.order import order
from harness.diagnosis.watch.pairing import viewed
from harness.diagnosis.watch.torch_recorder import Recorder
from tests.diagnosis.test_torch_loops import loop, mlp, primary, watched


@pytest.mark.parametrize("critic_alone", [True, False])
def test_returns_that_no_state_predicts_are_no_fault_of_a_policy_with_a_critic(
    critic_alone: bool,
) -> None:
    with watched() as found:
        policy, critic = mlp(3), mlp(1)
        states, returns = torch.randn(200, 4), torch.randn(200)

        def step(i: torch.Tensor) -> torch.Tensor:
            gained = returns[i] - critic(states[i])[:, 0]
            missed: torch.Tensor = gained.pow(2).mean()
            if critic_alone:
                return missed
            scores = policy(states[i]).log_softmax(1)
            likely = scores.gather(1, torch.multinomial(scores.exp(), 1))[:, 0]
            objective: torch.Tensor = missed - (likely * gained.detach()).mean()
            return objective

        loop(nn.ModuleList([policy, critic]), step, 200)
    assert primary(found) == ("no_signal" if critic_alone else "none")


def test_a_penalty_on_the_weights_is_no_other_part_of_the_objective() -> None:
    with watched() as found:
        net, x = mlp(1), torch.randn(100, 4)

        def step(i: torch.Tensor) -> torch.Tensor:
            penalty = torch.stack([p.pow(2).sum() for p in net.parameters()]).sum()
            return functional.mse_loss(net(x[i])[:, 0], x[i, 0]) + 1e-3 * penalty

        loop(net, step, 100, epochs=2)
    assert not found[0].loss.partial


def test_of_hundreds_of_short_trainings_the_longest_are_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch_observe, "MOST_TRAININGS", 2)
    with watched() as found:
        x = torch.randn(40, 4)
        for epochs in (1, 3, 1, 2, 1):
            net = mlp(1)
            loop(net, lambda i: functional.mse_loss(net(x[i]), x[i, :1]), 40, epochs=epochs)  # noqa: B023 - used within its turn
    assert [len(each.losses) for each in found] == [6, 4]


class Ratings(nn.Module):
    """A number for each pair of a user and an item."""

    def __init__(self) -> None:
        super().__init__()
        self.users, self.items = nn.Embedding(20, 1), nn.Embedding(20, 1)

    def forward(self, user: torch.Tensor, item: torch.Tensor) -> torch.Tensor:
        return torch.as_tensor(self.users(user) + self.items(item))[:, 0]


@pytest.mark.parametrize("both", [True, False])
def test_a_user_is_half_of_a_record_whose_other_half_is_an_item(both: bool) -> None:
    user, item = torch.randint(0, 20, (2, 400), generator=torch.Generator().manual_seed(0))
    liked = (item % 4 == 0).float()
    with watched({"user": user, "item": item, "liked": liked}) as found:
        net, alone = Ratings(), nn.Embedding(20, 1)

        def step(i: torch.Tensor) -> torch.Tensor:
            logit = net(user[i], item[i]) if both else alone(user[i])[:, 0]
            return functional.binary_cross_entropy_with_logits(logit, liked[i])

        loop(net if both else alone, step, 400, epochs=3, rate=1e-3)
    assert ("labels_misaligned" in diagnose(found[0]).causes) == (not both)


def test_shares_that_are_sharpened_every_epoch_are_no_others_labels() -> None:
    with watched() as found:
        net, x = mlp(3), torch.randn(100, 4)
        shares = torch.rand(100, 3) + 0.1

        def step(i: torch.Tensor) -> torch.Tensor:
            shares[i] = (shares[i] ** 1.1) / (shares[i] ** 1.1).sum(1, keepdim=True)
            return functional.kl_div(net(x[i]).log_softmax(1), shares[i], reduction="batchmean")

        loop(net, step, 100, epochs=4)
    assert found[0].relabelled == 0


@pytest.mark.parametrize("anew", [True, False])
def test_targets_that_are_made_anew_were_never_those_of_another_record(anew: bool) -> None:
    with watched() as found:
        net, x, y = mlp(1), torch.randn(100, 4), torch.randn(100)

        def step(i: torch.Tensor) -> torch.Tensor:
            wanted = torch.randn(len(i)) if anew else y[torch.randint(0, 100, (len(i),))]
            return functional.mse_loss(net(x[i])[:, 0], wanted)

        loop(net, step, 100, epochs=4)
    assert (found[0].relabelled > 0.5) == (not anew)


@pytest.mark.parametrize(("updates", "cause"), [(5, "none"), (40, "too_few_epochs")])
def test_a_handful_of_updates_tries_whether_a_program_runs(updates: int, cause: str) -> None:
    with watched() as found:
        net = mlp(1)
        optimizer = torch.optim.Adam(net.parameters(), 1e-3)
        for _ in range(updates):
            x = torch.randn(8, 4)
            optimizer.zero_grad()
            functional.mse_loss(net(x), 3 * x.sum(1, keepdim=True)).backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
            optimizer.step()
    assert primary(found) == cause


@pytest.mark.parametrize("epochs", [1, 3])
def test_a_sentence_at_a_time_is_a_record_whatever_words_come_again(epochs: int) -> None:
    torch.manual_seed(0)
    sentences = [torch.randint(0, 9, (5 + at % 7,)) for at in range(30)]
    net = nn.Sequential(nn.Embedding(9, 4), nn.Linear(4, 3))
    optimizer = torch.optim.Adam(net.parameters())
    with Recorder() as recorder:
        for _ in range(epochs):
            for at in torch.randperm(30):
                optimizer.zero_grad()
                words = sentences[at]
                functional.cross_entropy(net(words), words % 3).backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
                optimizer.step()
    met = order(recorder.made.trainings[0], [])
    assert (met.records, met.epochs, met.batch) == (30, epochs, 1)
    assert met.shuffled is (None if epochs == 1 else True)


def windows(series: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x = np.lib.stride_tricks.sliding_window_view(series, 10)[:-1]
    return x.astype(np.float32)[:, :, None], series[10:].astype(np.float32)


def test_only_the_last_value_of_a_random_walk_says_anything_of_the_next() -> None:
    maker = np.random.default_rng(0)
    steps = maker.standard_normal(900)
    assert last_value(*windows(np.cumsum(steps))) is not None
    trend = np.convolve(steps, np.ones(12), mode="valid")  # a step takes one away again
    assert last_value(*windows(np.cumsum(trend))) is None
    assert last_value(maker.standard_normal((900, 6)), steps) is None


def test_a_forecaster_that_repeats_the_last_value_has_found_no_signal() -> None:
    with watched() as found:
        walk = np.cumsum(np.random.default_rng(1).standard_normal(500))
        x, y = (torch.as_tensor(part) for part in windows((walk - walk.mean()) / walk.std()))
        net = nn.Sequential(nn.Flatten(), nn.Linear(10, 1))
        loop(net, lambda i: functional.mse_loss(net(x[i])[:, 0], y[i]), len(y), epochs=12)
    answer = diagnose(found[0])
    assert answer.primary == "no_signal"
    assert "repeating the last value" in answer.findings[0].evidence


class Images(nn.Module):
    """A network that takes images with their colours last, or believes that it does."""

    def __init__(self, *, viewed: bool) -> None:
        super().__init__()
        self.inner, self.head = nn.Conv2d(3, 4, 3), nn.Linear(4, 2)
        self.viewed = viewed

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        turned = x.reshape(-1, 3, 6, 6) if self.viewed else x.permute(0, 3, 1, 2)
        return torch.as_tensor(self.head(self.inner(turned).relu().mean((2, 3))))


@pytest.mark.parametrize("by_view", [True, False])
def test_colours_that_a_view_has_moved_are_a_mismatch_even_if_something_is_learnt(
    by_view: bool,
) -> None:
    with watched() as found:
        x, y = torch.rand(120, 6, 6, 3), torch.arange(120) % 2
        x[y == 1, :, :, 0] += 0.5
        net = Images(viewed=by_view)
        loop(net, lambda i: functional.cross_entropy(net(x[i]), y[i]), 120, epochs=10)
    assert primary(found) == ("shape_mismatch" if by_view else "none")


def test_the_same_records_with_their_axes_in_another_order_are_viewed() -> None:
    images = np.random.default_rng(0).random((40, 5, 4, 3)).astype(np.float32)
    assert "images" in viewed(images.reshape(40, 3, 5, 4), {"images": images}, [])
    assert not viewed(images.transpose(0, 3, 1, 2), {"images": images}, [])
    assert not viewed(images.reshape(40, 20, 3), {"images": images}, [])
    steps = np.random.default_rng(0).random((6, 40, 3)).astype(np.float32)
    assert "steps" in viewed(steps.reshape(40, 6, 3), {"steps": steps}, [])
    assert not viewed(steps.transpose(1, 0, 2), {"steps": steps}, [])


def test_each_training_of_a_script_is_looked_at_closely_from_its_first_pass() -> None:
    with watched() as found:
        x, y = torch.randn(60, 4), torch.randn(60, 1)
        for _ in range(3):
            net = mlp(1)
            loop(net, lambda i, net=net: functional.mse_loss(net(x[i]), y[i]), 60, epochs=10)  # type: ignore[misc]  # a default that binds the network
    kinds = [[parameter.layer for parameter in seen.parameters] for seen in found]
    assert kinds == [["Linear"] * 4] * 3


@pytest.mark.parametrize("alone", [True, False])
def test_targets_that_were_sorted_by_themselves_are_misaligned(alone: bool) -> None:
    x, y = torch.zeros(200, 4), torch.zeros(200)
    with watched({"x": x, "y": y}) as found:
        x.normal_()
        y.copy_(x.sum(1).sort().values if alone else torch.randn(200))
        net = mlp(1)
        loop(net, lambda i: functional.mse_loss(net(x[i])[:, 0], y[i]), 200, epochs=2)
    assert primary(found) == ("labels_misaligned" if alone else "no_signal")


class Features(nn.Module):
    """Returns what it has seen beside what it says."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.last = nn.Linear(4, 16), nn.Linear(16, 3)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features = self.hidden(x).relu()
        return features, self.last(features)


@pytest.mark.parametrize(("noise", "cause"), [(0.0, "none"), (9.0, "overfitting")])
def test_of_several_outputs_the_one_that_the_loss_takes_is_validated(
    noise: float, cause: str
) -> None:
    torch.manual_seed(0)
    x, new = torch.randn(60, 4), torch.randn(200, 4)
    labels, wanted = ((3 * v[:, :3] + noise * torch.randn(len(v), 3)).argmax(1) for v in (x, new))
    with watched() as found:
        net = Features()
        loop(net, lambda i: functional.cross_entropy(net(x[i])[1], labels[i]), 60, epochs=80)
        with torch.no_grad():
            _ = (net(new)[1].argmax(1) == wanted).double().mean()
    assert primary(found) == cause


def test_as_many_features_as_records_take_no_evaluation_with_a_graph_for_a_batch() -> None:
    x, y, new = torch.randn(100, 20), torch.randn(100), torch.randn(30, 20)
    with watched() as found:
        net = nn.Linear(20, 1)

        def step(i: torch.Tensor) -> torch.Tensor:
            net(new)
            return functional.mse_loss(net(x[i])[:, 0], y[i])

        loop(net, step, 100, epochs=2)
    assert found[0].inputs is not None
    assert sorted(found[0].inputs[:, 0]) == sorted(x[:, 0].tolist())


@pytest.mark.parametrize(("faint", "cause"), [(0.2, "none"), (0.0, "no_signal")])
def test_a_faint_signal_is_told_from_none_by_more_records_than_weights(
    faint: float, cause: str
) -> None:
    torch.manual_seed(0)
    x = torch.randn(2000, 4)
    y = faint * x[:, 0] + torch.randn(2000)
    with watched() as found:
        net = nn.Linear(4, 1)
        loop(net, lambda i: functional.mse_loss(net(x[i])[:, 0], y[i]), 2000, epochs=2)
    assert primary(found) == cause


def test_one_pass_whose_loss_is_level_after_little_was_to_learn_is_long_enough() -> None:
    torch.manual_seed(0)
    x = torch.randn(4000, 4)
    y = torch.bernoulli((0.4 * x[:, 0]).sigmoid())
    with watched() as found:
        net = nn.Linear(4, 1)
        step = functional.binary_cross_entropy_with_logits
        loop(net, lambda i: step(net(x[i])[:, 0], y[i]), 4000, epochs=1, rate=0.02)
    assert primary(found) == "none"
