"""The records of a small case whose targets, or whose lengths, are not those of one task."""

from typing import Literal

import numpy as np

from harness.scenario.data import Drawn, StepTask

THRESHOLD = 0.5
"""Above it lie fewer sums than below, so that classes are not balanced."""


class StepRecords(StepTask):
    """Values from N(0, 1); the target at a step is the sum so far, or whether it is large.

    Probes train on it, and no scenario file can name it.
    """

    kind: Literal["classes", "values"] = "classes"

    def steps(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw values and add them up."""
        x = rng.normal(size=(records, self.timesteps, 1))
        sums = np.cumsum(x[..., 0], axis=1)
        return x, sums if self.kind == "values" else (sums > THRESHOLD).astype(np.int64)
