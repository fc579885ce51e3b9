"""Axes that have other names after a view: values lie where they lay."""

from typing import Any

import torch

from harness.diagnosis.watch.pairing import renamed

LAYERS = (torch.nn.modules.conv._ConvNd, torch.nn.RNNBase)  # noqa: SLF001 - the kind of all convolutions
"""Layers to which each axis of their input means something else."""


def renamed_inside(module: torch.nn.Module, args: tuple[Any, ...], given: Any) -> str:
    """What a layer was given of the network's input under other names; nothing if it was not.

    Args:
        module: that is about to run.
        args: its arguments.
        given: what the network was given, `[records, ...]`.
    """
    taken = args[0] if args else None
    if not isinstance(module, LAYERS) or not isinstance(taken, torch.Tensor):
        return ""
    if not isinstance(given, torch.Tensor) or not renamed(given.shape, taken.shape):
        return ""
    if not torch.equal(given.detach().reshape(-1), taken.detach().reshape(-1)):
        return ""
    name = type(module).__name__
    return f"the network is given {list(given.shape)}, and its {name} {list(taken.shape)}"
