"""A claim about training that its owner wrote: a function that yields metrics."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict

from harness.scenario.case import Claim
from harness.scenario.criterion import Criterion
from harness.scenario.fingerprint import covered_by
from harness.scenario.rule import Rule
from harness.scenario.sections import Accepted, Seeds

Train = Callable[[int], Iterator[object]]
"""Called with a seed, it yields one mapping of metrics per evaluation."""


class OwnCase(Claim):
    """A claim with all that is needed to train it.

    Attributes:
        scenario: the file that makes the claim, as results name it.
        directory: where that file lies.
        train: what trains a seed.
        code: digests of the source that trains; with another one a resumption trains anew.
        rule: when a run is over.
        seeds: how many are trained.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    factory: ClassVar[str | None] = None

    scenario: str
    directory: Path
    train: Train
    code: tuple[str, ...]
    rule: Rule
    seeds: Seeds
    baseline: Accepted = Accepted()

    @property
    def id(self) -> str:
        """The case's name in results: ``tests/test_model/test_it_learns``."""
        return f"{self.scenario}/{self.name}"

    @property
    def tolerated(self) -> float:
        """Relative change that the baseline tolerates."""
        return self.margin

    @property
    def converged(self) -> Criterion:
        """When a run counts as converged."""
        return self.rule.criterion

    @property
    def budget(self) -> int:
        """Most evaluations of a seed; 0 where the training ends by itself."""
        return self.rule.budget or 0

    @property
    def fingerprint(self) -> str:
        """A hash of what was claimed, 16 hexadecimal digits.

        The code is what a baseline is there to watch, so it does not count.
        """
        return hashlib.sha256(covered_by(self.rule).encode()).hexdigest()[:16]
