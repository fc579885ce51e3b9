"""What a data file holds, and what no file of records may hold."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MOST_CLASSES = 10_000
"""More are numbers, not classes: the head has a unit for each."""


@dataclass(frozen=True)
class Records:
    """A file's content: inputs `[records, timesteps, features]`, targets `[records]`.

    With targets at each step those are `[records, timesteps]`.
    """

    x: Array
    y: Array
    x_validation: Array | None = None
    y_validation: Array | None = None


class DataFileError(Exception):
    """A data file cannot be used; the message says why and what would be right."""


def check_records(records: Records) -> None:
    """Check shapes, numbers and labels.

    Raises:
        DataFileError: if there are none, a value is not finite, or labels are no classes.
    """
    if records.x.size == 0:
        raise DataFileError(f"has no records: x has shape {list(records.x.shape)}")
    for name in ("x", "y", "x_validation", "y_validation"):
        values = getattr(records, name)
        if values is not None and not np.isfinite(values).all():
            where = ", ".join(str(i) for i in np.argwhere(~np.isfinite(values))[0])
            raise DataFileError(f"{name}[{where}] is not finite")
    if np.issubdtype(records.y.dtype, np.integer):
        classes = np.unique(records.y)
        if len(classes) < 2:  # noqa: PLR2004  # a choice needs two
            raise DataFileError(f"labels are of one class only ({classes[0]}); give at least two")
        validation = records.y if records.y_validation is None else records.y_validation
        lowest = min(classes[0], validation.min(initial=0))
        if lowest < 0:
            raise DataFileError(f"class labels must not be negative, got {lowest}")
        if classes[-1] >= MOST_CLASSES:
            raise DataFileError(
                f"class label {classes[-1]} is too large (at most {MOST_CLASSES - 1}); "
                "write regression targets with a decimal point"
            )
