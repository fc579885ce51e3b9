"""How closely the same seeds train on two backends: first losses, and epochs to converge."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from harness.history import FIRST_STEPS
from harness.results.outcome import Outcome
from harness.results.seed_run import SeedRun, relative_difference

NEAR = 1
"""Epochs apart that count as converging together: a metric that passes its bound is read once an
epoch, so rounding alone can move a seed by one."""

LOSSES = f"first {FIRST_STEPS} losses"
EPOCHS = "epochs to converge"


@dataclass(frozen=True)
class Agreement:
    """Of the same seeds of the same cases, on two backends.

    Attributes:
        losses: the largest relative difference of a first loss of seeds that converge in the first
            backend; NaN where none does. Training that diverges magnifies rounding without bound.
        near: seeds that converge within an epoch of each other, or on neither.
        seeds: compared.
    """

    losses: float
    near: int
    seeds: int

    def cells(self) -> dict[str, str]:
        """Return both measures by name, as a cell each."""
        return {
            LOSSES: "-" if math.isnan(self.losses) else f"within {self.losses:.2g}",
            EPOCHS: f"{self.near}/{self.seeds} within {NEAR}",
        }


def agreement(cases: Iterable[tuple[Outcome, Outcome]]) -> Agreement | None:
    """Compare cases as they ran on two backends; ``None`` where no seed ran on both.

    Cases whose declaration differs are left out: that would not be the backends' doing.
    """
    pairs = [
        pair
        for one, other in cases
        if one.fingerprint == other.fingerprint
        for pair in _paired(one, other)
    ]
    if not pairs:
        return None
    converging = [_loss_difference(*pair) for pair in pairs if pair[0].converged_at is not None]
    return Agreement(
        losses=max(converging, default=math.nan),
        near=sum(_near(one.converged_at, other.converged_at) for one, other in pairs),
        seeds=len(pairs),
    )


def _paired(one: Outcome, other: Outcome) -> list[tuple[SeedRun, SeedRun]]:
    found = {run.seed: run for run in other.runs}
    return [(run, found[run.seed]) for run in one.runs if run.seed in found]


def _loss_difference(one: SeedRun, other: SeedRun) -> float:
    """Return the largest relative difference; infinite where one lost its losses or finiteness."""
    if len(one.first_losses) != len(other.first_losses):
        return math.inf
    pairs = zip(one.first_losses, other.first_losses, strict=True)
    return max((relative_difference(a, b) for a, b in pairs), default=0.0)


def _near(one: int | None, other: int | None) -> bool:
    if one is None or other is None:
        return one == other
    return abs(one - other) <= NEAR
