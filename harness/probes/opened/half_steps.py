"""Steps in half precision, looked into: gradients, what holds the weights, and the loss' scale."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from harness.backends.torch.eager import EagerRun, norm
from harness.probes.toolkit.check import TINY, Check, exactly

GROWING = 2.0**10
"""A scale that grows at every update; gradients of the small case stay far from float16's 65504."""

OVERFLOWING = 2.0**120
"""A scale at which no gradient is finite in float16."""

STEPS = 3

TINY_LOSS = 1e-6
"""A factor of the loss whose gradients are lost in float16 unless they are scaled up."""

MOST = 40
"""Updates that may be left out before none overflows: a scale of 2**40 has become 1."""


def half_steps(run: EagerRun, allowed: float) -> Iterator[Check]:
    """Yield checks of a run whose step computes in half precision.

    Gradients are compared with those of the same weights in float32, tensor by tensor, as shares
    of what the records contribute: the root mean square of a record's gradient.
    """
    halves = sum(p.dtype != torch.float32 for p in run.parameters)
    yield exactly("weights that are not kept in float32", halves)
    yield Check("gradients off by", _distance(run), allowed)
    yield Check("small gradients off by", _distance(run, TINY_LOSS), allowed)
    if run.precision.scaler is None:
        return
    device = run.device.type
    run.precision.scaler = torch.amp.GradScaler(device, GROWING, growth_interval=1)
    for _ in range(STEPS):
        run.step(run.batches(0)[0])
    yield Check("gradients once the loss' scale has grown off by", _distance(run), allowed)
    run.precision.scaler = torch.amp.GradScaler(device, OVERFLOWING)
    before = [p.detach().clone() for p in run.parameters]
    run.step(run.batches(0)[0])
    moved = sum(not torch.equal(p, old) for p, old in zip(run.parameters, before, strict=True))
    yield exactly("weights moved by gradients that overflowed", moved)
    yield exactly("overflows that left the scale as it was", _stayed(run))


def _stayed(run: EagerRun) -> bool:
    scaler = run.precision.scaler
    return scaler is not None and scaler.get_scale() >= OVERFLOWING


def _distance(run: EagerRun, factor: float = 1.0) -> float:
    """Return how far the gradient of the first batch is from float32's, the farthest tensor."""
    batch = run.batches(0)[0]
    expected, parts = _exact(run, batch), [_exact(run, record) for record in batch[:, None]]
    found = list(expected)
    for _ in range(MOST):
        run.optimizer.zero_grad()
        with run.precision.autocast():
            loss = run.loss_of(run.model(run.x[batch]), run.y[batch])
        run.precision.backward(factor * loss, run.optimizer)
        found = [torch.zeros_like(p) if p.grad is None else p.grad.clone() for p in run.parameters]
        run.update()  # which leaves out gradients that overflowed, and lowers the scale
        if all(torch.isfinite(gradient).all() for gradient in found):
            break
    sizes = [norm(each) / math.sqrt(len(batch)) for each in zip(*parts, strict=True)]
    offs = [norm([one / factor - other]) for one, other in zip(found, expected, strict=True)]
    return max(off / max(size, TINY) for off, size in zip(offs, sizes, strict=True))


def _exact(run: EagerRun, batch: Tensor) -> tuple[Tensor, ...]:
    """Return the gradient of some records' loss in float32."""
    loss = run.loss_of(run.model(run.x[batch]), run.y[batch])
    return torch.autograd.grad(loss, run.parameters)
