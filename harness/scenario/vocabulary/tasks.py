"""The generated tasks: what each asks, its parameters, and how its records are drawn.

The word for a task in a scenario file is the value of its `task`.
"""

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from harness.scenario.data import Drawn, Floats, Fraction, PositiveInt, Task
from harness.scenario.section import Mark
from harness.scenario.vocabulary.id_tasks import ID_TASKS
from harness.scenario.vocabulary.step_tasks import STEP_TASKS
from harness.scenario.vocabulary.stream_tasks import STREAM_TASKS


class FirstValue(Task):
    """Repeat the first value, which is 0 or 1; the others are integers from 0 to `noise`."""

    task: Literal["first_value"] = "first_value"
    timesteps: PositiveInt = Field(3, description="length of a sequence")
    noise: Annotated[int, Mark.FREE] = Field(
        9, ge=0, le=10**9, description="largest of the integers that follow the first value"
    )
    positive_rate: Annotated[Fraction, Mark.FREE] = Field(
        0.5, description="share of the records labelled 1"
    )

    def draw(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw labels, then integers to follow them."""
        y = _exactly(self.positive_rate, records, rng)
        noise = rng.integers(0, self.noise, (records, self.timesteps, 1), endpoint=True)
        x = noise.astype(np.float64)
        x[:, 0, 0] = y
        return x, y


class RecallFirst(Task):
    """Tell the sign of the first value, drawn from N(0, 1), after more noise of that kind."""

    task: Literal["recall_first"] = "recall_first"

    def draw(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw values; label the sign of the first."""
        x = _normal(self, records, rng)
        return x, _both_classes(x[:, 0, 0] > 0, rng)


class MeanSign(Task):
    """Tell the sign of the mean of values drawn from N(0, 1)."""

    task: Literal["mean_sign"] = "mean_sign"
    label_noise: Annotated[float, Mark.FREE] = Field(
        0.0, ge=0, lt=0.5, description="share of labels flipped"
    )

    def draw(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw values; label the sign of their mean, then flip some labels."""
        x = _normal(self, records, rng)
        flipped = rng.random(records) < self.label_noise
        return x, _both_classes((x.mean(axis=(1, 2)) > 0) ^ flipped, rng)


class MeanThreshold(Task):
    """Tell whether the mean of values from N(0, 1) is among the largest `positive_rate`."""

    task: Literal["mean_threshold"] = "mean_threshold"
    positive_rate: Annotated[Fraction, Mark.FREE] = Field(
        0.05, description="share of the records labelled 1"
    )
    overlap: Annotated[float, Mark.FREE] = Field(
        0.0, ge=0, description="noise added to the mean before labelling, in its own deviations"
    )

    def draw(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw values; label the largest means 1."""
        x = _normal(self, records, rng)
        score = x.mean(axis=(1, 2)) * np.sqrt(self.timesteps)
        score = score + rng.normal(0.0, 1.0, records) * self.overlap
        positives = int(_exactly(self.positive_rate, records, rng).sum())
        y = np.zeros(records, np.int64)
        y[np.argsort(score)[records - positives :]] = 1
        return x, y


class MeanValue(Task):
    """Regression: predict the mean of values drawn from N(0, 1), scaled to unit variance."""

    predicts = "values"
    task: Literal["mean_value"] = "mean_value"
    target_scale: Annotated[float, Mark.FREE] = Field(
        1.0, gt=0, description="targets are multiplied by this"
    )
    target_offset: Annotated[float, Mark.FREE] = Field(0.0, description="added to every target")
    target_noise: Annotated[float, Mark.FREE] = Field(
        0.0, ge=0, description="standard deviation of noise on targets"
    )

    def draw(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw values and the noise on their mean."""
        x = _normal(self, records, rng)
        mean = x.mean(axis=(1, 2)) * np.sqrt(self.timesteps)
        noise = rng.normal(0.0, 1.0, records) * self.target_noise
        return x, (mean + noise) * self.target_scale + self.target_offset


class RandomLabels(Task):
    """Classification without signal: inputs from N(0, 1), labels from a fair coin."""

    task: Literal["random_labels"] = "random_labels"

    def draw(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw values and, apart from them, labels."""
        return _normal(self, records, rng), _exactly(0.5, records, rng)


def _normal(task: Task, records: int, rng: np.random.Generator) -> Floats:
    return rng.normal(size=(records, task.timesteps, 1))


def _exactly(rate: float, records: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Shuffled labels, with ``rate`` ones to the nearest record, and at least one of each."""
    positives = min(max(round(rate * records), 1), max(records - 1, 1))
    labels = np.zeros(records, np.int64)
    labels[:positives] = 1
    return rng.permutation(labels)


def _both_classes(y: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.int64]:
    labels = y.astype(np.int64)
    if labels.min() == labels.max() and len(labels) > 1:
        labels[rng.integers(len(labels))] ^= 1
    return labels


_TASKS: tuple[type[Task], ...] = (
    *(FirstValue, RecallFirst, MeanSign, MeanThreshold, MeanValue, RandomLabels),
    *STREAM_TASKS,
    *STEP_TASKS,
    *ID_TASKS,
)
TASKS: dict[str, type[Task]] = {task.model_fields["task"].default: task for task in _TASKS}
