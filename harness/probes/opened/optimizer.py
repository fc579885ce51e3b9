"""The declared optimizer alone, against its formula, over 300 updates of given gradients."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from harness.backends.torch.eager import make_optimizer
from harness.probes.toolkit.check import (
    FLOAT32_ROUNDOFF,
    ROUNDING_FACTOR,
    Array,
    Check,
    conclude,
    skipped,
)
from harness.probes.toolkit.subject import Subject
from harness.reference.optimizer import OPTIMIZERS
from harness.results.probe import Probe
from harness.scenario import Training

NAME = "optimizer"

LOOKS = (1, 50, 100, 150, 200, 250, 300)
"""Updates after which weights are compared, each stretch between two for itself: what goes wrong
late is not weighed against the long way before. A step counter of 8 bits has wrapped by 300, one in
bfloat16 stands still."""

STEPS = LOOKS[-1]

FALL, FALLEN = 150, 0.1
"""From this update on gradients are a tenth: an optimizer that forgets nothing shows."""

RATE_CHANGE = 60
"""The update from which the rate is a third of what it was."""

TOLERANCE = 1e-3
"""Of the way each weight went in a stretch, rounding of the weight itself apart. A rate 2 % too
small leaves 2e-2; of this and `ROUNDINGS` together healthy optimizers use up to a quarter."""

NOTHING = 0.1
"""Share of the gradients that are exactly 0, after the first: momentum goes on all the same."""

ROUNDINGS = 3
"""Of a weight in an update: the factor it decays by, the product with it, and the step."""

SCALES = np.logspace(-11, 1, 13)
"""Sizes of the gradients: from far below epsilon to far above."""

REST = 30.0
"""Weights start this many first updates from zero: decay acts, and float32 resolves an update."""


Kept = dict[int, dict[str, Array]]
"""Arrays by name, after each number of updates in ``LOOKS``."""

Ends = tuple[Array, Array]
"""A tensor before and after a stretch of updates."""

Update = Callable[[Subject, dict[str, Array], dict[str, Array]], Kept]
"""Updates starting weights by gradients `[300, ...]`, by name; the rate falls on the way."""


def optimizer(subject: Subject) -> Probe:
    """Compare how weights move over 300 updates, one tensor of them not contiguous."""
    return compared(subject, _by_torch)


def compared(subject: Subject, update: Update) -> Probe:
    """Compare how weights move, from each look to the next, with the formula."""
    if (own := subject.case.training.own_optimizer) is not None:
        return skipped(NAME, f"the formula of the user's own {own} is not known")
    training, dtype = subject.case.training, np.dtype(subject.case.training.dtype)
    rng = np.random.default_rng(0)
    shapes = {"vector": SCALES.shape, "transposed": (len(SCALES), 3), "scalar": (1,)}
    gradients = {
        name: (_scales(shape) * _noise(rng, shape)).astype(dtype) for name, shape in shapes.items()
    }
    start = {
        name: (REST * _first_update(training, values[0]) * rng.normal(size=values[0].shape)).astype(
            dtype
        )
        for name, values in gradients.items()
    }
    expected, way = _by_reference(training, start, gradients, "float64")
    rounded, _ = _by_reference(training, start, gradients, "float32")
    found = {0: start} | update(subject, start, gradients)
    checks = [
        _stretch(
            f"{name} from update {first} to {last}",
            last - first,
            subject.roundoff,
            *((each[first][name], each[last][name]) for each in (found, expected, rounded, way)),
        )
        for first, last in pairwise((0, *LOOKS))
        for name in start
    ]
    return conclude(NAME, f"updates of {training.optimizer} against its formula", checks)


def _stretch(
    what: str, updates: int, roundoff: float, found: Ends, expected: Ends, rounded: Ends, way: Ends
) -> Check:
    """Compare how the elements of a tensor moved; the one nearest to its allowance counts.

    Where a decay alone drives a weight to and fro about zero, rounding may grow: what it does to
    the formula itself in float32 is allowed too.
    """
    moved = expected[1] - expected[0]
    off, went = np.abs((found[1] - found[0]) - moved), way[1] - way[0]
    strayed = ROUNDING_FACTOR * np.abs((rounded[1] - rounded[0]) - moved)
    least = np.maximum(TOLERANCE * went, strayed) * roundoff / FLOAT32_ROUNDOFF
    allowed = least + ROUNDINGS * updates * roundoff * np.maximum(*np.abs(expected))
    worst = np.unravel_index(np.argmax(off / allowed), off.shape)
    share = float(off[worst] / went[worst]), float(allowed[worst] / went[worst])
    return Check(f"{what}, as a share of its way, off by", *share)


def _noise(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return factors around 1, and around a tenth of it later."""
    level = np.where(np.arange(STEPS) < FALL, 1.0, FALLEN).reshape(-1, *(1 for _ in shape))
    noise = level * (1 + 0.5 * rng.normal(size=(STEPS, *shape)))
    noise[1:][rng.random((STEPS - 1, *shape)) < NOTHING] = 0.0
    return noise


def _scales(shape: tuple[int, ...]) -> Array:
    return np.resize(SCALES[::-1], shape[::-1]).T if shape != (1,) else np.ones(1)


def _first_update(training: Training, gradient: Array) -> Array:
    weights = {"": np.zeros(gradient.shape)}
    OPTIMIZERS[training.optimizer](training).update(
        weights, {"": gradient.astype(np.float64)}, training.learning_rate
    )
    return np.abs(weights[""])


def rate_at(training: Training, step: int) -> float:
    """Return the rate of an update: as declared, a third of it from the sixtieth on."""
    return training.learning_rate / (3.0 if step >= RATE_CHANGE else 1.0)


def _by_reference(
    training: Training, start: dict[str, Array], gradients: dict[str, Array], dtype: str
) -> tuple[Kept, Kept]:
    """Return weights, and the way each went: the sum of the sizes of its updates."""
    weights = {name: values.astype(dtype) for name, values in start.items()}
    way = {name: np.zeros(values.shape) for name, values in start.items()}
    reference = OPTIMIZERS[training.optimizer](training)
    kept, ways = {0: {n: w.copy() for n, w in weights.items()}}, {0: way}
    for step in range(STEPS):
        before = {name: values.copy() for name, values in weights.items()}
        now = {name: values[step].astype(dtype) for name, values in gradients.items()}
        reference.update(weights, now, rate_at(training, step))
        way = {name: way[name] + np.abs(weights[name] - before[name]) for name in way}
        if step + 1 in LOOKS:
            kept[step + 1], ways[step + 1] = {n: w.copy() for n, w in weights.items()}, way
    return kept, ways


def _by_torch(subject: Subject, start: dict[str, Array], gradients: dict[str, Array]) -> Kept:
    training, kept = subject.case.training, {}
    weights = {name: _tensor(name, values, subject.device) for name, values in start.items()}
    given = {
        name: torch.from_numpy(values).to(subject.device) for name, values in gradients.items()
    }
    subject_optimizer = make_optimizer(list(weights.values()), training)
    for step in range(STEPS):
        subject_optimizer.zero_grad()
        for group in subject_optimizer.param_groups:
            group["lr"] = rate_at(training, step)
        for name, weight in weights.items():
            # laid out as the weight, as autograd does: fused kernels rely on it
            weight.grad = torch.empty_like(weight).copy_(given[name][step])
        subject_optimizer.step()
        if step + 1 in LOOKS:
            kept[step + 1] = {n: w.detach().cpu().numpy().copy() for n, w in weights.items()}
    return kept


def _tensor(name: str, values: Array, device: str) -> Tensor:
    if name == "transposed":
        return torch.from_numpy(values.T.copy()).to(device).t().requires_grad_()
    return torch.from_numpy(values.copy()).to(device).requires_grad_()
