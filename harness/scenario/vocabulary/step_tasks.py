"""Tasks of numbers with a target at each step: sequence labelling, and sequences of equal length.

Where there is a classical source, its task is described there, and what is hard about it.
"""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from harness.scenario.data import TARGETS, Drawn, PositiveInt, StepTask, Targets
from harness.scenario.section import Mark


class RunningSign(StepTask):
    """Tell, at each step, the sign of the sum so far of values drawn from N(0, 1).

    Easy but for sums near zero: an accuracy of 0.95 within some hundred steps of Adam.
    """

    task: Literal["running_sign"] = "running_sign"
    targets: Targets = Field("each_step", description=TARGETS)

    def steps(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw values; label the sign of their sum up to each step."""
        x = rng.normal(size=(records, self.timesteps, 1))
        return x, (np.cumsum(x[..., 0], axis=1) > 0).astype(np.int64)


class RunningMean(StepTask):
    """Regression: predict, at each step, the mean so far of values drawn from N(0, 1).

    The network has to count steps as well; constant answers leave the mean of 1/t.
    """

    predicts = "values"
    task: Literal["running_mean"] = "running_mean"
    targets: Targets = Field("each_step", description=TARGETS)

    def steps(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw values; average them up to each step."""
        x = rng.normal(size=(records, self.timesteps, 1))
        return x, np.cumsum(x[..., 0], axis=1) / np.arange(1, self.timesteps + 1)


class Parity(StepTask):
    """Tell whether the bits so far hold an odd number of ones.

    Every bit counts and none tells anything by itself, so that gradients say nothing until the
    whole rule is found (Shalev-Shwartz et al. 2017, arXiv:1703.07950). With a target at each step
    a network learns it step by step; with the last one only, short sequences already may fail.
    """

    task: Literal["parity"] = "parity"

    def steps(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw fair bits; add them up, modulo 2."""
        bits = rng.integers(0, 2, (records, self.timesteps))
        return bits[..., None].astype(np.float64), np.cumsum(bits, axis=1) % 2


class Sine(StepTask):
    """Regression: continue a sine from any phase, `horizon` steps ahead.

    With `slowed` 2 the target is sin(t / 2), whose sign depends on where in two periods t began:
    from records that may begin in either (`starts` 2) no network can tell. Else it is
    deterministic, and errors of a hundredth of the variance are ordinary.
    """

    predicts = "values"
    task: Literal["sine"] = "sine"
    timesteps: PositiveInt = Field(20, description="length of a sequence")
    period: Annotated[float, Mark.FREE] = Field(20.0, gt=2, description="steps in a period")
    horizon: Annotated[PositiveInt, Mark.FREE] = Field(
        1, description="steps ahead that are predicted"
    )
    slowed: Annotated[float, Mark.FREE] = Field(
        1.0, gt=0, description="the target's period in that of the inputs: 2: sin(t / 2)"
    )
    starts: Annotated[PositiveInt, Mark.FREE] = Field(
        1, description="periods of the input within which a record may begin"
    )
    noise: Annotated[float, Mark.FREE] = Field(
        0.0, ge=0, description="standard deviation of the noise on inputs"
    )

    def steps(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw a phase for each record, and noise."""
        angle = 2 * np.pi / self.period
        first = rng.uniform(0, 2 * np.pi * self.starts, (records, 1))
        t = first + angle * np.arange(self.timesteps)
        x = np.sin(t) + self.noise * rng.normal(size=t.shape)
        return x[..., None], np.sin((t + angle * self.horizon) / self.slowed)


class RandomWalk(StepTask):
    """Regression: predict where a random walk will be, `horizon` steps ahead.

    Nothing predicts better than the last value (Fama 1965, on prices); a network that repeats it
    explains most of the variance all the same. Of `change` nothing can be explained.
    """

    predicts = "values"
    task: Literal["random_walk"] = "random_walk"
    horizon: Annotated[PositiveInt, Mark.FREE] = Field(
        1, description="steps ahead that are predicted"
    )
    change: Annotated[bool, Mark.FREE] = Field(
        default=False, description="predict the change from the last value, not where it ends"
    )

    def steps(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw steps from N(0, 1); add them up."""
        walk = rng.normal(size=(records, self.timesteps + self.horizon)).cumsum(axis=1)
        now, later = walk[:, : self.timesteps], walk[:, self.horizon :]
        return now[..., None], later - now if self.change else later


class Adding(StepTask):
    """Regression: add the two values that are marked, of many from U(0, 1).

    Hochreiter & Schmidhuber 1997, section 5.4, as in Le et al. 2015 (arXiv:1504.00941): one mark in
    each half. Answering 1 leaves a mean squared error of 1/6; networks stay there for hundreds of
    steps, the longer the sequences the longer. Before the end the target is the sum so far.
    """

    predicts = "values"
    task: Literal["adding"] = "adding"
    timesteps: Annotated[int, Field(ge=2, le=10**8)] = Field(20, description="length of a sequence")

    @property
    def width(self) -> int:
        """A value, and whether it is marked."""
        return 2

    def steps(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw values, and the two places of the marks."""
        values = rng.uniform(0, 1, (records, self.timesteps))
        half, rows = self.timesteps // 2, np.arange(records)
        marks = np.zeros_like(values)
        marks[rows, rng.integers(0, half, records)] = 1
        marks[rows, rng.integers(half, self.timesteps, records)] = 1
        return np.stack([values, marks], axis=2), np.cumsum(values * marks, axis=1)


STEP_TASKS: tuple[type[StepTask], ...] = (
    *(RunningSign, RunningMean, Parity, Sine, RandomWalk, Adding),
)
