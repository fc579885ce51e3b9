"""The gradient that training uses, against finite differences of the loss it reports."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from harness.backends.torch.eager import EagerRun
from harness.probes.toolkit.check import FLOAT32_ROUNDOFF, Check, conclude, skipped
from harness.probes.toolkit.finite_difference import LEAST_SIZE, compare_slope
from harness.probes.toolkit.subject import Subject
from harness.results.probe import Probe

NAME = "gradient"

REPEAT_TOLERANCE = 16 * FLOAT32_ROUNDOFF
"""The same arithmetic twice: 0 on a CPU."""

GATES = ("input", "forget", "cell", "output")

MASKS = 1
"""Seed of the random state that every evaluation starts from, so that dropout masks repeat."""


def gradient(subject: Subject) -> Probe:
    """Compare along one random direction for each parameter tensor, each gate by itself."""
    with subject.run() as run:
        batch = run.batches(0)[0]
        loss = _frozen_loss(run, batch)
        once, again = loss(), loss()
        if once != again and subject.device.startswith("cuda"):
            return skipped(NAME, "cuDNN keeps its own random state: dropout masks do not repeat")
        torch.manual_seed(MASKS)
        run.backward(batch)
        generator = torch.Generator().manual_seed(0)
        checks = [
            Check("the loss repeated differs by", abs(again - once), REPEAT_TOLERANCE * abs(once))
        ]
        checks += [
            _check(name, parameter, part.to(parameter), loss, subject.roundoff, generator)
            for name, parameter in run.model.named_parameters()
            if parameter.requires_grad
            for name, part in _parts(name, parameter)
        ]
    return conclude(NAME, "gradients against finite differences", checks)


def _frozen_loss(run: EagerRun, batch: Tensor) -> Callable[[], float]:
    def loss() -> float:
        torch.manual_seed(MASKS)
        with torch.no_grad():
            return run.loss_of(run.model(run.x[batch]), run.y[batch]).item()

    return loss


def _parts(name: str, parameter: nn.Parameter) -> Iterator[tuple[str, Tensor]]:
    """Yield the rows of each gate of an LSTM's parameter, or all rows, as factors 1 and 0."""
    rows = torch.ones([len(parameter), *[1] * (parameter.dim() - 1)] if parameter.dim() else [])
    if not any(kind in name for kind in ("weight_ih_l", "weight_hh_l", "bias_ih_l", "bias_hh_l")):
        yield name, rows
        return
    for number, gate in enumerate(GATES):
        chosen = torch.zeros_like(rows)
        chosen.chunk(len(GATES))[number].fill_(1)
        yield f"{name} {gate} gate", chosen


def _check(
    name: str,
    parameter: nn.Parameter,
    rows: Tensor,
    loss: Callable[[], float],
    roundoff: float,
    generator: torch.Generator,
) -> Check:
    """Compare along one random direction of unit length within the rows; weights come back."""
    start = parameter.detach().clone()
    slopes = torch.zeros_like(start) if parameter.grad is None else parameter.grad
    direction = torch.randn(start.shape, generator=generator).to(start) * rows
    direction /= direction.norm()
    moved = int(rows.expand_as(start).sum())

    def loss_at(step: float) -> float:
        with torch.no_grad():
            parameter.copy_(start + step * direction)
        found = loss()
        with torch.no_grad():
            parameter.copy_(start)
        return found

    return compare_slope(
        name,
        slope=float((slopes * direction).sum()),
        typical=float((slopes * rows).norm()) / moved**0.5,
        size=max(float((start * rows).norm()), LEAST_SIZE * moved**0.5),
        loss_at=loss_at,
        roundoff=roundoff,
    )
