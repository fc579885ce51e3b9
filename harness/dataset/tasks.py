"""Records of a generated task, disturbed as declared.

Training and validation records come from one generator, one after the other.
"""

import numpy as np

from harness.scenario import Task
from harness.scenario.data import Drawn, Floats


def draw(task: Task, records: int, rng: np.random.Generator) -> Drawn:
    """Draw ``records`` inputs and targets of a declared task, disturbed as declared.

    Returns:
        Inputs, float64 `[records, timesteps, features]`; targets `[records]`, int64 classes or
        float64 values.
    """
    x, y = task.draw(records, rng)
    return _disturb(x, task, rng), y


def _disturb(x: Floats, task: Task, rng: np.random.Generator) -> Floats:
    x = x * task.scale + task.offset
    if task.distractor_scale:
        distractor = rng.normal(0.0, task.distractor_scale, x.shape[:2])
        x = np.concatenate([x, distractor[..., None]], axis=2)
    return x
