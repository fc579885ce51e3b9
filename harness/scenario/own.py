"""A claim about training that its owner wrote: a function that yields metrics."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ConfigDict

from harness.scenario.case import Claim
from harness.scenario.criterion import Criterion
from harness.scenario.fingerprint import covered_by
from harness.scenario.own_training import OwnTraining
from harness.scenario.rule import Rule
from harness.scenario.sections import Accepted, Seeds
from harness.scenario.source import Source

Train = Callable[[int], Iterator[object]]
"""Called with a seed, it yields one mapping of metrics per evaluation."""


class OwnCase(Claim):
    """A claim with all that is needed to train it.

    Attributes:
        scenario: the file that makes the claim, as results name it.
        directory: where that file lies.
        train: what trains a seed.
        code: files of the source that trains; with another one a resumption trains anew.
        rule: when a run is over.
        seeds: how many are trained.
        importable: folders in which its modules may lie.
        overrides: what its own tables say, a line a key.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    scenario: str
    directory: Path
    train: Train | OwnTraining
    code: tuple[Source, ...]
    rule: Rule
    seeds: Seeds
    baseline: Accepted = Accepted()
    importable: tuple[Path, ...] = ()
    overrides: tuple[str, ...] = ()

    @property
    def factory(self) -> str | None:
        """The function that a file names, ``"package.module:name"``."""
        return self.train.function if isinstance(self.train, OwnTraining) else None

    @property
    def own_code(self) -> tuple[str, ...]:
        """What of the user's own code a file names."""
        return (self.factory,) if self.factory else ()

    @property
    def handed_over(self) -> dict[str, Any]:
        """What a test handed over beside ``train``: nothing."""
        return {}

    @property
    def called(self) -> str:
        """What messages call the training."""
        if isinstance(self.train, OwnTraining):
            return self.train.function or "command"
        return "train"

    @property
    def id(self) -> str:
        """The case's name in results: ``tests/test_model/test_it_learns``."""
        return f"{self.scenario}/{self.name}"

    @property
    def tolerated(self) -> float:
        """Relative change that the baseline tolerates."""
        return self.margin if self.baseline.margin is None else self.baseline.margin

    @property
    def converged(self) -> Criterion:
        """When a run counts as converged."""
        return self.rule.criterion

    @property
    def budget(self) -> int:
        """Most evaluations of a seed; 0 where the training ends by itself."""
        return self.rule.budget or 0

    @property
    def time_limit(self) -> float | None:
        """Seconds that one seed may take, where it says so."""
        return self.rule.time_limit

    @property
    def workload(self) -> str:
        """Empty: how long a step takes is its owner's business."""
        return ""

    @property
    def declared(self) -> None:
        """Nothing: what it trains is its owner's, and has no reference."""

    @property
    def fingerprint(self) -> str:
        """A hash of what was claimed and declared, 16 hexadecimal digits.

        The code is what a baseline is there to watch, so it does not count.
        """
        parts = [covered_by(self.rule)]
        if isinstance(self.train, OwnTraining):
            parts.append(self.train.model_dump_json(include={"function", "command", "arguments"}))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
