"""One metric of one run, step by step; checked when it is asked for, by file and line."""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.curves.errors import CurveError, place

MOST_STEPS = 2**53
"""Steps are exact as JSON numbers up to here."""


@dataclass(frozen=True)
class Curve:
    """What was recorded of one metric in one run.

    Attributes:
        run: the name of the run, from its file or folder.
        steps: `[point]`, increasing.
        values: `[point]`; not finite only where the run itself was.
        non_finite: where the first value stands that is not finite; ``None`` if there is none.
    """

    run: str
    steps: NDArray[np.int64]
    values: NDArray[np.float64]
    non_finite: str | None = None


@dataclass
class Points:
    """The points of one metric as they stand in a file: not checked yet."""

    path: Path
    steps: list[int] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def add(self, step: int, value: Any, line: int) -> None:
        """Append a point; ``line`` counts from 1."""
        self.steps.append(step)
        self.values.append(value)
        self.lines.append(line)

    def curve(self, run: str, metric: str) -> Curve:
        """Check the points.

        Raises:
            CurveError: where a step comes twice or goes back, or a value is no number.
        """
        for before, here in zip(range(len(self.steps)), range(1, len(self.steps)), strict=False):
            self._check_order(metric, before, here)
        pairs = zip(self.values, self.lines, strict=True)
        values = np.array([self._number(metric, value, line) for value, line in pairs])
        wrong = np.flatnonzero(~np.isfinite(values))
        spot = None
        if wrong.size:
            first = int(wrong[0])
            spot = (
                f"{place(self.path, self.lines[first])}: {metric} is {values[first]} "
                f"at step {self.steps[first]}"
            )
        return Curve(run, np.array(self.steps, dtype=np.int64), values, spot)

    def _check_order(self, metric: str, before: int, here: int) -> None:
        last, step = self.steps[before], self.steps[here]
        if step > last:
            return
        what = "comes twice" if step == last else f"comes after step {last}"
        raise CurveError(
            f"{place(self.path, self.lines[here])}: {metric}: step {step} {what} "
            f"(see line {self.lines[before]}): a run has each step once, in increasing order"
        )

    def _number(self, metric: str, value: Any, line: int) -> float:
        try:
            return float(str(value) if isinstance(value, bool) else value)
        except OverflowError:
            return math.inf
        except (TypeError, ValueError):
            raise CurveError(
                f"{place(self.path, line)}: {metric} is {str(value)[:40]!r}, not a number"
            ) from None


def step_number(value: Any, path: Path, line: int) -> int:
    """Return a step as a whole number.

    Raises:
        CurveError: if it is none, or not in ``0 ... MOST_STEPS``.
    """
    try:
        number = float(value)
        step = int(number)
    except (TypeError, ValueError, OverflowError):
        number, step = math.nan, -1
    if isinstance(value, bool) or step != number or not 0 <= step <= MOST_STEPS:
        raise CurveError(
            f"{place(path, line)}: the step is {str(value)[:40]!r}: "
            "it must be a whole number, 0 or more"
        )
    return step
