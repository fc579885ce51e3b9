"""Records from an NPZ file: arrays `x` and `y`, and perhaps `x_validation` and `y_validation`.

`x` is `[records, timesteps, features]`, or `[records, timesteps]` of integers, which are token ids;
`y` is `[records]`, or `[records, timesteps]` with targets at each step: integers are classes,
floats values, and a further axis has several of a target. `lengths` `[records]`, and
`lengths_validation` where there is a validation set, say where records end.
"""

import io
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.lib.format import MAGIC_PREFIX

from harness.dataset.array_shapes import check_shapes, widest
from harness.dataset.npz_member import members_of, read_member
from harness.dataset.padding import Array
from harness.dataset.records import DataFileError, Records
from harness.scenario import FromFile
from harness.scenario.data import Targets
from harness.scenario.vocabulary import nearest

NAMES = ("x", "y", "x_validation", "y_validation", "lengths", "lengths_validation")


def read_npz(content: bytes, data: FromFile) -> Records:
    """Read the content of an NPZ file.

    Raises:
        DataFileError: if it is malformed, or lacks an array that others need.
    """
    return records_of(_arrays(content), data.targets)


def records_of(arrays: dict[str, Array], targets: Targets = "last") -> Records:
    """Return arrays by name as records, integers as classes and floats as values.

    Args:
        arrays: those of `NAMES` that there are.
        targets: whether a record has one, or one at each step.

    Raises:
        DataFileError: if their shapes or types do not go together.
    """
    records = {"x": arrays["x"], "y": arrays["y"]}
    if "x_validation" in arrays or "y_validation" in arrays:
        if not {"x_validation", "y_validation"} <= arrays.keys():
            raise DataFileError("has only one of x_validation and y_validation")
        records |= {name: arrays[name] for name in ("x_validation", "y_validation")}
    records |= {name: arrays[name] for name in ("lengths", "lengths_validation") if name in arrays}
    check_shapes(records, targets)
    found = {name: widest(values) for name, values in records.items()}
    for name in ("x", "x_validation"):
        if name in found and found[name].ndim == 2:  # noqa: PLR2004  # ids, of one feature
            found[name] = found[name][..., None]
    ids = np.issubdtype(arrays["x"].dtype, np.integer) and arrays["x"].ndim == 2  # noqa: PLR2004
    return Records(**found, targets=targets, ids=ids, note="")


def _arrays(content: bytes) -> dict[str, Array]:
    """Read the arrays that are records; others are left alone."""
    if content.startswith(MAGIC_PREFIX):
        raise DataFileError("is not an NPZ file: it holds one array without a name")
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            members = members_of(archive)
            for name in ("x", "y"):
                if name not in members:
                    raise DataFileError(f"has no array {name!r}{nearest(name, list(members))}")
            return {n: read_member(archive, members[n]) for n in NAMES if n in members}
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise DataFileError(f"is not an NPZ file: {error}") from None
