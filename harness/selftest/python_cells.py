"""`nn.GRU` and a projected `nn.LSTM` once more in Python, each operation replaceable."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, ClassVar
from unittest.mock import patch

import torch
from torch import (
    _VF,  # what `nn.GRU.forward` and `nn.LSTM.forward` call
    Tensor,
)
from torch.nn import functional

from harness.selftest.python_lstm import Change, same

States = tuple[Tensor, ...]

RIGHT: dict[str, Callable[..., Any]] = {"gru": _VF.gru, "lstm": _VF.lstm}
"""PyTorch's own kernels, from before anything is injected."""


def before_product(_x: Tensor, reset: Tensor, recurrent: Tensor) -> Tensor:
    """Reset what the output before contributes, once it is multiplied by its weights."""
    return reset * recurrent


def mixed(update: Tensor, new: Tensor, before: Tensor) -> Tensor:
    """Keep as much of the output before as the update gate says."""
    return (1 - update) * new + update * before


def projected_output(_hidden: Tensor, projected: Tensor) -> Tensor:
    """Carry what the output is projected to."""
    return projected


class _Stack(ABC):
    """Called as PyTorch's kernels are; layers of one direction, without dropout."""

    kernel: ClassVar[str]
    tensors: ClassVar[int]

    def __call__(self, x: Tensor, start: Any, parameters: list[Tensor], *rest: Any) -> Any:
        """Return outputs and final states, as PyTorch's kernel does."""
        batch_first, depth = rest[-1], rest[1]
        if len(parameters) != self.tensors * depth:  # layers that are not projected
            return RIGHT[self.kernel](x, start, parameters, *rest)
        sequence = x.transpose(0, 1) if batch_first else x
        starts, ends = (start if isinstance(start, tuple) else (start,)), []
        for level in range(depth):
            own = parameters[self.tensors * level : self.tensors * (level + 1)]
            state = tuple(each[level] for each in starts)
            steps = []
            for step in sequence:
                state = self._step(step, state, own)
                steps.append(state[0])
            sequence = torch.stack(steps)
            ends.append(state)
        outputs = sequence.transpose(0, 1) if batch_first else sequence
        return (outputs, *(torch.stack(states) for states in zip(*ends, strict=True)))

    @abstractmethod
    def _step(self, x: Tensor, before: States, own: list[Tensor]) -> States:
        """Return the state after a timestep."""

    def inject(self) -> AbstractContextManager[object]:
        """Let every module of this kind compute with this."""
        return patch.object(_VF, self.kernel, self)


@dataclass(frozen=True)
class PythonGRU(_Stack):
    """Called as `torch._VF.gru`; correct unless one of its operations is replaced.

    Attributes:
        second_bias: what the recurrent bias passes through.
        resets: what the candidate takes of the output before: inputs, reset gate, product.
        mixes: update gate, candidate and output before, to the output.
        update, candidate: what that gate, and the candidate, pass through.
    """

    kernel: ClassVar[str] = "gru"
    tensors: ClassVar[int] = 4
    second_bias: Change = same
    resets: Callable[[Tensor, Tensor, Tensor], Tensor] = before_product
    mixes: Callable[[Tensor, Tensor, Tensor], Tensor] = mixed
    update: Change = same
    candidate: Change = same

    def _step(self, x: Tensor, before: States, own: list[Tensor]) -> States:
        weight_ih, weight_hh, bias_ih, bias_hh = own
        given = functional.linear(x, weight_ih, bias_ih)
        recurrent = functional.linear(before[0], weight_hh, self.second_bias(bias_hh))
        (r, u, n), (hr, hu, hn) = given.chunk(3, 1), recurrent.chunk(3, 1)
        update, reset = self.update(torch.sigmoid(u + hu)), torch.sigmoid(r + hr)
        new = self.candidate(torch.tanh(n + self.resets(n, reset, hn)))
        return (self.mixes(update, new, before[0]),)


@dataclass(frozen=True)
class ResetBefore(PythonGRU):
    """A GRU that resets the output before, and then multiplies it: Cho et al. 2014 as written."""

    def _step(self, x: Tensor, before: States, own: list[Tensor]) -> States:
        weight_ih, weight_hh, bias_ih, bias_hh = own
        r, u, n = functional.linear(x, weight_ih, bias_ih).chunk(3, 1)
        kernels, biases = weight_hh.chunk(3), bias_hh.chunk(3)
        hr, hu = (functional.linear(before[0], kernels[i], biases[i]) for i in range(2))
        reset = torch.sigmoid(r + hr) * before[0]
        new = torch.tanh(n + functional.linear(reset, kernels[2], biases[2]))
        return (mixed(torch.sigmoid(u + hu), new, before[0]),)


@dataclass(frozen=True)
class PythonProjected(_Stack):
    """Called as `torch._VF.lstm` of projected layers; correct unless an operation is replaced.

    Attributes:
        carried: what goes on to the next timestep, of the output before and after projection.
        projection: what the projection's weight passes through.
    """

    kernel: ClassVar[str] = "lstm"
    tensors: ClassVar[int] = 5
    carried: Callable[[Tensor, Tensor], Tensor] = projected_output
    projection: Change = same

    def _step(self, x: Tensor, before: States, own: list[Tensor]) -> States:
        weight_ih, weight_hh, bias_ih, bias_hh, weight_hr = own
        z = functional.linear(x, weight_ih, bias_ih)
        z = z + functional.linear(before[0], weight_hh, bias_hh)
        i, f, g, o = z.chunk(4, 1)
        cell = torch.sigmoid(f) * before[1] + torch.sigmoid(i) * torch.tanh(g)
        hidden = torch.sigmoid(o) * torch.tanh(cell)
        projected = functional.linear(hidden, self.projection(weight_hr))
        return self.carried(hidden, projected), cell
