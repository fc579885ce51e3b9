"""The models compute what `nn.LSTM` computes, however their layers are put together."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from harness.backends.torch.named_activations import ACTIVATIONS, PARAMETERS, NamedActivations
from harness.backends.torch.network import Network, build, layer_parameters
from harness.dataset import build as build_dataset
from harness.initial import draw
from harness.scenario import Case, Model, load
from harness.scenario.vocabulary import CELLS, CellName

FEATURES, OUTPUTS = 3, 2


def network(**declared: Any) -> Network:
    """Return a double-precision network started from seed 0."""
    model = Model(**{"init": "torch"} | declared)
    with torch.random.fork_rng():
        built = Network(model, FEATURES, OUTPUTS).double()
    built.start_from(draw(model, FEATURES, OUTPUTS, 0))
    return built


def records(timesteps: int = 7) -> Tensor:
    return torch.from_numpy(np.random.default_rng(1).normal(size=(5, timesteps, FEATURES)))


def gradients(module: nn.Module, x: Tensor) -> list[Tensor]:
    """Return the outputs, and the gradients of the input and of each parameter, by name."""
    x = x.clone().requires_grad_()
    outputs = module(x)
    outputs = outputs[0] if isinstance(outputs, tuple) else outputs
    weights = torch.linspace(-1, 1, outputs.numel(), dtype=outputs.dtype).view_as(outputs)
    (outputs * weights).sum().backward()
    parameters = dict(sorted(module.named_parameters())).values()
    return [outputs.detach(), *(p.grad for p in (x, *parameters) if p.grad is not None)]


def assert_close(found: Tensor, expected: Tensor) -> None:
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)


def assert_equal(left: list[Tensor], right: list[Tensor]) -> None:
    assert len(left) == len(right)
    for one, other in zip(left, right, strict=True):
        assert_close(one, other)


MADE: dict[CellName, Callable[..., nn.RNNBase]] = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("both_ways", [False, True])
@pytest.mark.parametrize(("units", "timesteps"), [(4, 7), (1, 7), (9, 1)])
def test_with_standard_activations_it_is_pytorch_s_layer_forward_and_backward(
    kind: CellName, both_ways: bool, units: int, timesteps: int
) -> None:
    model = Model(kind=kind, units=(units,), bidirectional=both_ways)
    with torch.random.fork_rng():
        reference = MADE[kind](FEATURES, units, batch_first=True, bidirectional=both_ways).double()
        own = NamedActivations(model, model.layers(FEATURES)).double()
    own.load_state_dict(reference.state_dict())
    x = records(timesteps)
    assert_equal(gradients(own, x), gradients(reference, x))
    start = torch.ones(1 + both_ways, len(x), units, dtype=x.dtype)
    given = (start, 2 * start) if kind == "lstm" else start
    for found, expected in zip(own(x, given), reference(x, given), strict=True):
        assert_equal(_tensors(found), _tensors(expected))


def _tensors(state: Any) -> list[Tensor]:
    return [state] if isinstance(state, Tensor) else list(state)


def test_a_merged_stack_computes_what_its_layers_compute_one_by_one() -> None:
    merged = network(units=(4, 4, 4))
    assert [type(layer) for layer in merged.recurrent] == [nn.LSTM]
    assert merged.recurrent[0].num_layers == 3
    layers = nn.Sequential()
    outputs = x = records()
    for level in range(3):
        layer = nn.LSTM(x.shape[2] if level == 0 else 4, 4, batch_first=True).double()
        with torch.no_grad():
            for name in PARAMETERS:
                getattr(layer, f"{name}_l0").copy_(getattr(merged.recurrent[0], f"{name}_l{level}"))
        layers.append(layer)
        outputs = layer(outputs)[0]
    expected = merged.head(outputs[:, -1])
    found = merged(x)
    assert_close(found, expected)
    found.square().sum().backward()
    merged_gradients = [p.grad for p in merged.recurrent.parameters()]
    merged.head(outputs[:, -1]).square().sum().backward()
    assert_equal(
        [grad for grad in merged_gradients if grad is not None],
        [p.grad for p in layers.parameters() if p.grad is not None],
    )


def test_layers_of_different_widths_are_stacked() -> None:
    stacked = network(units=(4, 2))
    assert [layer.hidden_size for layer in stacked.recurrent] == [4, 2]
    assert stacked(records()).shape == (5, OUTPUTS)


def test_named_activations_stack_like_nn_lstm_does() -> None:
    x = records()
    merged, named = network(units=(4, 4)), network(units=(4, 4))
    named.recurrent = nn.ModuleList(
        NamedActivations(Model(units=(4,)), Model(units=(4,)).layers(features)).double()
        for features in (FEATURES, 4)
    )
    named.start_from(draw(Model(units=(4, 4), init="torch"), FEATURES, OUTPUTS, 0))
    assert_close(named(x), merged(x))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_named_activation_changes_the_outputs_and_trains(name: str) -> None:
    gate = "hard_sigmoid" if name == "sigmoid" else name
    built = network(units=(4,), gate_activation=gate, cell_activation=name)
    assert isinstance(built.recurrent[0], NamedActivations)
    outputs, *found = gradients(built, records())
    assert not torch.allclose(outputs, network(units=(4,))(records()))
    assert len(found) == 1 + 4 + 2  # the input, the layer's tensors and the head's
    assert all(grad.isfinite().all() for grad in found)


def test_starting_weights_arrive_where_they_are_named() -> None:
    model = Model(units=(4, 4), init="torch")
    weights = draw(model, FEATURES, OUTPUTS, 0)
    lstm, head = network(units=(4, 4)).recurrent[0], network(units=(4, 4)).head
    for level in range(2):
        for name in PARAMETERS:
            held = getattr(lstm, f"{name}_l{level}").detach().numpy()
            assert np.array_equal(held, weights[f"lstm.{level}.{name}"])
    assert np.array_equal(head.weight.detach().numpy(), weights["head.weight"])


def test_freezing_the_second_bias_leaves_all_else_trained() -> None:
    built = network(units=(4, 4))
    built.freeze_second_bias()
    frozen = [name for name, p in built.named_parameters() if not p.requires_grad]
    assert frozen == ["recurrent.0.bias_hh_l0", "recurrent.0.bias_hh_l1"]
    assert {name: len(group) for name, group in layer_parameters(built).items()} == {
        "lstm.0": 3,
        "lstm.1": 3,
        "head": 2,
    }


@pytest.mark.parametrize("units", [(8,), (8, 8), (8, 4)])
def test_dropout_acts_after_every_layer_in_training_only(units: tuple[int, ...]) -> None:
    built, x = network(units=units, dropout=0.5), records()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        assert not torch.equal(built(x), built(x))
        hidden: list[Tensor] = []
        built.head.register_forward_hook(lambda _head, inputs, _outputs: hidden.append(inputs[0]))
        built(x)
    assert (hidden[0] == 0).any()
    built.eval()
    assert torch.equal(built(x), built(x))
    assert_close(built(x), network(units=units)(x))


@pytest.fixture
def factory_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    (tmp_path / "own_models.py").write_text(
        "from torch import nn\n"
        "class Mean(nn.Module):\n"
        "    def __init__(self, features, outputs, width):\n"
        "        super().__init__()\n"
        "        self.inner = nn.Linear(features, width)\n"
        "        self.head = nn.Linear(width, outputs)\n"
        "        self.shift = nn.Identity()\n"
        "    def forward(self, x):\n"
        "        return self.head(self.inner(x).mean(dim=1))\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / "case.toml"
    path.write_text(
        'question = "?"\n[data]\ntask = "first_value"\n[converged]\nat_least = 1.0\n'
        '[model]\nfactory = "own_models:Mean"\narguments = {width = 6}\n'
        '[[case]]\nname = "a"\nexpect = "fails"\n'
    )
    return load(path, "case").cases[0]


def test_a_users_module_is_built_with_its_arguments(factory_case: Case) -> None:
    built = build(factory_case, build_dataset(factory_case, 0))
    assert type(built).__name__ == "Mean"
    assert {name: len(group) for name, group in layer_parameters(built).items()} == {
        "inner": 2,
        "head": 2,
    }
