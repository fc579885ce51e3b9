"""Which of the usual losses a compiled Keras loss is, told by its values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.diagnosis.observations import Array, Floats, LossKind
from harness.diagnosis.watch.keras_own_loss import asked

DRAWN = 16
"""Records of our making; their values differ in spread from draw to draw, so that a square, an
absolute difference and a logarithm cannot be taken for one another."""

SPREADS = (0.9, 0.4, 0.6)

ALIKE = 2e-3
"""Relative difference that rounding, and a small constant within a root or logarithm, explain."""


@dataclass(frozen=True)
class Recognised:
    """A loss that was told by its values.

    Attributes:
        kind: its family; ``other`` where none fits.
        negated: whether it is minus that.
        same: whether it is neither multiplied nor put under a root.
        sparse: whether it takes class numbers.
    """

    kind: LossKind = "other"
    negated: bool = False
    same: bool = False
    sparse: bool = False


def recognised(model: Any, outputs: Array, targets: Array) -> Recognised:
    """Find the usual loss of which the compiled one is a constant multiple.

    Args:
        model: a compiled network.
        outputs: `[records, ...]` of it, for their shape.
        targets: `[records, ...]`, for their shape and kind.
    """
    out, goal = outputs.shape[1:], targets.shape[1:]
    sparse = bool(out) and out[-1] > 1 and goal in {out[:-1], (*out[:-1], 1)}
    for kind, formula in _formulas(out, goal, sparse=sparse):
        pairs = [_drawn(kind, out, goal, seed, sparse=sparse) for seed in range(3)]
        values = [asked(model, target, output) for output, target in pairs]
        known = [formula(output, target) for output, target in pairs]
        powers = (1, 2) if kind == "mse" else (1,)  # its root is often minimised instead
        for power in powers:
            ratios = np.sign(values) * np.abs(values) ** power / known
            middle = float(np.mean(ratios))
            if np.isfinite(middle) and middle and np.ptp(ratios) < ALIKE * abs(middle):
                same = power == 1 and bool(np.isclose(abs(middle), 1, rtol=ALIKE))
                return Recognised(kind, middle < 0, same, sparse)
    return Recognised()


Formula = Callable[[Floats, Array], float]


def _formulas(
    out: tuple[int, ...], goal: tuple[int, ...], *, sparse: bool
) -> list[tuple[LossKind, Formula]]:
    """Losses that such shapes can meet in."""
    if sparse:
        return [("nll", _of_shares), ("cross_entropy", _of_scores)]
    if np.prod(out) != np.prod(goal):
        return []
    found: list[tuple[LossKind, Formula]] = [
        ("mse", lambda o, t: float(((o - t.reshape(o.shape)) ** 2).mean())),
        ("mae", lambda o, t: float(np.abs(o - t.reshape(o.shape)).mean())),
        ("signed", lambda o, t: float((o - t.reshape(o.shape)).mean())),
        ("bce", _of_chances),
        ("bce_logits", lambda o, t: _of_chances(1 / (1 + np.exp(-o)), t)),
    ]
    if out and out[-1] > 1 and out == goal:
        found += [("nll", _of_shares), ("cross_entropy", _of_scores)]
    return found


def _drawn(
    kind: LossKind, out: tuple[int, ...], goal: tuple[int, ...], seed: int, *, sparse: bool
) -> tuple[Floats, Array]:
    """Outputs and targets `[DRAWN, ...]` in the domain of a loss."""
    maker = np.random.default_rng(seed)
    outputs = 0.5 + SPREADS[seed] * maker.uniform(-0.5, 0.5, (DRAWN, *out))
    if kind in {"mse", "mae", "signed"}:
        return outputs, (0.4 + 0.3 * maker.uniform(-0.5, 0.5, (DRAWN, *out))).reshape(DRAWN, *goal)
    if kind in {"bce", "bce_logits"}:
        return outputs, maker.integers(0, 2, (DRAWN, *goal)).astype("float64")
    if kind == "nll":
        outputs /= outputs.sum(-1, keepdims=True)
    labels = maker.integers(0, out[-1], (DRAWN, *out[:-1]))
    return outputs, labels.reshape(DRAWN, *goal) if sparse else np.eye(out[-1])[labels]


def _of_chances(outputs: Floats, targets: Array) -> float:
    t = targets.reshape(outputs.shape)
    return float(-(t * np.log(outputs) + (1 - t) * np.log(1 - outputs)).mean())


def _of_shares(outputs: Floats, targets: Array) -> float:
    if targets.shape != outputs.shape:
        targets = np.eye(outputs.shape[-1])[targets.reshape(outputs.shape[:-1])]
    return float(-(targets * np.log(outputs)).sum(-1).mean())


def _of_scores(outputs: Floats, targets: Array) -> float:
    shares = np.exp(outputs)
    return _of_shares(shares / shares.sum(-1, keepdims=True), targets)
