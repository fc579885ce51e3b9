"""A recurrent layer like PyTorch's, with activations chosen by name."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from harness.scenario import Model
from harness.scenario.layer import RecurrentLayer
from harness.scenario.vocabulary import CELLS, ActivationName, CellName

ACTIVATIONS: Mapping[ActivationName, Callable[[Tensor], Tensor]] = {
    "sigmoid": torch.sigmoid,
    "hard_sigmoid": functional.hardsigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "softplus": functional.softplus,
    "linear": lambda x: x,
}

PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
PROJECTION = "weight_hr"
"""What a projected layer has besides `PARAMETERS`."""

State = tuple[Tensor, ...]
"""In the order of the cell's record, the output first; here each `[batch, values]`."""


class NamedActivations(nn.Module):
    """One layer like `nn.LSTM(batch_first=True)` and its siblings, its activations by name.

    Parameters are named as in PyTorch's and start like its, uniform within 1/sqrt(units).
    """

    def __init__(self, model: Model, directions: list[RecurrentLayer]) -> None:
        super().__init__()
        self.kind: CellName = model.kind
        self.hidden_size = directions[0].units
        self.gate = ACTIVATIONS[model.gate_activation]
        self.cell = ACTIVATIONS[model.cell_activation]
        self.suffixes = ["_reverse" if layer.backwards else "" for layer in directions]
        for layer, suffix in zip(directions, self.suffixes, strict=True):
            rows, limit = len(model.cell.gates) * layer.units, layer.units**-0.5
            shapes: dict[str, tuple[int, ...]]
            shapes = {"weight_ih": (rows, layer.inputs), "weight_hh": (rows, layer.outputs)}
            shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)} if model.bias else {}
            shapes |= {PROJECTION: (layer.outputs, layer.units)} if model.projection else {}
            for name, shape in shapes.items():
                values = torch.empty(shape).uniform_(-limit, limit)
                self.register_parameter(f"{name}_l0{suffix}", nn.Parameter(values))

    def forward(
        self, x: Tensor, start: Tensor | State | None = None, lengths: Tensor | None = None
    ) -> tuple[Tensor, Tensor | State]:
        """Map `[batch, timesteps, features]` to outputs `[batch, timesteps, width]`.

        Start and end are as of PyTorch's layers: `[directions, batch, values]`, of an LSTM two.
        Given lengths `[batch]`, what is read backwards begins at each record's end.
        """
        outputs, ends = [], []
        given = (start,) if isinstance(start, Tensor) else start
        for number, suffix in enumerate(self.suffixes):
            own = None if given is None else tuple(state[number] for state in given)
            produced, end = self._direction(_flipped(x, lengths) if suffix else x, suffix, own)
            outputs.append(_flipped(produced, lengths) if suffix else produced)
            ends.append(end)
        end = tuple(torch.stack(states) for states in zip(*ends, strict=True))
        return torch.cat(outputs, 2), end if len(end) > 1 else end[0]

    def _direction(self, x: Tensor, suffix: str, start: State | None) -> tuple[Tensor, State]:
        parts: list[Any] = [
            getattr(self, f"{name}_l0{suffix}", None) for name in (*PARAMETERS, PROJECTION)
        ]
        weight_ih, weight_hh, bias_ih, bias_hh, weight_hr = parts
        if bias_ih is not None and bias_hh is not None and CELLS[self.kind].biases_add:
            bias_ih, bias_hh = bias_ih + bias_hh, None
        projected = functional.linear(x, weight_ih, bias_ih)
        state, outputs = start or self._zeros(x, weight_hh), []
        for inputs in projected.unbind(1):
            recurrent = functional.linear(state[0], weight_hh, bias_hh)
            state = self._step(inputs, recurrent, state)
            if weight_hr is not None:
                state = (functional.linear(state[0], weight_hr), *state[1:])
            outputs.append(state[0])
        return torch.stack(outputs, dim=1), state

    def _zeros(self, x: Tensor, weight_hh: Tensor) -> State:
        """Return the state that a sequence starts from; an LSTM's cells are not projected."""
        rows, outputs = weight_hh.shape
        widths = (outputs, rows // len(CELLS[self.kind].gates))
        return tuple(
            x.new_zeros(len(x), width)
            for width, _ in zip(widths, CELLS[self.kind].states, strict=False)
        )

    def _step(self, inputs: Tensor, recurrent: Tensor, before: State) -> State:
        match self.kind:
            case "lstm":
                i, f, g, o = (inputs + recurrent).chunk(4, dim=1)
                memory = self.gate(f) * before[1] + self.gate(i) * self.cell(g)
                return self.gate(o) * self.cell(memory), memory
            case "gru":
                (r, u, n), (hr, hu, hn) = inputs.chunk(3, 1), recurrent.chunk(3, 1)
                update, reset = self.gate(u + hu), self.gate(r + hr)
                return ((1 - update) * self.cell(n + reset * hn) + update * before[0],)
            case "rnn":
                return (self.cell(inputs + recurrent),)


def _flipped(x: Tensor, lengths: Tensor | None) -> Tensor:
    """Return a batch `[batch, timesteps, values]` with the steps of each record in reverse."""
    if lengths is None:
        return x.flip(1)
    steps = torch.arange(x.shape[1], device=x.device)
    mirrored = lengths[:, None] - 1 - steps
    order = torch.where(mirrored >= 0, mirrored, steps)  # what lies beyond the end stays there
    return x.gather(1, order[..., None].expand_as(x))
