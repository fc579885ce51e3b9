"""The `[data]` table: one model a task, and one for files.

Every task has the records, preprocessing and disturbances of `Data`; its own parameters follow.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

PositiveInt = Annotated[int, Field(ge=1, le=10**8)]
Fraction = Annotated[float, Field(gt=0, lt=1)]


class Section(BaseModel):
    """A table of a scenario file: frozen, and any key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Data(Section):
    """What every source of records has: how many, and what is done to them before training."""

    validation_records: int = Field(200, ge=0, description="validation records")
    normalize: Literal["none", "minmax", "standard"] = Field(
        "none", description="rescale each feature, fitted on the training records only"
    )
    normalize_targets: Literal["none", "standard"] = Field(
        "none", description="standardise regression targets; metrics stay in the targets' own units"
    )
    oversample: bool = Field(
        default=False, description="repeat training records until all classes are equally frequent"
    )
    jitter: float = Field(
        0.0, ge=0, description="augmentation: standard deviation of the noise added to copies"
    )
    jitter_copies: int = Field(
        0, ge=0, description="augmentation: noisy copies added for each training record"
    )
    sort_by_label: bool = Field(
        default=False, description="store the training records sorted by label"
    )


class Task(Data):
    """A generated task: its records are drawn from the seed."""

    records: PositiveInt = Field(200, description="training records")
    timesteps: PositiveInt = Field(8, description="length of a sequence")
    offset: float = Field(0.0, description="added to every input after scaling")
    scale: float = Field(1.0, gt=0, description="every input is multiplied by this")
    distractor_scale: float = Field(
        0.0, ge=0, description="adds a feature N(0, scale) that says nothing; 0: none is added"
    )


class FirstValue(Task):
    """Repeat the first value, which is 0 or 1; the others are integers from 0 to `noise`."""

    task: Literal["first_value"] = "first_value"
    timesteps: PositiveInt = Field(3, description="length of a sequence")
    noise: int = Field(
        9, ge=0, le=10**9, description="largest of the integers that follow the first value"
    )
    positive_rate: Fraction = Field(0.5, description="share of the records labelled 1")


class RecallFirst(Task):
    """Tell the sign of the first value, drawn from N(0, 1), after more noise of that kind."""

    task: Literal["recall_first"] = "recall_first"


class MeanSign(Task):
    """Tell the sign of the mean of values drawn from N(0, 1)."""

    task: Literal["mean_sign"] = "mean_sign"
    label_noise: float = Field(0.0, ge=0, lt=0.5, description="share of labels flipped")


class MeanThreshold(Task):
    """Tell whether the mean of values from N(0, 1) is among the largest `positive_rate`."""

    task: Literal["mean_threshold"] = "mean_threshold"
    positive_rate: Fraction = Field(0.05, description="share of the records labelled 1")
    overlap: float = Field(
        0.0, ge=0, description="noise added to the mean before labelling, in its own deviations"
    )


class MeanValue(Task):
    """Regression: predict the mean of values drawn from N(0, 1), scaled to unit variance."""

    task: Literal["mean_value"] = "mean_value"
    target_scale: float = Field(1.0, gt=0, description="targets are multiplied by this")
    target_offset: float = Field(0.0, description="added to every target")
    target_noise: float = Field(0.0, ge=0, description="standard deviation of noise on targets")


class RandomLabels(Task):
    """Classification without signal: inputs from N(0, 1), labels from a fair coin."""

    task: Literal["random_labels"] = "random_labels"


class FromFile(Data):
    """Records from a CSV or NPZ file, its path relative to the scenario file."""

    file: str = Field(description="a .csv (wide, one row a record) or .npz (x, y) file")
    target: str = Field("target", description="CSV: the column to predict")
    timesteps: PositiveInt | None = Field(None, description="CSV: length of a sequence")
    records: PositiveInt | None = Field(None, description="training records; absent: all")


TASKS: dict[str, type[Task]] = {
    model.model_fields["task"].default: model
    for model in (FirstValue, RecallFirst, MeanSign, MeanThreshold, MeanValue, RandomLabels)
}
