"""Records that end early: packed, and what of a batch counts: rows that have a target."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from harness.backends.torch.named_activations import NamedActivations
from harness.dataset.padding import IGNORED


def lengths_of(x: Tensor) -> Tensor:
    """Return the number of steps `[batch]` of inputs `[batch, timesteps, features]`."""
    return x[..., 0].isnan().logical_not().sum(dim=1)


def through(layer: nn.Module, x: Tensor, start: Any, lengths: Tensor | None) -> tuple[Tensor, Any]:
    """Run a recurrent module over a batch, of which each record ends where ``lengths`` says.

    Args:
        layer: of PyTorch's own, which gets a packed sequence, or with named activations.
        x: `[batch, timesteps, features]`.
        start: its state before the first step; ``None``: zero.
        lengths: `[batch]`; ``None``: all records are as long.

    Returns:
        Outputs `[batch, timesteps, width]`, 0 beyond a packed record's end, and the final state.
    """
    if lengths is None:
        outputs, end = layer(x, start)
        return outputs, end
    if isinstance(layer, NamedActivations):
        outputs, end = layer(x, start, lengths)
        return outputs, end
    packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
    packed, end = layer(packed, start)
    return pad_packed_sequence(packed, batch_first=True, total_length=x.shape[1])[0], end


def counted(outputs: Tensor, targets: Tensor, width: int) -> tuple[Tensor, Tensor]:
    """Return what losses and metrics are of: one row a record, or a step of one that is there.

    Args:
        outputs: `[records, outputs]`, or `[records, timesteps, outputs]` with targets at each step.
        targets: of `[records]` or `[records, timesteps]`, vectors with one more axis.
        width: numbers in a target that is a vector; 0 where each is one number.

    Returns:
        Outputs `[rows, outputs]` and targets `[rows]`, or `[rows, width]`.
    """
    axes = targets.dim() - (1 if width else 0)
    if axes == 1:
        return outputs, targets
    first = targets[..., 0] if width else targets
    there = torch.isnan(first).logical_not() if first.is_floating_point() else first != IGNORED
    return outputs[there], targets[there]
