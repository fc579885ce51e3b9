"""The ensemble's own run, opened: its masks, its hand-written gradient with them, its updates."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from harness.backends.ensemble.job import Job
from harness.backends.ensemble.loss import gradient as gradient_of
from harness.backends.ensemble.loss import loss as loss_of
from harness.backends.ensemble.optimizer import OPTIMIZERS
from harness.backends.ensemble.run import BatchedRun
from harness.backends.torch.device import quiet_torch
from harness.probes.opened.gradient import REACHES, ROUNDING, TOLERANCE
from harness.probes.opened.optimizer import LOOKS, Kept, compared, rate_at
from harness.probes.toolkit.check import Array, Check, conclude, exactly
from harness.probes.toolkit.masks import correlation, independence, mean
from harness.probes.toolkit.subject import Subject
from harness.results.probe import Probe

SEEDS = (0, 1)
Arrays = dict[str, Array]

DRAWS = 64
"""Timesteps and records that masks are drawn for: 4096 numbers a unit."""


@contextmanager
def _opened(subject: Subject) -> Iterator[BatchedRun]:
    with quiet_torch(0), torch.inference_mode():
        yield BatchedRun([Job.prepare(subject.case, seed) for seed in SEEDS], subject.device)


def masks(subject: Subject) -> Probe:
    """Draw masks twice: never the same, none of two seeds alike, mean 1, zeros as declared."""
    rate = subject.case.model.dropout
    with _opened(subject) as run:
        if run.dropout is None:
            return conclude("masks", "no dropout declared", [exactly("masks drawn", 0)])
        drawn = [run.dropout.masks(DRAWS, DRAWS) for _ in range(2)]
    zeros = [[(mask == 0).double() for mask in masks] for masks in drawn]
    checks = [mean(f"layer {n}", mask, rate) for n, mask in enumerate(drawn[0])]
    for n, (one, again) in enumerate(zip(*zeros, strict=True)):
        checks += [
            correlation(f"layer {n}: masks of two calls", one, again, rate),
            correlation(f"layer {n}: masks of two seeds", one[:, 0], one[:, 1], rate),
            *independence(f"layer {n}", one[:, 0], rate),
        ]
    checks += [
        correlation("masks of two layers", one, other, rate)
        for one, other in pairwise(zeros[0])
        if one.shape == other.shape
    ]
    return conclude("masks", f"dropout {rate:g} of {len(SEEDS)} seeds", checks)


def gradient(subject: Subject) -> Probe:
    """Compare along random directions, one a layer and seed, with the same masks every time."""
    with _opened(subject) as run:
        (x, y), *_ = run.records.split(subject.case.training.batch_size)
        drawn = run.dropout.masks(len(x), x.shape[3]) if run.dropout else []
        network, start = run.network, run.network.parameters.clone()
        outputs = network.forward(x, drawn)
        network.backward(x, gradient_of(outputs, y, run.class_weights), drawn)
        slopes = network.gradients.clone()

        def losses(parameters: Tensor) -> Tensor:
            network.parameters.copy_(parameters)
            found: Tensor = loss_of(network.forward(x, drawn), y, run.class_weights).double()
            return found

        checks: list[Check] = []
        for layer, columns in network.slices.items():
            direction = _direction(start, columns)
            checks += _differences(layer, start, direction, slopes, losses, subject.roundoff)
    return conclude("gradient", "gradients against finite differences", checks)


def optimizer(subject: Subject) -> Probe:
    """Compare 300 updates of given gradients with the formula."""
    return compared(subject, _by_ensemble)


def _by_ensemble(subject: Subject, start: Arrays, gradients: Arrays) -> Kept:
    """Update one seed whose parameters are all tensors' one after another."""
    training, kept = subject.case.training, {}
    row = np.concatenate([values.ravel() for values in start.values()])
    weights = torch.from_numpy(row)[None].to(subject.device)
    steps = np.concatenate([g.reshape(len(g), -1) for g in gradients.values()], axis=1)
    ends = np.cumsum([values.size for values in start.values()])[:-1]
    updater = OPTIMIZERS[training.optimizer]([training], weights)
    for step, values in enumerate(steps):
        rate = weights.new_full((1, 1), rate_at(training, step))
        updater.step(weights, torch.from_numpy(values)[None].to(subject.device), rate)
        if step + 1 in LOOKS:
            parts = zip(start.items(), np.split(weights[0].cpu().numpy().copy(), ends), strict=True)
            kept[step + 1] = {name: part.reshape(old.shape) for (name, old), part in parts}
    return kept


def _direction(parameters: Tensor, columns: slice) -> Tensor:
    """Return a random direction of unit length a seed, within the columns of one layer."""
    direction = torch.zeros_like(parameters)
    generator = torch.Generator(parameters.device).manual_seed(0)
    direction[:, columns].normal_(generator=generator)
    unit: Tensor = direction / direction.norm(dim=1, keepdim=True)
    return unit


def _differences(
    layer: str,
    start: Tensor,
    direction: Tensor,
    slopes: Tensor,
    losses: Callable[[Tensor], Tensor],
    roundoff: float,
) -> Iterator[Check]:
    """Yield each seed's check at the step, of those in ``REACHES``, that agrees best."""
    inside = direction != 0
    count = int(inside[0].sum())
    along = (slopes * direction).double().sum(1)
    typical = (slopes * inside).double().norm(dim=1) / count**0.5
    size = (start * inside).norm(dim=1, keepdim=True).clamp(min=0.2 * count**0.5)
    best: dict[int, Check] = {}
    for reach in REACHES:
        step = reach * size
        upper, lower = losses(start + step * direction), losses(start - step * direction)
        width = step[:, 0].double()
        off = ((upper - lower) / (2 * width) - along).abs()
        allowed = TOLERANCE * typical + ROUNDING * roundoff * upper.abs() / width
        for seed in range(len(start)):
            check = Check(f"{layer} of seed {seed} off by", float(off[seed]), float(allowed[seed]))
            best[seed] = min(best.get(seed, check), check, key=lambda each: each.share)
    losses(start)
    yield from best.values()
