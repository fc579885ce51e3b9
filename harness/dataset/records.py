"""What a data file holds, and what no file of records may hold."""

from dataclasses import dataclass, replace

import numpy as np

from harness.dataset.padding import Array, without
from harness.scenario.data import Targets

MOST_CLASSES = 10_000
"""More are numbers, not classes: the head has a unit for each."""


@dataclass(frozen=True)
class Records:
    """A file's content: inputs `[records, timesteps, features]`, targets `[records]`.

    With targets at each step those are `[records, timesteps]`; several values or labels of a target
    are a further axis. Lengths `[records]` say where records end; ``None``: all are as long. Inputs
    may be declared as token ids, of one feature. Of windows of a time series, `series` `[rows]` is
    what is predicted, and `ends` `[records]` are the rows of their last steps. A note is on what
    may be a slip.
    """

    x: Array
    y: Array
    x_validation: Array | None = None
    y_validation: Array | None = None
    lengths: Array | None = None
    lengths_validation: Array | None = None
    targets: Targets = "last"
    ids: bool = False
    series: Array | None = None
    ends: Array | None = None
    ends_validation: Array | None = None
    note: str = ""


class DataFileError(Exception):
    """A data file cannot be used; the message says why and what would be right."""


def ended(records: Records) -> Records:
    """Return records of which what lies beyond an end is as in `padding`; inputs are float64."""
    names = ("x", "y", "x_validation", "y_validation")
    given = {name: values for name in names if (values := getattr(records, name)) is not None}
    for name, values in given.items():
        if name.startswith("x"):
            given[name] = np.where(beyond_end(records, name), np.nan, values.astype(np.float64))
        else:
            given[name] = without(values, beyond_end(records, name))
    return replace(records, **given)


def check_records(records: Records) -> None:
    """Check shapes, numbers and labels.

    Raises:
        DataFileError: if there are none, a value is not finite, or labels are no classes.
    """
    if records.x.size == 0:
        raise DataFileError(f"has no records: x has shape {list(records.x.shape)}")
    for name in ("x", "y", "x_validation", "y_validation"):
        values = getattr(records, name)
        if values is None:
            continue
        wrong = ~np.isfinite(values) & ~beyond_end(records, name)
        if wrong.any():
            where = ", ".join(str(i) for i in np.argwhere(wrong)[0])
            raise DataFileError(f"{name}[{where}] is not finite")
    given = records.y[~beyond_end(records, "y")]
    if not np.issubdtype(records.y.dtype, np.integer):
        if len(given) > 1 and not np.ptp(given):
            raise DataFileError(f"its targets are all {given[0]:g}: there is nothing to predict")
    else:
        classes = np.unique(given)
        if len(classes) < 2:  # noqa: PLR2004  # a choice needs two
            raise DataFileError(f"labels are of one class only ({classes[0]}); give at least two")
        validation = records.y if records.y_validation is None else records.y_validation
        ending = "" if records.y_validation is None else "_validation"
        given = validation[~beyond_end(records, f"y{ending}")]
        lowest = min(classes[0], given.min(initial=0))
        if lowest < 0:
            raise DataFileError(f"class labels must not be negative, got {lowest}")
        if classes[-1] >= MOST_CLASSES:
            raise DataFileError(
                f"class label {classes[-1]} is too large (at most {MOST_CLASSES - 1}); "
                "quantities: training.loss = 'mse', or write them with a decimal point"
            )


def beyond_end(records: Records, name: str) -> Array:
    """Tell for each element of an array whether it lies beyond its record's end."""
    values = getattr(records, name)
    letter, _, ending = name.partition("_")
    lengths = records.lengths_validation if ending else records.lengths
    if lengths is None or (letter == "y" and records.targets == "last"):
        return np.zeros(values.shape, bool)
    beyond = np.arange(values.shape[1]) >= lengths[:, None]
    beyond = beyond.reshape(*beyond.shape, *[1] * (values.ndim - 2))
    return np.broadcast_to(beyond, values.shape)
