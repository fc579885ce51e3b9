"""The gradient that training uses, against finite differences of the loss it reports."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from harness.backends.eager import Run
from harness.probes.check import ROUNDING_FACTOR, Check, conclude, skipped
from harness.probes.probe import Probe
from harness.probes.subject import Subject

NAME = "gradient"

TOLERANCE = 0.02
"""Of a gradient's typical component along a random direction, beyond the difference's own error."""

REACH = 0.05
"""Length of a step, as a share of the weights' own size (or of 0.2 a weight, if that is more)."""

MASKS = 1
"""Seed of the random state that every evaluation starts from, so that dropout masks repeat."""


def gradient(subject: Subject) -> Probe:
    """Compare along one random direction for each parameter tensor, each gate by itself."""
    with subject.run() as run:
        batch = run.batches(0)[0]
        loss = _frozen_loss(run, batch)
        if loss() != loss():
            return skipped(NAME, "the random state of this device's dropout cannot be fixed")
        torch.manual_seed(MASKS)
        run.backward(batch)
        generator = torch.Generator().manual_seed(0)
        checks = [
            _check(name, parameter, part, loss, subject.roundoff, generator)
            for name, parameter in run.model.named_parameters()
            if parameter.requires_grad
            for name, part in _parts(name, parameter)
        ]
    return conclude(NAME, "gradients against finite differences", checks)


def _frozen_loss(run: Run, batch: Tensor) -> Callable[[], float]:
    def loss() -> float:
        torch.manual_seed(MASKS)
        with torch.no_grad():
            return run.loss_of(run.model(run.x[batch]), run.y[batch]).item()

    return loss


def _parts(name: str, parameter: nn.Parameter) -> Iterator[tuple[str, slice]]:
    """Yield the rows of each gate of an LSTM's parameter, or all rows."""
    rows = len(parameter) if parameter.dim() else 1
    if not any(kind in name for kind in ("weight_ih_l", "weight_hh_l", "bias_ih_l", "bias_hh_l")):
        yield name, slice(rows)
    else:
        for gate, first in zip(
            ("input", "forget", "cell", "output"), range(0, rows, rows // 4), strict=False
        ):
            yield f"{name} {gate} gate", slice(first, first + rows // 4)


def _check(
    name: str,
    parameter: nn.Parameter,
    part: slice,
    loss: Callable[[], float],
    roundoff: float,
    generator: torch.Generator,
) -> Check:
    """Compare one directional derivative; all lengths are Euclidean.

    Richardson's extrapolation of two central differences (Fornberg 1988) is compared; how far
    the two are apart bounds what truncation, or a kink in between, can have done.
    """
    start = parameter.detach().clone()
    rows = start[part] if start.dim() else start
    direction = torch.zeros(start.shape)
    direction[part if start.dim() else ...] = torch.randn(rows.shape, generator=generator)
    direction = (direction / direction.norm()).to(start)
    count = rows.numel()
    step = REACH * max(float(rows.norm()), 0.2 * count**0.5)

    def difference(length: float) -> float:
        values = []
        for signed in (length, -length):
            with torch.no_grad():
                parameter.copy_(start + signed * direction)
            values.append(loss())
        return (values[0] - values[1]) / (2 * length)

    near, far = difference(step), difference(2 * step)
    with torch.no_grad():
        parameter.copy_(start)
    slope = torch.zeros_like(start) if parameter.grad is None else parameter.grad
    along = float((slope * direction).sum())
    size = float(slope[part if start.dim() else ...].norm()) / count**0.5
    rounding = ROUNDING_FACTOR * roundoff * abs(loss()) / step
    allowed = TOLERANCE * size + abs(near - far) + rounding
    return Check(f"{name} off by", abs((4 * near - far) / 3 - along), allowed)
