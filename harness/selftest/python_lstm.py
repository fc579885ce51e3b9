"""`nn.LSTM` once more in Python, in the place of PyTorch's kernel, each operation replaceable."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import torch
from torch import (
    _VF,  # what `nn.LSTM.forward` calls
    Tensor,
)
from torch.nn import functional

Change = Callable[[Tensor], Tensor]
State = tuple[Tensor, Tensor]


class _Backward(torch.autograd.Function):
    """The identity, whose gradient is changed on its way."""

    @staticmethod
    def forward(context: Any, x: Tensor, change: Change) -> Tensor:
        context.change = change
        return x.view_as(x)

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return context.change(gradient), None


class _Instead(torch.autograd.Function):
    """Another value in the place of the first one, which gets the gradient as it comes."""

    @staticmethod
    def forward(_context: Any, x: Tensor, value: Tensor) -> Tensor:
        del x
        return value.clone()

    @staticmethod
    def backward(_context: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return gradient, None


def backward(change: Change) -> Change:
    """Return the identity whose gradient goes through ``change``."""
    return lambda x: _Backward.apply(x, change)  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped


def instead(x: Tensor, value: Tensor) -> Tensor:
    """Return ``value``, and give its gradient to ``x``."""
    return _Instead.apply(x, value.detach())  # type: ignore[no-any-return, no-untyped-call]  # as above


def same(x: Tensor) -> Tensor:
    """Change nothing."""
    return x


@dataclass(frozen=True)
class PythonLSTM:
    """Called as `torch._VF.lstm`; correct unless one of its operations is replaced.

    Attributes:
        gate: the activation of the input, forget and output gates.
        weight, recurrent: what every parameter, and every recurrent matrix, passes through.
        forget, carried: what the forget gate, and the cell state from the last step, pass through.
        below: what the outputs of a layer pass through on their way up.
        linear: the product with weights.
        masked: dropout between layers.
    """

    gate: Change = torch.sigmoid
    weight: Change = same
    recurrent: Change = same
    forget: Change = same
    carried: Change = same
    below: Change = same
    linear: Callable[[Tensor, Tensor, Tensor], Tensor] = functional.linear
    masked: Callable[[Tensor, float], Tensor] = functional.dropout

    def __call__(
        self,
        x: Tensor,
        start: State,
        parameters: list[Tensor],
        _has_biases: bool,
        depth: int,
        dropout: float,
        train: bool,
        _bidirectional: bool,
        batch_first: bool,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return outputs, final hidden states and final cell states."""
        sequence = x.transpose(0, 1) if batch_first else x
        ends = []
        for level in range(depth):
            if level:
                sequence = self.below(sequence)
            if level and train and dropout:
                sequence = self.masked(sequence, dropout)
            own = [self.weight(p) for p in parameters[4 * level : 4 * level + 4]]
            sequence, end = self._layer(sequence, (start[0][level], start[1][level]), own)
            ends.append(end)
        outputs = sequence.transpose(0, 1) if batch_first else sequence
        hidden, cell = (torch.stack(states) for states in zip(*ends, strict=True))
        return outputs, hidden, cell

    def _layer(self, sequence: Tensor, start: State, own: list[Tensor]) -> tuple[Tensor, State]:
        weight_ih, weight_hh, bias_ih, bias_hh = own
        weight_hh = self.recurrent(weight_hh)
        (hidden, cell), outputs = start, []
        for x in sequence:
            z = self.linear(x, weight_ih, bias_ih) + self.linear(hidden, weight_hh, bias_hh)
            i, f, g, o = z.chunk(4, dim=1)
            cell = self.forget(self.gate(f)) * self.carried(cell) + self.gate(i) * torch.tanh(g)
            hidden = self.gate(o) * torch.tanh(cell)
            outputs.append(hidden)
        return torch.stack(outputs), (hidden, cell)

    def inject(self) -> AbstractContextManager[object]:
        """Let every `nn.LSTM` compute with this."""
        return patch.object(_VF, "lstm", self)
