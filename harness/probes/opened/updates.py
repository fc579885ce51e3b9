"""What happens to a gradient between `backward` and the optimizer: zeroing, clipping, the rate."""

import numpy as np
import torch
from torch import Tensor
from torch.optim.lr_scheduler import ReduceLROnPlateau

from harness.backends.torch.device import seed_torch
from harness.backends.torch.eager import EagerRun, make_optimizer, make_scheduler, norm
from harness.probes.toolkit.arithmetic import roundoff_of
from harness.probes.toolkit.check import TINY, Check, conclude
from harness.probes.toolkit.memory import Memory
from harness.probes.toolkit.subject import Subject
from harness.reference.schedule import Patience, learning_rate
from harness.results.probe import Probe
from harness.scenario import Training

GRADIENT_TOLERANCE = 1e-5
"""The same float32 arithmetic twice, up to the order of sums on a GPU: 1e-7."""

RATE_TOLERANCE = 1e-6
"""A rate may be a Python float or, for a captured graph, a float32 tensor, rounded by 6e-8."""

LENGTHS = (10.37, 0.5237)
"""Gradient norms, in norms that are clipped at; neither is a number of few bits."""

MASKS = 1


def zeroing(subject: Subject) -> Probe:
    """Compare the gradient of a second step with one computed afresh at the same weights."""
    with subject.run() as run:
        first, *others = run.batches(0)
        second = others[0] if others else first
        run.step(first)
        memory = Memory(run.model)
        seed_torch(MASKS)
        run.backward(second)
        found = [_gradient(p).clone() for p in run.parameters]
        if subject.case.model.factory is not None:
            memory.restore()
        seed_torch(MASKS)
        loss = run.loss_of(run.model(run.x[second]), run.y[second])
        fresh = torch.autograd.grad(loss, run.parameters, allow_unused=True)
        expected = [
            torch.zeros_like(p) if g is None else g
            for p, g in zip(run.parameters, fresh, strict=True)
        ]
    off = Check("off by", _distance(found, expected), GRADIENT_TOLERANCE)
    return conclude("zeroing", "the second step's gradient against one from nothing", [off])


def clipping(subject: Subject) -> Probe:
    """Compare the gradients that reach the optimizer: a long one, a short one."""
    limit = subject.case.training.clip_norm
    checks = []
    with subject.run() as run:
        run.step(run.batches(0)[0])
        coarsest = max(roundoff_of(p.dtype) for p in run.parameters)
        for length in LENGTHS:
            run.backward(run.batches(0)[0])
            wanted = length * (limit or 1.0)
            scale = wanted / max(norm([_gradient(p) for p in run.parameters]), TINY)
            before = [_gradient(p) * scale for p in run.parameters]
            for parameter, values in zip(run.parameters, before, strict=True):
                parameter.grad = values.clone()
            run.update()
            factor = 1.0 if limit is None else min(1.0, limit / wanted)
            found, expected = [_gradient(p) for p in run.parameters], [g * factor for g in before]
            # PyTorch adds 1e-6 to the norm that it divides by; others do not.
            allowed = GRADIENT_TOLERANCE + 2e-6 / wanted + coarsest
            checks.append(Check(f"norm {wanted:.3g} off by", _distance(found, expected), allowed))
    declared = "no clipping" if limit is None else f"clipping at norm {limit:g}"
    return conclude("clipping", f"gradients under {declared}", checks)


def schedule(subject: Subject) -> Probe:
    """Compare the rate of each step: the first few as trained, then of the scheduler alone."""
    training = subject.case.training
    with subject.run() as run:
        per_epoch = len(run.batches(0))
        trained = []
        for batch in run.batches(0)[:3]:
            run.backward(batch)
            trained.append(_rate(run.optimizer))
            run.update()
        traced, expected_trace = _trace(run, per_epoch)
    checks = []
    first = [learning_rate(training, step, per_epoch) for step in range(len(trained))]
    for what, found, expected in (
        ("trained", trained, first),
        ("traced", traced, expected_trace),
    ):
        off = np.abs(np.array(found) / np.array(expected) - 1)
        step = int(np.argmax(off))
        checks.append(Check(f"rate {what} at step {step} off by", float(off[step]), RATE_TOLERANCE))
    return conclude("schedule", f"rates of schedule {training.schedule!r}", checks)


def _trace(run: EagerRun, per_epoch: int) -> tuple[list[float], list[float]]:
    """Return the rates of the scheduler alone, and what they have to be."""
    training = run.case.training
    optimizer = make_optimizer([torch.zeros(1, requires_grad=True)], training)
    scheduler = make_scheduler(optimizer, training, per_epoch)
    if isinstance(scheduler, ReduceLROnPlateau):
        return _waited(scheduler, training)
    rates = []
    for _ in range(per_epoch * training.epochs if scheduler else 1):
        rates.append(_rate(optimizer))
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
    return rates, [learning_rate(training, step, per_epoch) for step in range(len(rates))]


def _waited(scheduler: ReduceLROnPlateau, training: Training) -> tuple[list[float], list[float]]:
    """Return the rates after losses that fall, stay, fall by too little, and stay long enough."""
    found, expected, patience = [], [], Patience(training)
    stays = [0.5] * (training.decay_epochs + 1)
    for loss in [1.0, 0.5, *stays, 0.49999, *stays, 0.4, 0.3, *stays, *stays]:
        scheduler.step(loss)
        patience.after(loss)
        found.append(_rate(scheduler.optimizer))
        expected.append(training.learning_rate * patience.share)
    return found, expected


def _rate(optimizer: torch.optim.Optimizer) -> float:
    rates = {float(group["lr"]) for group in optimizer.param_groups}
    return rates.pop() if len(rates) == 1 else float("nan")


def _gradient(parameter: Tensor) -> Tensor:
    return torch.zeros_like(parameter) if parameter.grad is None else parameter.grad


def _distance(found: list[Tensor], expected: list[Tensor]) -> float:
    difference = norm([a - b for a, b in zip(found, expected, strict=True)])
    return difference / max(norm(expected), TINY)
