"""Outputs and targets as they met in losses, those that a script writes out by hand included."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import math

import numpy as np
import torch

from harness.diagnosis.observations import LossKind
from harness.diagnosis.watch.records import Pair


def mean_value(pairs: list[Pair]) -> torch.Tensor:
    """Mean of the losses of one update."""
    first = pairs[0].value.detach()
    if len(pairs) == 1:
        return first if first.dim() == 0 else first.mean()
    return torch.stack([p.value.detach().mean() for p in pairs]).mean()


def negated(objective: torch.Tensor, value: torch.Tensor) -> bool | None:
    """Whether what is minimised is minus the loss; ``None`` where neither can be told."""
    if objective.numel() != 1 or value.numel() != 1:
        return None
    minimised, lost = float(objective.detach()), float(value.detach())
    if not math.isfinite(minimised):
        return None
    return minimised < 0 and math.isclose(-minimised, lost, rel_tol=1e-5)


def stack(pairs: list[Pair], *, together: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """Outputs and targets of all losses of one update, if they are of one shape.

    Args:
        pairs: as they met.
        together: one gradient was taken of all: they are steps of the same records, `[records,
            steps]` then, not several batches.
    """
    first = pairs[0]
    alike = [p for p in pairs if _alike(p, first)]
    if len(alike) < 2:
        return first.output.detach(), first.target.detach()
    outputs, targets = [p.output.detach() for p in alike], [p.target.detach() for p in alike]
    if together and all(p.target.shape == first.target.shape for p in alike):
        if first.output.dim() == 2 and first.target.dim() == 1:  # a class at each step
            return torch.stack(outputs, 2), torch.stack(targets, 1)
        if first.output.shape == first.target.shape:
            return torch.stack(outputs, 1), torch.stack(targets, 1)
    return torch.cat(outputs), torch.cat(targets)


def _alike(one: Pair, other: Pair) -> bool:
    return bool(
        one.kind == other.kind
        and one.output.shape[1:] == other.output.shape[1:]
        and one.target.shape[1:] == other.target.shape[1:]
        and one.output.dim()
        and one.target.dim()
    )


def broadcast(pair: Pair) -> bool:
    """Whether output and target met in something larger than either.

    Of PyTorch's own losses, which ask for one shape and warn of two, than one of them is enough.
    """
    if pair.kind not in {"mse", "mae", "signed"} or pair.output.shape == pair.target.shape:
        return False
    try:
        shape = np.broadcast_shapes(tuple(pair.output.shape), tuple(pair.target.shape))
    except ValueError:
        return False
    sizes = pair.output.numel(), pair.target.numel()
    limit = max(sizes) if pair.name == HANDWRITTEN or min(sizes) == 1 else min(sizes)
    return math.prod(shape) > limit


def handwritten(
    output: torch.Tensor, target: torch.Tensor, objective: torch.Tensor | None = None
) -> Pair:
    """A loss made of a difference: whichever of the usual ones gives the number.

    Args:
        output: one side of the difference, `[records, ...]`.
        target: the other side.
        objective: what was minimised.
    """
    difference = torch.subtract(output, target).detach()  # `-` is what the recorder listens to
    made: dict[LossKind, torch.Tensor] = {
        "mse": (difference**2).mean(),
        "mae": difference.abs().mean(),
        "signed": difference.mean(),
    }
    kind: LossKind = "mse"
    if objective is not None and _spread(output, target):
        kind = "other"
    if objective is not None and objective.numel() == 1:
        value = objective.detach().reshape(())
        seen = [*made.items(), ("signed", made["signed"] ** 2)]
        for name, number in seen:
            if bool(torch.isclose(number.abs(), value.abs(), rtol=1e-4, atol=0)):
                kind = name
                break
    value = made[kind] if kind in made or objective is None else objective.detach().reshape(())
    return Pair(kind, output, target, value, HANDWRITTEN)


def _spread(output: torch.Tensor, target: torch.Tensor) -> bool:
    """Whether each target met several outputs: components of a mixture, or quantiles."""
    try:
        shape = np.broadcast_shapes(tuple(output.shape), tuple(target.shape))
    except ValueError:
        return False
    return target.numel() < output.numel() == math.prod(shape) and target.numel() > 1


HANDWRITTEN = "handwritten"
"""Name of a loss that a script writes out."""
