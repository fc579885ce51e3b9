"""Tasks with a target at each step: sequence labelling, and sequences of equal length."""

from typing import Literal

import numpy as np
from pydantic import Field

from harness.scenario.data import TARGETS, Drawn, StepTask, Targets


class RunningSign(StepTask):
    """Tell, at each step, the sign of the sum so far of values drawn from N(0, 1)."""

    task: Literal["running_sign"] = "running_sign"
    targets: Targets = Field("each_step", description=TARGETS)

    def steps(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw values; label the sign of their sum up to each step."""
        x = rng.normal(size=(records, self.timesteps, 1))
        ends = x.sum(axis=1)[:, 0] > 0
        if ends.all() or not ends.any():  # of few records: a choice needs two classes
            x[0] *= -1
        return x, (np.cumsum(x[..., 0], axis=1) > 0).astype(np.int64)


class RunningMean(StepTask):
    """Regression: predict, at each step, the mean so far of values drawn from N(0, 1)."""

    predicts = "values"
    task: Literal["running_mean"] = "running_mean"
    targets: Targets = Field("each_step", description=TARGETS)

    def steps(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw values; average them up to each step."""
        x = rng.normal(size=(records, self.timesteps, 1))
        return x, np.cumsum(x[..., 0], axis=1) / np.arange(1, self.timesteps + 1)


STEP_TASKS: tuple[type[StepTask], ...] = (RunningSign, RunningMean)
