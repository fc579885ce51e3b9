"""Records from data files, read by their kind, and what is wrong with their use."""

from functools import lru_cache
from pathlib import Path

from harness.dataset.csv_file import read_csv
from harness.dataset.inputs import check_declared_lengths, check_ids
from harness.dataset.labels import as_labels, as_quantities, check_labels
from harness.dataset.npz_file import read_npz
from harness.dataset.overlap import overlapping, stride
from harness.dataset.records import DataFileError, Records, check_records, ended
from harness.dataset.series_file import read_series
from harness.dataset.target_use import check_targets
from harness.scenario import Case, FromFactory, FromFile, FromSeries
from harness.scenario.check_steps import reset_beyond
from harness.scenario.data_digest import MOST_BYTES, digest, digest_of_file
from harness.scenario.regular_file import check_regular

CHANGED = "has changed since the run began; leave data files alone while they are trained on"


def check_file(case: Case) -> list[str]:
    """Return what is wrong with the data file that ``case`` names; empty if it names none."""
    data = case.data
    if not isinstance(data, FromFile | FromSeries):
        return []
    try:
        records = read_for(case)
        check_use(records, case)
    except DataFileError as error:
        return [f"{data.file_name}: {error}"]
    return []


def read_for(case: Case) -> Records:
    """Return the records of the data file of a case, its targets as the declared loss takes them.

    Raises:
        DataFileError: as `read`.
    """
    data = case.data
    assert isinstance(data, FromFile | FromSeries)  # noqa: S101  # the caller asked
    path, quantities = case.directory / data.file_name, case.training.of_quantities
    return read(path, data, case.data_digest, quantities=quantities)


def read(
    path: Path, data: FromFile | FromSeries, expected: str, *, quantities: bool = False
) -> Records:
    """Return the records of a data file whose digest is ``expected``.

    Args:
        path: of the file.
        data: what is declared of it.
        expected: its digest.
        quantities: whether whole numbers among targets are values.

    Raises:
        DataFileError: if it is missing, malformed, has changed, or holds no usable records.
    """
    if isinstance(data, FromSeries):
        return _parsed(path, expected, data, quantities=quantities)
    kept = ("file", "target", "timesteps", "targets")
    how = FromFile.model_validate({name: getattr(data, name) for name in kept})
    return _parsed(path, expected, how, quantities=quantities)


@lru_cache(maxsize=1)
def _parsed(path: Path, expected: str, how: FromFile | FromSeries, *, quantities: bool) -> Records:
    """Read a file; the last one is kept, for the seeds of a case follow one another.

    What is parsed is what was hashed, whatever happens to the file meanwhile.
    """
    kinds = (".csv",) if isinstance(how, FromSeries) else (".csv", ".npz")
    if path.suffix not in kinds:
        raise DataFileError(f"must end in {' or '.join(kinds)}, not {path.suffix!r}")
    try:
        check_regular(path)
        if (size := path.stat().st_size) > MOST_BYTES:
            raise DataFileError(f"has {size} bytes, at most {MOST_BYTES} can be read")
        content = path.read_bytes()
    except OSError as error:
        raise DataFileError(f"cannot be read: {error.strerror or error}") from None
    if digest(content) != expected:
        raise DataFileError(CHANGED)
    if isinstance(how, FromSeries):
        records = read_series(content, how)
    else:
        records = read_csv(content, how) if path.suffix == ".csv" else read_npz(content, how)
    records = as_quantities(records) if quantities else records
    check_records(records)
    return ended(records)


def changed(case: Case) -> str | None:
    """Say that a case's data file is not any more what the case was loaded with, if so."""
    name = case.data.file_name
    if name is None:
        return None
    path = case.directory / name
    try:
        now = path.stat()
        same = _digest_at(path, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)
    except OSError:
        same = ""
    return None if same == case.data_digest else f"{name}: {CHANGED}"


@lru_cache(maxsize=8)
def _digest_at(path: Path, *_state: int) -> str:
    """Return a file's digest; its inode, size and times say whether it has to be hashed again.

    A change within the clock's resolution of the last look is missed, here where it harms nobody:
    what is trained on was hashed as it was read.
    """
    return digest_of_file(path)


def check_use(records: Records, case: Case) -> None:
    """Check records against the case that uses them: enough of them, a metric of their kind.

    Raises:
        DataFileError: if they do not go together.
    """
    data, given = case.data, len(records.y)
    assert isinstance(data, FromFile | FromSeries | FromFactory)  # noqa: S101  # callers asked
    y = as_labels(records.y, case.training)
    check_labels(y, case.training, each_step=data.targets == "each_step")
    check_targets(y, case)
    if case.training.stateful:
        _check_streams(records, case)
    if data.lengths is not None:
        check_declared_lengths(records, data.lengths)
    if not isinstance(data, FromSeries):
        check_ids(records, case, data.vocabulary)
    held_out = 0 if records.x_validation is not None else data.validation_records
    wanted = (data.records or 1) + held_out
    if given < wanted:
        raise DataFileError(
            f"holds {given} records, but {wanted} are asked for "
            f"(records {data.records or 'all that are left'}, validation_records {held_out})"
        )
    if held_out and case.converged.on == "validation" and overlapping(records.x):
        seen = "of records held out at random, training sees most values"
        if case.training.stateful:
            seen = "of the first that are held out, training sees values"
        raise DataFileError(
            f"holds overlapping windows of one series: {seen}. "
            'Split in time: name the series itself (data.series = "...", column, '
            "window, horizon), or give later records of your own (x_validation, y_validation)"
        )
    if message := reset_beyond(case.training, min(data.records or given, given - held_out)):
        raise DataFileError(f"training.reset_every {message}")
    has_own = records.x_validation is not None and len(records.x_validation)
    if case.converged.on == "validation" and not has_own and not held_out:
        raise DataFileError("holds no validation records and validation_records is 0")


def _check_streams(records: Records, case: Case) -> None:
    """Check that a record can go on from the state that the one a batch before it left."""
    batch = case.training.batch_size
    if records.lengths is not None:
        raise DataFileError(
            "holds lengths, and training.stateful needs records of one length: one that ended has "
            "no state to go on from"
        )
    timesteps = records.x.shape[1]
    if isinstance(case.data, FromSeries) or timesteps == 1 or not overlapping(records.x):
        return  # windows of a series are told by what is declared, columns of one step are no steps
    if (apart := stride(records.x)) * batch != timesteps:
        whole = apart and timesteps % apart == 0
        cure = f"give training.batch_size = {timesteps // apart}, or " if whole else ""
        raise DataFileError(
            "holds overlapping windows of one series, and with training.stateful a window takes "
            f"over the state of the one {batch} records (batch_size) earlier, which did not end at "
            f"the row before its first: {cure}cut the series into windows that follow one another"
        )
