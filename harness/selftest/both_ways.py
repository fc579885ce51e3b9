"""`nn.LSTM` in both directions, put together of PyTorch's own kernel, and faults of that."""

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

from harness.selftest.fault import SYNTHETIC, Fault
from harness.selftest.python_lstm import Change, backward, same

SURFACE = "both directions"
TENSORS = 4


def turned(sequence: Tensor) -> Tensor:
    """Return a sequence `[timesteps, batch, values]` from its end."""
    return sequence.flip(0)


def side_by_side(own: Tensor, other: Tensor) -> Tensor:
    """Return the outputs of both directions `[timesteps, batch, 2 * units]`."""
    return torch.cat([own, other], 2)


def layer_by_layer(level: int, direction: int, _depth: int) -> int:
    """Return the place of a layer's direction among the states."""
    return 2 * level + direction


@dataclass(frozen=True)
class BothWays:
    """Called as `torch._VF.lstm`; correct unless one of its operations is replaced.

    Attributes:
        reads, writes: what the other direction's inputs, and its outputs, pass through.
        joins: both directions' outputs, to what the layer puts out.
        weight: what the other direction's parameters pass through.
        slot: the place of a layer's direction among the states.
        below: what the outputs of a layer pass through on their way up.
    """

    reads: Change = turned
    writes: Change = turned
    joins: Callable[[Tensor, Tensor], Tensor] = side_by_side
    weight: Change = same
    slot: Callable[[int, int, int], int] = layer_by_layer
    below: Change = same

    def inject(self) -> AbstractContextManager[object]:
        """Let every `nn.LSTM` compute with this."""
        kernel: Callable[..., Any] = _VF.lstm

        def lstm(
            x: Tensor, start: Any, parameters: list[Tensor], *rest: Any
        ) -> tuple[Tensor, Tensor, Tensor]:
            has_biases, depth, _, train, both, batch_first = rest
            if not both:
                return kernel(x, start, parameters, *rest)  # type: ignore[no-any-return]  # untyped
            sequence = x.transpose(0, 1) if batch_first else x
            ends: dict[int, list[Tensor]] = {}
            for level in range(depth):
                outputs = []
                for direction in (0, 1):
                    place, first = self.slot(level, direction, depth), 2 * level + direction
                    own = parameters[TENSORS * first : TENSORS * (first + 1)]
                    given = sequence
                    if direction:
                        own, given = [self.weight(p) for p in own], self.reads(sequence)
                    state = tuple(each[place : place + 1].contiguous() for each in start)
                    produced, *end = kernel(
                        given.contiguous(), state, own, has_biases, 1, 0.0, train, False, False
                    )
                    ends[place] = end
                    outputs.append(self.writes(produced) if direction else produced)
                joined = self.joins(*outputs)
                sequence = self.below(joined) if level + 1 < depth else joined
            outputs_in_order = sequence.transpose(0, 1) if batch_first else sequence
            hidden, cell = (torch.cat([ends[place][i] for place in sorted(ends)]) for i in range(2))
            return outputs_in_order, hidden, cell

        return patch.object(_VF, "lstm", lstm)


def interleaved(own: Tensor, other: Tensor) -> Tensor:
    """Mix both directions unit by unit."""
    return torch.stack([own, other], 3).flatten(2)


def late(sequence: Tensor) -> Tensor:
    """Return a sequence from its end, a timestep late."""
    return sequence.flip(0).roll(1, 0)


FAULTS = tuple(
    Fault(name, SURFACE, source, sentence, "two_ways", inject, probes)
    for name, source, sentence, inject, probes in (
        (
            "bidirectional_garbled",
            "pytorch#94754",
            "both directions' outputs are mixed unit by unit",
            BothWays(joins=interleaved).inject,
            ("layers", "reference_steps"),
        ),
        (
            "outputs_not_turned_back",
            "sbillburg/CRNN-with-STN#12",
            "the other direction's outputs stay in the order in which it read",
            BothWays(writes=same).inject,
            ("layers", "reference_steps"),
        ),
        (
            "other_direction_reads_forward",
            "kraiskil/onnx2c#95",
            "the other direction does not go back over the timesteps",
            BothWays(reads=same, writes=same).inject,
            ("layers", "reference_steps"),
        ),
        (
            "initial_states_of_other_layers",
            "pytorch PR 95137",
            "initial states are taken direction by direction, not layer by layer",
            BothWays(slot=lambda level, direction, depth: depth * direction + level).inject,
            ("layers",),
        ),
        (
            "directions_states_swapped",
            SYNTHETIC,
            "each direction starts and ends in the other's states",
            BothWays(slot=lambda level, direction, _: 2 * level + 1 - direction).inject,
            ("layers",),
        ),
        (
            "other_direction_without_gradient",
            SYNTHETIC,
            "the other direction's weights get no gradient",
            BothWays(weight=backward(torch.zeros_like)).inject,
            ("layers", "reference_steps", "gradient"),
        ),
        (
            "other_direction_late",
            SYNTHETIC,
            "the other direction's outputs are a timestep late",
            BothWays(writes=late).inject,
            ("layers", "reference_steps"),
        ),
        (
            "gradient_between_layers_halved",
            "PaddlePaddle/Paddle PR 37080",
            "of several layers the lower ones get a wrong gradient where there is no dropout",
            BothWays(below=backward(lambda gradient: gradient / 2)).inject,
            ("layers", "reference_steps", "gradient"),
        ),
    )
)
