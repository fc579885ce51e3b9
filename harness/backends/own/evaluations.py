"""What an own training yields: metrics by name, one mapping per evaluation."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

import numpy as np

from harness.history import Floats
from harness.user_code import UserCodeError


class EvaluationError(UserCodeError):
    """What was yielded is no evaluation; the message says what would be one."""


class OutOfTime(Exception):  # noqa: N818  # it ends a run, and is no mistake
    """A training's time is over while it works on an evaluation."""


def numbers_of(yielded: object, needed: Sequence[str]) -> dict[str, float]:
    """Return the metrics of one evaluation as Python floats.

    NumPy scalars and arrays or tensors with a single element count as numbers; non-finite ones
    are a result, not a mistake.

    Args:
        yielded: what the training yielded.
        needed: names that the claim is about.

    Raises:
        EvaluationError: if it is no mapping from names to numbers, or lacks a needed name.
    """
    if not isinstance(yielded, Mapping):
        raise EvaluationError(f'expected a mapping such as {{"loss": 0.3}}, got {_shown(yielded)}')
    found = {_name(key): _number(key, value) for key, value in yielded.items()}
    if missing := [name for name in needed if name not in found]:
        have = ", ".join(map(repr, found)) or "nothing"
        raise EvaluationError(f"lacks {missing[0]!r}, which the claim is about; it has {have}")
    return found


def _name(key: object) -> str:
    if not isinstance(key, str):
        raise EvaluationError(f"names of metrics are texts, got {_shown(key)}")
    return key


def _number(key: object, value: Any) -> float:
    single = (
        value.item() if getattr(value, "size", None) == 1 or _is_scalar_tensor(value) else value
    )
    if isinstance(single, bool) or not isinstance(single, Real):
        raise EvaluationError(f"{key!r} must be a number, got {_shown(value)}")
    try:
        return float(single)
    except OverflowError:  # a whole number has no largest one, a loss that grows may get there
        return math.inf if single == abs(single) else -math.inf


def _is_scalar_tensor(value: Any) -> bool:
    """Whether it is a tensor of one element, of any library that counts with ``numel``."""
    return callable(count := getattr(value, "numel", None)) and count() == 1


def _shown(value: object) -> str:
    text = repr(value)
    return f"{type(value).__name__} {text if len(text) <= 60 else text[:57] + '...'}"  # noqa: PLR2004  # a line


@dataclass
class Evaluations:
    """The evaluations of one seed, in order; a metric that was left out once is NaN there."""

    rows: list[dict[str, float]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Floats:
        """Return a metric `[evaluations + 1]`; the entry before training is not known: NaN."""
        values = [row.get(name, math.nan) for row in self.rows]
        return np.array([math.nan, *values], np.float64)

    def has(self, name: str) -> bool:
        """Whether any evaluation held the metric."""
        return any(name in row for row in self.rows)
