"""Whether inputs are what a case says of them: token ids, and lengths within their bounds."""

from typing import NamedTuple

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


class Padded(NamedTuple):
    """Token ids that look like padding: the id, and how many records have it."""

    id: int
    records: int


def padded_at(ids: Array, *, last: bool) -> Padded | None:
    """Return the id that fills up records `[records, timesteps]` at their last or first steps.

    None does which stands elsewhere too, or as often in every record: a mark of the end. Two
    records have it, and one twice where it is not 0: a word may stand at the end by chance.

    Args:
        ids: of which those beyond a record's end are NaN.
        last: whether at the last steps.
    """
    steps = ids[:, ::-1] if last else ids
    outermost = steps[:, 0][~np.isnan(steps[:, 0])].astype(np.int64)
    if not len(outermost) or outermost.min() < 0:
        return None
    id_ = int(np.bincount(outermost).argmax())
    there = steps == id_
    runs = np.logical_and.accumulate(there, axis=1).sum(axis=1)
    if there.sum() > runs.sum() or len(np.unique(runs)) == 1 or runs.max() < (2 if id_ else 1):
        return None
    count = int((runs > 0).sum())
    return Padded(id_, count) if count > 1 else None


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
