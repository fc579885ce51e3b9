"""The models that PyTorch backends train: `nn.LSTM` stacks, and an LSTM with named activations."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from harness.backends.torch.own_checks import built
from harness.backends.torch.own_module import factory_of
from harness.initial import Weights
from harness.scenario import Case, Model
from harness.scenario.vocabulary import ActivationName

ACTIVATIONS: Mapping[ActivationName, Callable[[Tensor], Tensor]] = {
    "sigmoid": torch.sigmoid,
    "hard_sigmoid": functional.hardsigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "softplus": functional.softplus,
    "linear": lambda x: x,
}

PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class ActivationLSTM(nn.Module):
    """One LSTM layer like `nn.LSTM(batch_first=True)`, its activations chosen by name.

    Parameters are named as in `nn.LSTM` and start like its, uniform within 1/sqrt(units).
    """

    weight_ih_l0: Tensor
    weight_hh_l0: Tensor
    bias_ih_l0: Tensor
    bias_hh_l0: Tensor

    def __init__(
        self, features: int, units: int, gate: ActivationName, cell: ActivationName
    ) -> None:
        super().__init__()
        self.hidden_size = units
        self.gate, self.cell = ACTIVATIONS[gate], ACTIVATIONS[cell]
        limit = units**-0.5
        for name, shape in (("ih", (features,)), ("hh", (units,))):
            weight = torch.empty(4 * units, *shape).uniform_(-limit, limit)
            bias = torch.empty(4 * units).uniform_(-limit, limit)
            self.register_parameter(f"weight_{name}_l0", nn.Parameter(weight))
            self.register_parameter(f"bias_{name}_l0", nn.Parameter(bias))

    def forward(self, x: Tensor) -> tuple[Tensor, None]:
        """Map `[batch, timesteps, features]` to the outputs `[batch, timesteps, units]`."""
        weight_hh = self.weight_hh_l0
        projected = functional.linear(x, self.weight_ih_l0, self.bias_ih_l0 + self.bias_hh_l0)
        hidden = x.new_zeros(len(x), weight_hh.shape[1])
        state = torch.zeros_like(hidden)
        outputs = []
        for inputs in projected.unbind(1):
            gates = inputs + hidden @ weight_hh.t()
            i, f, g, o = gates.chunk(4, dim=1)
            state = self.gate(f) * state + self.gate(i) * self.cell(g)
            hidden = self.gate(o) * self.cell(state)
            outputs.append(hidden)
        return torch.stack(outputs, dim=1), None


class Network(nn.Module):
    """LSTM layers, dropout after each, and a dense head on the last step's output, or on each.

    Layers of one width with standard activations are a single `nn.LSTM` with `num_layers`.
    """

    def __init__(
        self, model: Model, features: int, outputs: int, *, each_step: bool = False
    ) -> None:
        super().__init__()
        self.each_step = each_step
        self.recurrent = nn.ModuleList(_recurrent(model, features))
        self.dropout = nn.Dropout(model.dropout)
        self.head = nn.Linear(model.units[-1], outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Map `[batch, timesteps, features]` to logits or values `[batch, outputs]`.

        With a target at each step, to `[batch, timesteps, outputs]`.
        """
        for layer in self.recurrent:
            x = self.dropout(layer(x)[0])
        answers: Tensor = self.head(x if self.each_step else x[:, -1])
        return answers

    def named_layers(self) -> dict[str, dict[str, Tensor]]:
        """Return the parameters of each layer, by the names that starting weights have."""
        layers: dict[str, dict[str, Tensor]] = {}
        for module in self.recurrent:
            for level in range(getattr(module, "num_layers", 1)):
                layers[f"lstm.{len(layers)}"] = {
                    name: getattr(module, f"{name}_l{level}") for name in PARAMETERS
                }
        layers["head"] = {"weight": self.head.weight, "bias": self.head.bias}
        return layers

    def start_from(self, weights: Weights) -> None:
        """Copy starting weights in."""
        with torch.no_grad():
            for layer, parameters in self.named_layers().items():
                for name, parameter in parameters.items():
                    parameter.copy_(torch.from_numpy(weights[f"{layer}.{name}"]))

    def freeze_second_bias(self) -> None:
        """Leave `bias_hh` at its start: Keras' LSTM has one bias, and training both doubles it."""
        for parameters in self.named_layers().values():
            if "bias_hh" in parameters:
                parameters["bias_hh"].requires_grad_(False)


def _recurrent(model: Model, features: int) -> list[nn.Module]:
    widths = (features, *model.units)
    if not model.usual_activations:
        return [
            ActivationLSTM(inputs, units, model.gate_activation, model.cell_activation)
            for inputs, units in zip(widths, model.units, strict=False)
        ]
    depth = len(model.units)
    if depth > 1 and len(set(model.units)) == 1:
        units = model.units[0]
        return [nn.LSTM(features, units, depth, dropout=model.dropout, batch_first=True)]
    return [
        nn.LSTM(inputs, units, batch_first=True)
        for inputs, units in zip(widths, model.units, strict=False)
    ]


def build(case: Case, features: int, outputs: int) -> nn.Module:
    """Return the model of ``case``, freshly initialised by the framework.

    Raises:
        ImportError, AttributeError, TypeError: if the case's factory cannot be called.
    """
    if case.model.factory is None:
        each_step = case.data.targets == "each_step"
        return Network(case.model, features, outputs, each_step=each_step)
    name = case.model.factory
    given = {"features": features, "outputs": outputs, **case.model.arguments}
    return built(factory_of(name), name, **given)


def layer_parameters(model: nn.Module) -> dict[str, list[Tensor]]:
    """Return the trained parameters of each layer; of a user's module, of each direct child."""
    if isinstance(model, Network):
        layers = {name: list(group.values()) for name, group in model.named_layers().items()}
    else:
        layers = {name: list(child.parameters()) for name, child in model.named_children()}
    trained = {name: [p for p in group if p.requires_grad] for name, group in layers.items()}
    return {name: group for name, group in trained.items() if group}
