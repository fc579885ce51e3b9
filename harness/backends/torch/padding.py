"""What of a batch counts: rows of outputs that have a target."""

import torch
from torch import Tensor

from harness.dataset.padding import IGNORED


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
