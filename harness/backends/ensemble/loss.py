"""The losses that PyTorch backends train on, one value per seed, and their gradients."""

import torch
from torch import Tensor


def loss(outputs: Tensor, targets: Tensor, class_weights: Tensor | None) -> Tensor:
    """Return each seed's mean loss `[seeds]`, as `nn.CrossEntropyLoss` or `nn.MSELoss` would.

    Args:
        outputs: `[seeds, classes, batch]` logits, or `[seeds, 1, batch]` values.
        targets: `[seeds, batch]`, int64 classes or values.
        class_weights: `[seeds, classes]`, or ``None``.
    """
    if targets.dtype != torch.int64:
        return (outputs[:, 0] - targets).square_().mean(1)
    chosen = outputs.log_softmax(1).gather(1, targets.unsqueeze(1)).squeeze(1)
    return -(chosen * _shares(targets, class_weights, chosen)).sum(1)


def gradient(outputs: Tensor, targets: Tensor, class_weights: Tensor | None) -> Tensor:
    """Return the gradient of ``loss`` by its first argument, in that one's shape."""
    if targets.dtype != torch.int64:
        return (outputs - targets.unsqueeze(1)).mul_(2 / targets.shape[1])
    classes = torch.arange(outputs.shape[1], device=outputs.device)
    chosen = (targets.unsqueeze(1) == classes[:, None]).to(outputs.dtype)
    shares = _shares(targets, class_weights, outputs)
    return outputs.softmax(1).sub_(chosen).mul_(shares.unsqueeze(1))


def _shares(targets: Tensor, class_weights: Tensor | None, like: Tensor) -> Tensor:
    """Return each record's share in its seed's loss `[seeds, batch]`."""
    if class_weights is None:
        return like.new_full((1, 1), 1 / targets.shape[1])
    weights = class_weights.gather(1, targets)
    return weights / weights.sum(1, keepdim=True)
