"""Layers and parameters of a recorded PyTorch training, as observations."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it
# ruff: noqa: SLF001 - the frameworks' own kinds are private

import math
import re
from dataclasses import replace
from typing import Any

import torch

from harness.diagnosis.drawn import drawn
from harness.diagnosis.observations import Layer, Parameter
from harness.diagnosis.watch.by_hand import ByHand
from harness.diagnosis.watch.records import Training
from harness.diagnosis.watch.weights import weights


def layers(training: Training, elsewhere: set[int]) -> tuple[Layer, ...]:
    """The layers that ran, in order, with saturation of their activations.

    Args:
        training: whose layers.
        elsewhere: parameters, by ``id``, that another training of the script updates: their
            layers are those of a teacher.
    """
    found = [
        Layer(
            name=type(module).__name__,
            kind=type(module).__name__,
            width=_width(module),
            dropout=_dropout(module),
            depth=order,
        )
        for module, order in sorted(training.children.values(), key=lambda pair: pair[1])
        if not elsewhere & {id(p) for p in weights(module)}
    ]
    for at, seen in sorted(training.activations.items(), key=lambda item: item[1][0][0]):
        _, kind, share, width = seen[0]
        found.append(
            Layer(
                name=f"{kind} {at.split(':')[0]}",
                kind="activation",
                width=width,
                activation=kind,
                saturated=(share, seen[-1][2]),
                depth=seen[0][0],
            )
        )
    return tuple(found)


def _width(module: torch.nn.Module) -> int | None:
    for name in ("hidden_size", "out_features", "out_channels", "embedding_dim"):
        value = getattr(module, name, None)
        if isinstance(value, int):
            return value
    return None


def _dropout(module: torch.nn.Module) -> float:
    if isinstance(module, torch.nn.modules.dropout._DropoutNd):
        return float(module.p)
    if isinstance(module, torch.nn.RNNBase) and module.num_layers > 1:
        return float(module.dropout)
    return 0.0


def parameters(
    training: Training, elsewhere: set[int], waiting: set[int], ran: set[int]
) -> tuple[Parameter, ...]:
    """Every parameter that ran or that the optimizer holds.

    Args:
        training: whose parameters.
        elsewhere: those, by ``id``, that another training of the script updates.
        waiting: those in an optimizer that never makes a step.
        ran: those that took part in the updates of any training: a generator's may run before
            the discriminator's update, and wait for their own.
    """
    owners = _owners(training)
    used = used_in(training)
    used |= ran if used else set()
    return tuple(
        replace(
            _parameter(training, key, tensor, owners, used),
            elsewhere=key in elsewhere,
            waiting=key in waiting,
        )
        for key, tensor in training.tensors.items()
        if tensor.is_floating_point()
    )


def used_in(training: Training) -> set[int]:
    """Parameters, by ``id``, of the modules that ran in the updates of a training.

    What ran without a graph is no part of it, but for what the optimizer was to train.
    """
    ran = [module for module, _ in training.children.values()] + [*training.modules.values()]
    outside = training.children.keys() - training.in_graph - training.modules.keys()
    return {
        id(p)
        for module in ran
        for p in weights(module, parts=False)
        if id(module) not in outside or id(p) in training.optimized
    }


def _owners(training: Training) -> dict[int, tuple[torch.nn.Module, int]]:
    return {
        id(parameter): (module, order)
        for module, order in training.children.values()
        for parameter in weights(module, parts=False)
    }


def _parameter(
    training: Training,
    key: int,
    tensor: torch.Tensor,
    owners: dict[int, tuple[torch.nn.Module, int]],
    used: set[int],
) -> Parameter:
    name, layer, order = training.names.get(key, ("parameter", "", 0))
    start = training.start.get(key)
    values = start if start is not None else tensor.detach()
    values = values.float()
    late = isinstance(training.optimizer, ByHand)  # met once its first update was made
    moved = float((tensor.detach() - start).norm()) if start is not None else None
    if moved is None and key not in training.optimized:
        moved = 0.0
    return Parameter(
        name=name,
        layer=layer,
        shape=tuple(tensor.shape),
        used=key in used or not used,
        registered=key in training.registered or not training.registered,
        trainable=tensor.requires_grad or key in training.gradients,  # frozen since, for the next
        optimized=key in training.optimized,
        gradients=tuple(training.gradients.get(key, ())),
        weight=float(values.norm()),
        moved=moved,
        spread=float(values.std()) if values.numel() > 1 else 0.0,
        constant=bool(values.numel() > 1 and (values == values.flatten()[0]).all()),
        copies=_are_copies(tensor.detach()),
        usual=0.0 if late else _usual(tensor, owners.get(key)),
        depth=order * LEVELS + _level(name),
        fresh=tensor.dim() > 1
        and tensor.numel() < 10_000_000
        and drawn(
            values.reshape(tensor.shape[0], -1).cpu().numpy(),
            _fan_in(tensor, owners.get(key)),
            tensor.shape[0],
        ),
    )


def _are_copies(matrix: torch.Tensor) -> bool:
    """Whether all units, each a row or several (gates), have the same weights."""
    if matrix.dim() != 2:
        return False
    size = float(matrix.abs().mean())
    return any(
        len(matrix) % gates == 0
        and len(matrix) > gates
        and float(matrix.reshape(gates, -1, matrix.shape[1]).std(1).max()) < APART * size
        for gates in GATES
    )


GATES = (1, 3, 4)
"""Rows of a unit: of a dense or plain recurrent layer, a GRU and an LSTM."""

APART = 1e-2
"""Spread between units, of the size of their weights, that rounding may leave."""

LEVELS = 100
"""More than any module stacks: layers within a module come after each other too."""


def _level(name: str) -> int:
    """Which of the layers that a recurrent module stacks a parameter is of, from 0."""
    found = re.search(r"_l(\d+)(?:_reverse)?$", name)
    return min(int(found.group(1)), LEVELS - 1) if found else 0


def _fan_in(tensor: torch.Tensor, owner: Any) -> int:
    module = owner[0] if owner else None
    if isinstance(module, (torch.nn.RNNBase, torch.nn.RNNCellBase)):
        return int(module.hidden_size)
    return int(tensor[0].numel())


def _usual(tensor: torch.Tensor, owner: Any) -> float:
    """Standard deviation of PyTorch's own start, or of He's, whichever is larger."""
    if tensor.dim() < 2:
        return 0.0
    module = owner[0] if owner is not None else None
    if isinstance(module, torch.nn.Embedding):
        return 1.0
    if isinstance(module, (torch.nn.RNNBase, torch.nn.RNNCellBase)):
        return max(1 / math.sqrt(3 * module.hidden_size), math.sqrt(2 / sum(tensor.shape[-2:])))
    if type(module).__module__.startswith("torch.nn"):
        return math.sqrt(2 / tensor[0].numel())
    return math.sqrt(2 / min(tensor.shape))  # of one's own: it may stand on either side
