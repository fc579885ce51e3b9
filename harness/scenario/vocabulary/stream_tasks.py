"""Tasks whose records continue each other."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from harness.scenario.data import Drawn, PositiveInt, Task
from harness.scenario.section import Mark


class RecordBefore(Task):
    """Tell the sign of the last value of the record before, `streams` places up.

    For `training.stateful` with batches of `streams` records: no gradient goes back into the record
    before, but its last value still shows in the state that it leaves. Of the first records nothing
    is known.
    """

    task: Literal["record_before"] = "record_before"
    timesteps: PositiveInt = Field(3, description="length of a sequence")
    streams: Annotated[PositiveInt, Mark.FREE] = Field(
        20, description="sequences that are cut into records, a record of each in turn"
    )

    def draw(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw N(0, 1) values, and coins for the first record of each stream."""
        x = rng.normal(size=(records, self.timesteps, 1))
        y = np.concatenate([rng.random(self.streams) < 1 / 2, x[:, -1, 0] > 0])[:records]
        labels = y.astype(np.int64)
        if labels.min() == labels.max() and records > 1:
            labels[rng.integers(records)] ^= 1
        return x, labels


STREAM_TASKS: tuple[type[Task], ...] = (RecordBefore,)
