"""The models that PyTorch backends train: stacks of `nn.LSTM`, `nn.GRU` or `nn.RNN`, and a head."""

from itertools import groupby

import torch
from torch import Tensor, nn

from harness.backends.torch.carried import Carried, States
from harness.backends.torch.named_activations import PARAMETERS, PROJECTION, NamedActivations
from harness.backends.torch.own_checks import built, check_called
from harness.backends.torch.own_inputs import OwnInputs
from harness.backends.torch.own_module import factory_of
from harness.backends.torch.padding import lengths_of, through
from harness.dataset import Dataset
from harness.initial import Weights
from harness.scenario import Case, Model
from harness.scenario.layer import RecurrentLayer


class Network(nn.Module):
    """Recurrent layers, dropout after each, and a dense head on their end, or on each step.

    Token ids are embedded first; ``features`` is then the size of their vocabulary. Records that
    end early, as in `harness.dataset.padding`, are packed.

    Layers of one width with standard activations are a single module with `num_layers`. They end
    with the last timestep's output; of the direction that reads backwards, with the first's.
    """

    def __init__(
        self,
        model: Model,
        features: int,
        outputs: int,
        *,
        each_step: bool = False,
        padded: bool = False,
    ) -> None:
        super().__init__()
        self.each_step, self.padded = each_step, padded
        width = model.embedding
        self.embedding = None if width is None else nn.Embedding(features, width)
        self.recurrent = nn.ModuleList(_recurrent(model, features))
        self.dropout = nn.Dropout(model.dropout)
        self.head = nn.Linear(model.width, outputs)
        self.names = [layer.name for layer in model.layers(features)]
        self.both_ways = model.bidirectional

    def forward(self, x: Tensor, carried: Carried | None = None) -> Tensor:
        """Map `[batch, timesteps, features]` to logits or values `[batch, outputs]`.

        With a target at each step, to `[batch, timesteps, outputs]`. Given what a batch before
        left, the layers start from it, and leave their own there.
        """
        lengths = lengths_of(x) if self.padded else None
        x = x if lengths is None else x.masked_fill(x.isnan(), 0.0)
        x = x if self.embedding is None else self.embedding(x[..., 0].long())
        x, ends = self.sequence(x, None if carried is None else carried.start(len(x)), lengths)
        if carried is not None:
            carried.keep(ends)
        answers: Tensor = self.head(x if self.each_step else self.ending(x, lengths))
        return answers

    def sequence(
        self, x: Tensor, starts: States | None, lengths: Tensor | None = None
    ) -> tuple[Tensor, States]:
        """Return the last layer's outputs `[batch, timesteps, width]`, and each module's end."""
        ends: States = []
        for number, layer in enumerate(self.recurrent):
            x, end = through(layer, x, None if starts is None else starts[number], lengths)
            x = self.dropout(x)
            ends.append(end)
        return x, ends

    def ending(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Return what the layers end with `[batch, width]`, of their outputs."""
        last = x[:, -1] if lengths is None else x[torch.arange(len(x)), lengths - 1]
        if not self.both_ways:
            return last
        half = x.shape[2] // 2
        return torch.cat([last[:, :half], x[:, 0, half:]], dim=1)

    def named_layers(self) -> dict[str, dict[str, Tensor]]:
        """Return the parameters of each layer, by the names that starting weights have."""
        layers: dict[str, dict[str, Tensor]] = {}
        recurrent: dict[str, dict[str, Tensor]] = {}
        if self.embedding is not None:
            layers["embedding"] = {"weight": self.embedding.weight}
        for module in self.recurrent:
            for level in range(getattr(module, "num_layers", 1)):
                for suffix in ("", "_reverse") if self.both_ways else ("",):
                    ending = f"_l{level}{suffix}"
                    recurrent[self.names[len(recurrent)]] = {
                        name: getattr(module, name + ending)
                        for name in (*PARAMETERS, PROJECTION)
                        if hasattr(module, name + ending)
                    }
        return layers | recurrent | {"head": {"weight": self.head.weight, "bias": self.head.bias}}

    def start_from(self, weights: Weights) -> None:
        """Copy starting weights in."""
        with torch.no_grad():
            for layer, parameters in self.named_layers().items():
                for name, parameter in parameters.items():
                    parameter.copy_(torch.from_numpy(weights[f"{layer}.{name}"]))

    def freeze_second_bias(self) -> None:
        """Leave `bias_hh` at its start: Keras has one bias; training both doubles its step."""
        for parameters in self.named_layers().values():
            if "bias_hh" in parameters:
                parameters["bias_hh"].requires_grad_(False)


def _recurrent(model: Model, features: int) -> list[nn.Module]:
    levels = [
        list(directions)
        for _, directions in groupby(
            model.layers(features), key=lambda layer: layer.name.removesuffix(".reverse")
        )
    ]
    if not model.usual_activations:
        return [NamedActivations(model, directions) for directions in levels]
    if len(levels) > 1 and len(set(model.units)) == 1:
        return [_module(model, levels[0][0], len(levels), dropout=model.dropout)]
    return [_module(model, directions[0], 1) for directions in levels]


def _module(model: Model, first: RecurrentLayer, depth: int, dropout: float = 0.0) -> nn.Module:
    """Return PyTorch's own module of so many layers, of which ``first`` is the lowest."""
    common = {
        "num_layers": depth,
        "dropout": dropout,
        "bias": model.bias,
        "batch_first": True,
        "bidirectional": model.bidirectional,
    }
    match model.kind:
        case "lstm":
            return nn.LSTM(first.inputs, first.units, proj_size=model.projection, **common)
        case "gru":
            return nn.GRU(first.inputs, first.units, **common)
        case "rnn":
            return nn.RNN(first.inputs, first.units, nonlinearity=model.cell_activation, **common)


def build(case: Case, data: Dataset) -> nn.Module:
    """Return the model of ``case``, freshly initialised by the framework.

    Raises:
        ImportError, AttributeError, TypeError: if the case's factory cannot be called.
    """
    if case.model.factory is None:
        return Network(
            *(case.model, data.features, data.outputs),
            each_step=data.each_step,
            padded=data.padded,
        )
    name = case.model.factory
    sizes = {"features": data.features, "outputs": data.outputs}
    own = built(factory_of(name), name, sizes, case.model.arguments)
    check_called(own, name, padded=data.padded)
    ids = bool(data.vocabulary)
    return OwnInputs(own, ids=ids, padded=data.padded) if ids or data.padded else own


def layer_parameters(model: nn.Module) -> dict[str, list[Tensor]]:
    """Return the trained parameters of each layer; of a user's module, of each direct child."""
    if isinstance(model, Network):
        layers = {name: list(group.values()) for name, group in model.named_layers().items()}
    else:
        own = model.module if isinstance(model, OwnInputs) else model
        layers = {name: list(child.parameters()) for name, child in own.named_children()}
    trained = {name: [p for p in group if p.requires_grad] for name, group in layers.items()}
    return {name: group for name, group in trained.items() if group}
