"""The records of a small case whose targets, or whose lengths, are not those of one task."""

from typing import Literal

import numpy as np

from harness.scenario.data import Drawn, StepTask

THRESHOLD = 0.5
"""Above it lie fewer sums than below, so that classes are not balanced."""


class StepRecords(StepTask):
    """Values from N(0, 1); the target at a step is the sum so far, or whether it is large.

    With a vocabulary inputs are ids, each of which stands for one value. Probes train on it, and no
    scenario file can name it.
    """

    kind: Literal["classes", "values"] = "classes"
    vocabulary: int | None = None
    numbers: int = 0
    """In a target; 0: it is one number."""

    @property
    def several(self) -> int:
        """Numbers in a target."""
        return self.numbers

    @property
    def ids(self) -> int | None:
        """The size of the vocabulary."""
        return self.vocabulary

    def steps(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw values, or ids, and add up what they stand for."""
        shape = records, self.timesteps
        if self.vocabulary is None:
            x = meant = rng.normal(size=shape)
        else:
            x = rng.integers(0, self.vocabulary, shape).astype(np.float64)
            meant = x - (self.vocabulary - 1) / 2
        sums = np.cumsum(meant, axis=1)
        if self.numbers:
            sums = sums[..., None] - np.linspace(-1, 1, self.numbers)
        return x[..., None], sums if self.kind == "values" else (sums > THRESHOLD).astype(np.int64)
