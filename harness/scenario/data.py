"""The `[data]` table: where the records come from, and what is done to them before training.

Every source has the preprocessing of `Data`. Generated tasks, each with parameters of its own, are
in `harness.scenario.vocabulary.tasks`.
"""

from abc import abstractmethod
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from harness.scenario.section import Mark, Section
from harness.user_code import REFERENCE

MOST = 10**12
"""More of anything is a slip of the keyboard; what is less may still not fit into memory."""

PositiveInt = Annotated[int, Field(ge=1, le=10**8)]
Fraction = Annotated[float, Field(gt=0, lt=1)]
Floats = NDArray[np.float64]
Drawn = tuple[Floats, NDArray[Any]]
"""Inputs `[records, timesteps, features]` and targets `[records]`, or `[records, timesteps]`."""

Targets = Literal["last", "each_step"]
TARGETS = "what a record is asked for: one answer at its end, or one at each step"

VOCABULARY = "token ids are below this; absent: the largest one and 1"


class Data(Section):
    """What every source of records has: how many, and what is done to them before training.

    Attributes:
        source: the key that names it.
        predicts: whether a model of it tells classes apart or predicts values; ``None`` where only
            a file can tell.
    """

    source: ClassVar[str] = "task"
    predicts: ClassVar[Literal["classes", "values"] | None] = None

    targets: Targets = Field("last", description=TARGETS)
    validation_records: Annotated[int, Mark.FREE] = Field(
        200, ge=0, le=MOST, description="validation records"
    )
    normalize: Annotated[Literal["none", "minmax", "standard"], Mark.PREPARATION] = Field(
        "none", description="rescale each feature, fitted on the training records only"
    )
    normalize_targets: Annotated[Literal["none", "standard"], Mark.PREPARATION] = Field(
        "none", description="standardise regression targets; metrics stay in the targets' own units"
    )
    oversample: Annotated[bool, Mark.PREPARATION] = Field(
        default=False, description="repeat training records until all classes are equally frequent"
    )
    jitter: Annotated[float, Mark.PREPARATION] = Field(
        0.0, ge=0, description="augmentation: standard deviation of the noise added to copies"
    )
    jitter_copies: Annotated[int, Mark.PREPARATION] = Field(
        0, ge=0, le=MOST, description="augmentation: noisy copies added for each training record"
    )
    sort_by_label: Annotated[bool, Mark.PREPARATION] = Field(
        default=False, description="store the training records sorted by label"
    )

    lengths: tuple[PositiveInt, PositiveInt] | None = Field(
        None,
        strict=False,
        description="fewest and most steps of a record; absent: all have as many",
    )

    @property
    def file_name(self) -> str | None:
        """The file that it is read from, relative to the scenario's folder; ``None``: none."""
        return None

    @model_validator(mode="after")
    def _lengths_in_order(self) -> Self:
        if self.lengths is not None and self.lengths[0] > self.lengths[1]:
            raise ValueError(f"lengths must be [fewest, most], got {list(self.lengths)}")
        return self


class Task(Data):
    """A generated task: its records are drawn from the seed."""

    predicts: ClassVar[Literal["classes", "values"]] = "classes"

    records: Annotated[PositiveInt, Mark.FREE] = Field(200, description="training records")
    timesteps: PositiveInt = Field(8, description="length of a sequence")
    offset: Annotated[float, Mark.FREE] = Field(
        0.0, description="added to every input after scaling"
    )
    scale: Annotated[float, Mark.FREE] = Field(
        1.0, gt=0, description="every input is multiplied by this"
    )
    distractor_scale: Annotated[float, Mark.SWITCH] = Field(
        0.0, ge=0, description="adds a feature N(0, scale) that says nothing; 0: none is added"
    )

    @model_validator(mode="before")
    @classmethod
    def _as_long_as_the_longest(cls, table: Any) -> Any:
        """Let sequences be as long as the longest record, unless they are said to be longer."""
        lengths = table.get("lengths") if isinstance(table, dict) else None
        given = lengths if isinstance(lengths, list | tuple) else ()
        if given and isinstance(given[-1], int) and "timesteps" not in table:
            return table | {"timesteps": given[-1]}
        return table

    @property
    def ids(self) -> int | None:
        """Its inputs are token ids below this; ``None``: they are no ids."""
        return None

    @property
    def width(self) -> int:
        """Numbers in a step, a distractor aside."""
        return 1

    @property
    def several(self) -> int:
        """Values or labels in a target; 0: it is one."""
        return 0

    @abstractmethod
    def draw(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw inputs, before `scale` and all that follows, and their targets.

        Returns:
            Inputs, float64 `[records, timesteps, features]`; targets `[records]`, int64 classes,
            never all of one class, or float64 values.
        """


class StepTask(Task):
    """A task whose target at a step depends on no later one: it has a target at each step.

    Where only the last counts, it is that of the record's last step, wherever the record ends.
    """

    def draw(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw inputs of full length, and their targets: at each step, or the last ones."""
        x, y = self.steps(records, rng)
        return x, y if self.targets == "each_step" else y[:, -1]

    @abstractmethod
    def steps(self, records: int, rng: np.random.Generator) -> Drawn:
        """Draw inputs, and targets `[records, timesteps]`."""


class FromFactory(Data):
    """Records that a function of the user's returns for a seed."""

    source = "factory"

    factory: str = Field(
        pattern=REFERENCE,
        description='"package.module:name", called with a seed: x, y[, x_validation, y_validation]',
    )
    arguments: dict[str, Any] = Field(
        default_factory=dict, description="keyword arguments for the factory"
    )
    vocabulary: PositiveInt | None = Field(None, description=VOCABULARY)
    records: Annotated[PositiveInt | None, Mark.FREE] = Field(
        None, description="training records; absent: all"
    )


class FromFile(Data):
    """Records from a CSV or NPZ file, its path relative to the scenario file."""

    source = "file"

    file: str = Field(description="a .csv (wide, one row a record) or .npz (x, y) file")
    target: str = Field("target", description="CSV: the column to predict")
    timesteps: PositiveInt | None = Field(None, description="CSV: length of a sequence")
    vocabulary: PositiveInt | None = Field(None, description=VOCABULARY)
    records: Annotated[PositiveInt | None, Mark.FREE] = Field(
        None, description="training records; absent: all"
    )

    @property
    def file_name(self) -> str:
        """The file that it is read from."""
        return self.file


class FromSeries(Data):
    """Windows of a time series in a CSV file, a row a step; held out are the last ones."""

    source = "series"
    predicts = "values"

    series: str = Field(description="a .csv file with a header, one row a step, the oldest first")
    column: str | None = Field(
        None, description="what is predicted; absent: the first of `columns`"
    )
    columns: tuple[str, ...] | None = Field(
        None, strict=False, min_length=1, description="the inputs; absent: `column` itself"
    )
    date: str | None = Field(
        None, description="the column of dates; absent: the first other one that holds dates"
    )
    gaps: bool = Field(
        default=False, description="dates may be missing from a regular series: windows span them"
    )
    window: PositiveInt = Field(20, description="steps that a prediction is made from")
    horizon: PositiveInt = Field(1, description="steps ahead of a window's last that are predicted")
    records: Annotated[PositiveInt | None, Mark.FREE] = Field(
        None, description="training windows, the latest ones; absent: all before the held-out ones"
    )

    @property
    def file_name(self) -> str:
        """The file that it is read from."""
        return self.series

    @property
    def timesteps(self) -> int:
        """Length of a sequence."""
        return self.window

    @property
    def predicted(self) -> str:
        """The column that is predicted."""
        assert self.column is not None or self.columns is not None  # noqa: S101  # validated
        return self.column if self.column is not None else self.columns[0]  # type: ignore[index]

    @property
    def inputs(self) -> tuple[str, ...]:
        """The columns that a window holds."""
        return self.columns if self.columns is not None else (self.predicted,)

    @model_validator(mode="after")
    def _has_a_column(self) -> "FromSeries":
        if self.column is None and self.columns is None:
            raise ValueError("give column, the one that is predicted, or columns, the inputs")
        return self
