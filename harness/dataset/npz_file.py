"""Records from an NPZ file: arrays `x` and `y`, and perhaps `x_validation` and `y_validation`.

`x` is `[records, timesteps, features]`, `y` `[records]`, or `[records, timesteps]` with targets at
each step: integers are classes, floats values.
"""

import io
from zipfile import BadZipFile, ZipFile

from numpy.lib.format import MAGIC_PREFIX

from harness.dataset.array_shapes import check_shapes, widest
from harness.dataset.npz_member import members_of, read_member
from harness.dataset.records import Array, DataFileError, Records
from harness.scenario import FromFile
from harness.scenario.data import Targets
from harness.scenario.vocabulary import nearest

NAMES = ("x", "y", "x_validation", "y_validation")


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
    check_shapes(records, targets)
    return Records(**{name: widest(values) for name, values in records.items()})


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
