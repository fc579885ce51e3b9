"""The gradient that training uses, against finite differences of the loss it reports."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from harness.backends.torch.eager import Run
from harness.probes.toolkit.check import FLOAT32_ROUNDOFF, Check, conclude, skipped
from harness.probes.toolkit.subject import Subject
from harness.results.probe import Probe

NAME = "gradient"

TOLERANCE = 0.02
"""Of a gradient's typical component along a random direction, beyond the difference's own error."""

REACHES = (0.05, 0.01, 0.002, 0.0004)
"""Lengths of a step, as a share of the weights' own size (or of 0.2 a weight, if that is more).

Truncation, or a kink within reach, spoils a wide step and rounding a narrow one; a wrong gradient
agrees at none. Narrower steps are taken where wider ones disagree.
"""

ROUNDING = 4.0
"""Roundoffs of the loss that a difference of two losses may be off by."""

REPEAT_TOLERANCE = 16 * FLOAT32_ROUNDOFF
"""The same arithmetic twice: 0 on a CPU."""

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
    """Compare one directional derivative; all lengths are Euclidean."""
    start = parameter.detach().clone()
    rows = start[part] if start.dim() else start
    direction = torch.zeros(start.shape)
    direction[part if start.dim() else ...] = torch.randn(rows.shape, generator=generator)
    direction = (direction / direction.norm()).to(start)
    slope = torch.zeros_like(start) if parameter.grad is None else parameter.grad
    along = float((slope * direction).sum())
    typical = float(slope[part if start.dim() else ...].norm()) / rows.numel() ** 0.5
    size = max(float(rows.norm()), 0.2 * rows.numel() ** 0.5)
    checks = []
    for reach in REACHES:
        step, losses = reach * size, []
        for signed in (step, -step):
            with torch.no_grad():
                parameter.copy_(start + signed * direction)
            losses.append(loss())
        off = abs((losses[0] - losses[1]) / (2 * step) - along)
        allowed = TOLERANCE * typical + ROUNDING * roundoff * abs(losses[0]) / step
        checks.append(Check(f"{name} off by", off, allowed))
        if checks[-1].share <= 1:
            break
    with torch.no_grad():
        parameter.copy_(start)
    return min(checks, key=lambda check: check.share)
