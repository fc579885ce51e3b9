"""Records from data files, read by their kind, and what is wrong with their use."""

from pathlib import Path

import numpy as np

from harness.dataset.csv_file import read_csv
from harness.dataset.npz_file import read_npz
from harness.dataset.records import DataFileError, Records, check_records
from harness.scenario import Case, FromFile
from harness.scenario.vocabulary import METRICS

_READERS = {".csv": read_csv, ".npz": read_npz}


def check_file(case: Case) -> list[str]:
    """Return what is wrong with the data file that ``case`` names; empty if it names none."""
    if not isinstance(case.data, FromFile):
        return []
    try:
        records = read(case.directory / case.data.file, case.data)
        _check_use(records, case)
    except DataFileError as error:
        return [f"{case.data.file}: {error}"]
    return []


def read(path: Path, data: FromFile) -> Records:
    """Read a data file.

    Raises:
        DataFileError: if it is missing, malformed, or holds no usable records.
    """
    if path.suffix not in _READERS:
        raise DataFileError(f"must end in .csv or .npz, not {path.suffix!r}")
    try:
        records = _READERS[path.suffix](path, data)
    except OSError as error:
        raise DataFileError(f"cannot be read: {error.strerror or error}") from None
    check_records(records)
    return records


def _check_use(records: Records, case: Case) -> None:
    """Check a file against the case that uses it: enough records, a metric of its kind."""
    data, given = case.data, len(records.y)
    assert isinstance(data, FromFile)  # noqa: S101  # the caller asked
    whole = np.issubdtype(records.y.dtype, np.integer)
    kind = "classification" if whole else "regression"
    if not METRICS[case.converged.metric].suits("classes" if whole else "values"):
        raise DataFileError(f"metric {case.converged.metric!r} does not fit {kind} targets")
    held_out = 0 if records.x_validation is not None else data.validation_records
    wanted = (data.records or 1) + held_out
    if given < wanted:
        raise DataFileError(
            f"holds {given} records, but {wanted} are asked for "
            f"(records {data.records or 'all that are left'}, validation_records {held_out})"
        )
    has_own = records.x_validation is not None and len(records.x_validation)
    if case.converged.on == "validation" and not has_own and not held_out:
        raise DataFileError("holds no validation records and validation_records is 0")
