"""Records that a user's function returns for a seed."""

import copy

import numpy as np

from harness.dataset.files import check_use
from harness.dataset.npz_file import records_of
from harness.dataset.records import DataFileError, Records, check_records
from harness.scenario import Case, FromFactory
from harness.user_code import UserCodeError, check_arguments, described, named

_NAMES = ("x", "y", "x_validation", "y_validation")
_COUNTS = (2, 4)


def made(case: Case, seed: int) -> Records:
    """Call a case's data factory.

    Returns:
        Its arrays: inputs `[records, timesteps, features]`, targets `[records]`, or
        `[records, timesteps]` with targets at each step.

    Raises:
        UserCodeError: if it takes other arguments, or returns no such arrays.
        Exception: whatever it raises itself.
    """
    data = case.data
    assert isinstance(data, FromFactory)  # noqa: S101  # the caller asked
    name, factory = described("data.factory", data.factory), named(data.factory)
    check_arguments(factory, name, "seed", **data.arguments)
    returned = factory(seed, **data.arguments)
    if not isinstance(returned, tuple | list) or len(returned) not in _COUNTS:
        shown = f"{len(returned)} things" if isinstance(returned, tuple | list) else type(returned)
        raise UserCodeError(f"{name} must return x, y or x, y, x_validation, y_validation: {shown}")
    try:
        arrays = [np.array(copy.copy(each)) for each in returned]
        records = records_of(dict(zip(_NAMES, arrays, strict=False)), data.targets)
        check_records(records)
        check_use(records, case)
    except (DataFileError, TypeError, ValueError) as error:
        raise UserCodeError(f"{name}: {error}") from None
    return records
