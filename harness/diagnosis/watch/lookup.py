"""Targets of records, looked up in the script's own arrays: whatever way it computes its scores."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.diagnosis.observations import Array
from harness.diagnosis.scales import ELSEWHERE, apart

MOST_VALUES = 20_000_000
"""Values of one array: more take seconds."""

AGREES = 0.95
"""Share of trained records that must have the target that an array gives them."""


@dataclass(frozen=True)
class Pairs:
    """Rows of an array of inputs, and the targets of the same rows."""

    rows: dict[bytes, int]
    targets: Array


class Lookup:
    """Pairs of arrays that lie in a script, if they agree with what was trained on.

    Args:
        inputs: `[records, ...]` trained on.
        targets: `[records, ...]` that belong to them.
        arrays: the script's own, `[records, ...]` each.
    """

    def __init__(
        self, inputs: Array | None, targets: Array | None, arrays: Iterable[Array]
    ) -> None:
        self.pairs: list[Pairs] = []
        if inputs is None or targets is None or not inputs.size or not targets.size:
            return
        known = dict(zip(row_bytes(inputs), targets, strict=False))
        usable = [a for a in arrays if a.ndim and len(a) > 1 and a.size <= MOST_VALUES]
        xs = [a for a in usable if a[0].size == inputs[0].size]
        ys = [a for a in usable if a[0].size == targets[0].size]
        for x in xs:
            self._pair(x, [y for y in ys if len(y) == len(x) and y is not x], known, targets)

    def _pair(
        self, x: Array, targets: list[Array], known: dict[bytes, Array], trained: Array
    ) -> None:
        rows = {row: at for at, row in reversed(list(enumerate(row_bytes(x))))}
        met = [(at, known[row]) for row, at in rows.items() if row in known][:1000]
        agreeing = [y for y in targets if (_agrees(y, met) if met else _same_unit(y, trained))]
        if met:
            agreeing = agreeing[:1]
        if len({id(y) for y in agreeing}) == 1:
            self.pairs.append(Pairs(rows, agreeing[0]))

    def targets(self, inputs: Any) -> Array | None:
        """Targets `[records, ...]` of inputs; ``None`` unless every record is found."""
        if inputs is None or not self.pairs or not inputs.ndim or not inputs.size:
            return None
        rows = row_bytes(inputs)
        for pairs in self.pairs:
            at = [pairs.rows.get(row) for row in rows]
            if None not in at:
                return np.asarray(pairs.targets[np.array(at, int)])
        return None

    @property
    def sorted_alone(self) -> str:
        """Says that quantities lie in their own order, as inputs that tell nothing of them do not.

        Of classes nothing is said, which are often written down one after the other.
        """
        return next((ASCENDING for pairs in self.pairs if _ascending(pairs.targets)), "")


def row_bytes(records: Array) -> list[bytes]:
    """Each record's values in single precision, as bytes: equal for equal records."""
    flat = np.ascontiguousarray(records.reshape(len(records), -1), np.float32)
    return [row.tobytes() for row in flat]


def mostly_among(rows: Array, others: Array) -> bool:
    """Whether more than half of some rows stand among others."""
    known = set(row_bytes(others))
    asked = row_bytes(rows)
    return sum(row in known for row in asked) > len(asked) / 2


ASCENDING = "the targets lie in ascending or descending order"

QUANTITIES = 20
"""Different targets from which they are no classes."""


def _ascending(targets: Array) -> bool:
    if targets.size != len(targets) or len(np.unique(targets)) <= QUANTITIES:
        return False
    change = np.diff(targets.reshape(-1).astype(np.float64))
    return bool((change >= 0).all() or (change <= 0).all())


def _same_unit(targets: Array, trained: Array) -> bool:
    """Whether quantities lie where those that were trained on do: they may not have been scaled."""
    if targets.dtype.kind != "f":
        return True
    spread, other = float(trained.std()), float(targets.std())
    alike = spread / ELSEWHERE <= other <= spread * ELSEWHERE
    return alike and apart(targets, trained) <= ELSEWHERE


def _agrees(targets: Array, met: list[tuple[int, Array]]) -> bool:
    one = np.array([np.ravel(targets[at]) for at, _ in met], np.float64)
    two = np.array([np.ravel(label) for _, label in met], np.float64)
    return bool(np.isclose(one, two, rtol=1e-4, atol=1e-4).all(1).mean() > AGREES)
