"""Whether inputs are what a case says of them: token ids, and lengths within their bounds."""

import numpy as np

from harness.dataset.padding import Array, lengths_of
from harness.dataset.records import DataFileError, Records
from harness.scenario import Case

MOST_IDS = 10**7
"""More token ids are a slip: an embedding has a row for each."""


def check_declared_lengths(records: Records, bounds: tuple[int, int]) -> None:
    """Check lengths against those that a case declares.

    Raises:
        DataFileError: if there are none, or one is beyond the bounds.
    """
    fewest, most = bounds
    if records.lengths is None:
        raise DataFileError(
            "has no array 'lengths', though data.lengths says that records end early"
        )
    sets = [("lengths", records.x), ("lengths_validation", records.x_validation)]
    for name, x in sets:
        lengths = lengths_of(x) if x is not None else np.zeros(0, np.int64)
        wrong = np.flatnonzero((lengths < fewest) | (lengths > most))
        if len(wrong):
            told = f"{name}[{wrong[0]}] is {lengths[wrong[0]]}"
            raise DataFileError(f"{told}; data.lengths allows {fewest} to {most}")


def check_ids(records: Records, case: Case, vocabulary: int | None) -> None:
    """Check that inputs are ids of the vocabulary where they are to be embedded.

    Raises:
        DataFileError: if they are none, or ids that nothing embeds.
    """
    if records.ids and case.model.embedding is None and case.model.factory is None:
        raise DataFileError(
            "x [records, timesteps] of integers are token ids: give model.embedding; numbers have "
            "shape [records, timesteps, features]"
        )
    if not records.ids and case.model.embedding is None:
        return
    for name, x in (("x", records.x), ("x_validation", records.x_validation)):
        if x is not None and len(x):
            _check_set(name, x, vocabulary)


def ends_in_zeros(ids: Array) -> int:
    """Return how many records `[records, timesteps]` of ids look as if they were padded with 0.

    None does where 0 stands elsewhere, too, or where all end in as many: a mark of the end.
    """
    zeros = ids == 0
    ending = np.logical_and.accumulate(zeros[:, ::-1], axis=1).sum(axis=1)
    if zeros.sum() > ending.sum() or len(np.unique(ending)) == 1:
        return 0
    return int((ending > 0).sum())


def _check_set(name: str, x: Array, vocabulary: int | None) -> None:
    if x.shape[2] != 1:
        raise DataFileError(f"token ids are one number a step; {name} has {x.shape[2]} features")
    ids = x[..., 0]
    wrong = ~np.isnan(ids) & (
        (ids != np.round(ids)) | (ids < 0) | (ids >= (vocabulary or MOST_IDS))
    )
    if not wrong.any():
        return
    record, step = np.argwhere(wrong)[0]
    told, value = f"{name}[{record}, {step}] is {ids[record, step]:g}", ids[record, step]
    if value != round(value):
        raise DataFileError(f"{told}: token ids are whole numbers")
    last = (vocabulary or MOST_IDS) - 1
    raise DataFileError(f"{told}: token ids go from 0 to {last}, within the vocabulary")
