"""The generated tasks: each draws inputs `[records, timesteps, features]` and their targets.

Training and validation records come from one draw. Labels are never all of one class.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.scenario import Task

Floats = NDArray[np.float64]
Array = NDArray[Any]
Drawn = tuple[Floats, Array]


def draw(task: Any, records: int, rng: np.random.Generator) -> Drawn:
    """Draw ``records`` inputs and targets of a declared task, disturbed as declared.

    Returns:
        Inputs, float64 `[records, timesteps, features]`; targets `[records]`, int64 classes or
        float64 values.
    """
    x, y = GENERATORS[task.task](task, records, rng)
    return _disturb(x, task, rng), y


def _disturb(x: Floats, task: Task, rng: np.random.Generator) -> Floats:
    x = x * task.scale + task.offset
    if task.distractor_scale:
        distractor = rng.normal(0.0, task.distractor_scale, x.shape[:2])
        x = np.concatenate([x, distractor[..., None]], axis=2)
    return x


def _normal(task: Task, records: int, rng: np.random.Generator) -> Floats:
    return rng.normal(size=(records, task.timesteps, 1))


def _exactly(rate: float, records: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Shuffled labels, with ``rate`` ones to the nearest record, and at least one of each."""
    positives = min(max(round(rate * records), 1), max(records - 1, 1))
    labels = np.zeros(records, np.int64)
    labels[:positives] = 1
    return rng.permutation(labels)


def _first_value(task: Any, records: int, rng: np.random.Generator) -> Drawn:
    y = _exactly(task.positive_rate, records, rng)
    x = rng.integers(0, task.noise, (records, task.timesteps, 1), endpoint=True).astype(np.float64)
    x[:, 0, 0] = y
    return x, y


def _both_classes(y: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.int64]:
    labels = y.astype(np.int64)
    if labels.min() == labels.max() and len(labels) > 1:
        labels[rng.integers(len(labels))] ^= 1
    return labels


def _recall_first(task: Any, records: int, rng: np.random.Generator) -> Drawn:
    x = _normal(task, records, rng)
    return x, _both_classes(x[:, 0, 0] > 0, rng)


def _mean_sign(task: Any, records: int, rng: np.random.Generator) -> Drawn:
    x = _normal(task, records, rng)
    flipped = rng.random(records) < task.label_noise
    return x, _both_classes((x.mean(axis=(1, 2)) > 0) ^ flipped, rng)


def _mean_threshold(task: Any, records: int, rng: np.random.Generator) -> Drawn:
    x = _normal(task, records, rng)
    score = x.mean(axis=(1, 2)) * np.sqrt(task.timesteps)
    score = score + rng.normal(0.0, 1.0, records) * task.overlap
    positives = int(_exactly(task.positive_rate, records, rng).sum())
    y = np.zeros(records, np.int64)
    y[np.argsort(score)[records - positives :]] = 1
    return x, y


def _mean_value(task: Any, records: int, rng: np.random.Generator) -> Drawn:
    x = _normal(task, records, rng)
    mean = x.mean(axis=(1, 2)) * np.sqrt(task.timesteps)
    noise = rng.normal(0.0, 1.0, records) * task.target_noise
    return x, (mean + noise) * task.target_scale + task.target_offset


def _random_labels(task: Any, records: int, rng: np.random.Generator) -> Drawn:
    return _normal(task, records, rng), _exactly(0.5, records, rng)


GENERATORS: dict[str, Callable[[Any, int, np.random.Generator], Drawn]] = {
    "first_value": _first_value,
    "recall_first": _recall_first,
    "mean_sign": _mean_sign,
    "mean_threshold": _mean_threshold,
    "mean_value": _mean_value,
    "random_labels": _random_labels,
}
