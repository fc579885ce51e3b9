"""One metric of two recordings: identical, same, improved, regressed or missing, and how sure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from harness.curves.curve import Curve
from harness.curves.effects import Effect, Floor, compare_runs

Status = Literal["identical", "same", "improved", "regressed", "missing"]
TOLERANCE = 0.01
"""Relative; third decimals drift with a library, 5 % do not."""


@dataclass(frozen=True)
class CurveComparison:
    """What a comparison found of one metric.

    Attributes:
        metric: its name.
        status: the answer.
        reason: where nothing could be measured, why; else empty.
        tolerance: relative change that is tolerated.
        runs: how many, accepted and new.
        points: how many steps were compared.
        effects: measured changes: of the final level, the level over the run, the steps needed.
        floor: what the noise floor was taken from.
    """

    metric: str
    status: Status
    reason: str = ""
    tolerance: float = TOLERANCE
    runs: tuple[int, int] = (0, 0)
    points: int = 0
    effects: tuple[Effect, ...] = ()
    floor: Floor = "none"

    @property
    def failed(self) -> bool:
        """Whether what was accepted no longer holds, or is not there."""
        return self.status in ("regressed", "missing")


def compare_curves(
    metric: str, old: Sequence[Curve], new: Sequence[Curve], tolerance: float, *, higher: bool
) -> CurveComparison:
    """Compare runs with accepted ones, at the accepted steps.

    Args:
        metric: its name.
        old: accepted runs, finite and at the same steps.
        new: new runs, at any steps.
        tolerance: relative change that is tolerated; a change of as much is not.
        higher: whether higher values are better.
    """
    runs, points = (len(old), len(new)), len(old[0].steps)
    for curve in new:
        if curve.non_finite:
            return CurveComparison(metric, "regressed", curve.non_finite, tolerance, runs, points)
        if gone := np.setdiff1d(old[0].steps, curve.steps).tolist():
            reason = _missing(curve, gone, points)
            return CurveComparison(metric, "missing", reason, tolerance, runs, points)
    accepted = np.array([curve.values for curve in old])
    measured = np.array([c.values[np.isin(c.steps, old[0].steps)] for c in new])
    if np.array_equal(accepted, measured):
        return CurveComparison(metric, "identical", "", tolerance, runs, points)
    steps = old[0].steps.astype(np.float64)
    paired = [curve.run for curve in old] == [curve.run for curve in new]
    floor, effects = compare_runs(
        accepted, measured, steps, tolerance, higher=higher, paired=paired
    )
    status = _status(effects)
    return CurveComparison(metric, status, "", tolerance, runs, points, effects, floor)


def _status(effects: Sequence[Effect]) -> Status:
    if any(effect.worse for effect in effects):
        return "regressed"
    return "improved" if any(effect.better for effect in effects) else "same"


def _missing(curve: Curve, gone: list[int], points: int) -> str:
    shown = ", ".join(map(str, gone[:3])) + (", ..." if len(gone) > 3 else "")  # noqa: PLR2004
    return f"{curve.run} lacks {len(gone)} of {points} accepted steps: {shown}"
