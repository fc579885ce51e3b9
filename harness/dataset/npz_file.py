"""Records from an NPZ file: arrays `x` and `y`, and perhaps `x_validation` and `y_validation`.

`x` is `[records, timesteps, features]`, or `[records, timesteps]` of integers, which are token ids;
`y` is `[records]`, or `[records, timesteps]` with targets at each step: integers are classes,
floats values, and a further axis has several of a target. `lengths` `[records]`, and
`lengths_validation` where there is a validation set, say where records end.
"""

import io
from collections.abc import Mapping
from zipfile import BadZipFile, ZipFile, ZipInfo

import numpy as np
from numpy.lib.format import MAGIC_PREFIX

from harness.dataset.array_shapes import check_shapes, widest
from harness.dataset.npz_member import members_of, read_member
from harness.dataset.padding import Array
from harness.dataset.records import DataFileError, Records
from harness.scenario import FromFile
from harness.scenario.data import Targets
from harness.scenario.vocabulary import nearest

LENGTHS = {
    *(
        "lengths",
        "length",
        "lens",
        "len",
        "seqlen",
        "seqlens",
        "seqlength",
        "seqlengths",
        "sequencelength",
    ),
    *("sequencelengths", "inputlengths", "xlengths", "xlens", "recordlengths", "nsteps"),
}
"""What people call `lengths`, without the marks between words."""

MASKS = {"mask", "masks", "attentionmask", "paddingmask", "xmask"}
"""What people call an array that says the same of each step."""

HELD_OUT = {"xval", "xvalid", "xvalidation", "xdev"}
"""What people call `x_validation`. Records to test on are another set, and left alone."""

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
            found = {n: read_member(archive, members[n]) for n in NAMES if n in members}
            _check_lengths(archive, members, found["x"])
            _check_validation(members)
            return found
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise DataFileError(f"is not an NPZ file: {error}") from None


def _check_lengths(archive: ZipFile, members: Mapping[str, ZipInfo], x: Array) -> None:
    """Check that no array says where records end under a name that is not read."""
    if "lengths" in members or x.ndim < 2:  # noqa: PLR2004  # records of steps
        return
    for name, member in members.items():
        plain = _plain(name)
        if plain not in LENGTHS | MASKS:
            continue
        values, told = read_member(archive, member), f"holds {name!r}, which is not read: "
        if plain in MASKS and values.shape == x.shape[:2] and not values.all():
            raise DataFileError(
                f"{told}an array 'lengths' [records] says where records end, as {name}.sum(axis=1)"
            )
        counts = values.size == len(x) and np.issubdtype(values.dtype, np.number)
        if plain in LENGTHS and counts and (values != x.shape[1]).any():
            raise DataFileError(f"{told}records end where an array 'lengths' says; rename it")


def _check_validation(members: Mapping[str, ZipInfo]) -> None:
    """Check that no held-out records stand under a name that is not read."""
    name = next((name for name in members if _plain(name) in HELD_OUT), None)
    if name is not None and "x_validation" not in members:
        told = f"holds {name!r}, which is not read: records that are held out are"
        raise DataFileError(f"{told} 'x_validation' and 'y_validation'; rename it")


def _plain(name: str) -> str:
    """Return a name without case, and without the marks between its words."""
    return name.casefold().replace("_", "").replace("-", "")
