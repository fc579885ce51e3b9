"""The slope of a loss along one block of a parameter, against differences of losses."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import torch
from torch import Tensor, nn

from harness.backends.torch.eager import EagerRun
from harness.backends.torch.network import Network
from harness.probes.toolkit.blocks import Block
from harness.probes.toolkit.finite_difference import (
    BLUNT,
    LEAST_SIZE,
    NARROW,
    REACHES,
    Compared,
    compare_slope,
)
from harness.probes.toolkit.subject import FLOAT64_ROUNDOFF

CUT_OFF = "gets no gradient though the loss follows it (detach, .data?):"

WIDE = REACHES[:2]
"""Steps for a parameter without a gradient, which leaves no scale to hold rounding against."""


def compare_block(
    run: EagerRun,
    block: Block,
    loss: Callable[[], float],
    roundoff: float,
    generator: torch.Generator,
) -> Compared:
    """Compare along one random direction of unit length within the rows; weights come back.

    Where float32 decides nothing, our own model's loss is computed in float64 as well, in which a
    step may be so narrow that hardly any loss is chaotic within it.
    """
    parameter, rows = block.parameter, block.rows
    own, cut_off = not isinstance(run.model, Network), parameter.grad is None
    slopes = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad.clone()
    direction = torch.randn(parameter.shape, generator=generator).to(rows) * rows
    direction /= direction.norm()
    moved = int(rows.expand_as(parameter).sum())

    def compare(roundoff: float, reaches: Sequence[float]) -> Compared:
        return compare_slope(
            block.name,
            slope=float((slopes * direction).sum()),
            typical=float((slopes * rows).norm()) / moved**0.5,
            size=max(float((parameter.detach() * rows).norm()), LEAST_SIZE * moved**0.5),
            loss_at=lambda step: _loss_after(parameter, step * direction, loss),
            roundoff=roundoff,
            reaches=reaches,
            blunt=BLUNT if own and not cut_off else math.inf,
        )

    found = compare(roundoff, WIDE if own and cut_off else REACHES)
    if cut_off and found.check.share > 1:
        found = found._replace(check=replace(found.check, what=f"{block.name} {CUT_OFF} off by"))
    if found.decided or own:
        return found
    try:
        with _in_double(run):
            return compare(FLOAT64_ROUNDOFF, NARROW)._replace(decided=True)
    except (
        RuntimeError,
        TypeError,
    ):  # a device, or whatever stands in for a kernel, has no float64
        return found._replace(decided=True)


def _loss_after(parameter: nn.Parameter, move: Tensor, loss: Callable[[], float]) -> float:
    """Return the loss with a parameter moved for the time being."""
    start = parameter.detach().clone()
    with torch.no_grad():
        parameter.copy_(start + move)
        try:
            return loss()
        finally:
            parameter.copy_(start)


@contextmanager
def _in_double(run: EagerRun) -> Iterator[None]:
    """Compute in float64 for a while."""
    x, y = run.x, run.y
    run.model.double(), run.loss.double()
    run.x, run.y = x.double(), y.double() if y.is_floating_point() else y
    try:
        yield
    finally:
        run.model.to(run.dtype), run.loss.to(run.dtype)
        run.x, run.y = x, y
