"""Records of a generated task, disturbed as declared.

Training and validation records come from one generator, one after the other.
"""

import numpy as np

from harness.dataset.padding import pad, present
from harness.scenario import Task
from harness.scenario.data import Drawn, Floats, StepTask

DRAWS = 100
"""How often records are drawn until their classes differ; a few of them may be of one by chance."""


def draw(task: Task, records: int, rng: np.random.Generator) -> Drawn:
    """Draw ``records`` inputs and targets of a declared task, disturbed as declared.

    Returns:
        Inputs, float64 `[records, timesteps, features]`; targets `[records]`, int64 classes or
        float64 values, `[records, timesteps]` with one at each step. What lies beyond a record's
        end is as in `padding`.
    """
    if not isinstance(task, StepTask):
        x, y = task.draw(records, rng)
        return _disturb(x, task, rng), y
    for _ in range(DRAWS):
        x, y = task.steps(records, rng)
        lengths = np.full(records, task.timesteps)
        if task.lengths is not None:
            lengths = rng.integers(*task.lengths, records, endpoint=True)
        x, y = pad(x, y, lengths, task.targets)
        if task.predicts == "values" or len(np.unique(y[present(y)])) > 1:
            break
    return _disturb(x, task, rng), y


def _disturb(x: Floats, task: Task, rng: np.random.Generator) -> Floats:
    x = x * task.scale + task.offset
    if task.distractor_scale:
        distractor = rng.normal(0.0, task.distractor_scale, x.shape[:2])
        distractor = np.where(np.isnan(x[..., 0]), np.nan, distractor)
        x = np.concatenate([x, distractor[..., None]], axis=2)
    return x
