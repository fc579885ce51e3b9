"""Records that a user's function returns for a seed."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from harness.dataset.files import check_use
from harness.dataset.labels import as_quantities
from harness.dataset.npz_file import NAMES, records_of
from harness.dataset.records import DataFileError, Records, check_records, ended
from harness.scenario import Case, FromFactory
from harness.user_code import UserCodeError, check_arguments, described, named

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
    try:
        named_arrays = {
            key: np.array(np.asarray(copy.copy(each))) for key, each in _named(returned, name)
        }
        records = records_of(named_arrays, data.targets)
        records = as_quantities(records) if case.training.of_quantities else records
        check_records(records)
        records = ended(records)
        check_use(records, case)
    except (DataFileError, TypeError, ValueError) as error:
        raise UserCodeError(f"{name}: {error}") from None
    return records


def _named(returned: object, name: str) -> Iterable[tuple[str, Any]]:
    """Return what a factory returned by the names of `NAMES`."""
    if isinstance(returned, Mapping) and {"x", "y"} <= returned.keys() <= {*NAMES}:
        return returned.items()
    if isinstance(returned, tuple | list) and len(returned) in _COUNTS:
        return zip(NAMES, returned, strict=False)
    shown = f"{len(returned)} things" if isinstance(returned, tuple | list) else type(returned)
    if isinstance(returned, Mapping):
        shown = f"a dictionary of {', '.join(map(str, returned))}"
    raise UserCodeError(
        f"{name} must return x, y or x, y, x_validation, y_validation: {shown}; a dictionary of "
        "these may hold lengths and lengths_validation too"
    )
