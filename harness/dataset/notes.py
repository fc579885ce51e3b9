"""What may be a slip in a case that can be trained: a line at collection tells of each."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from harness.dataset.files import read_for
from harness.dataset.inputs import padded_at
from harness.dataset.labels import as_labels
from harness.dataset.padding import present
from harness.dataset.records import Records
from harness.scenario import Case, FromFile, FromSeries


def notes_of(case: Case) -> list[str]:
    """Return what may be a slip in ``case`` and its data file; a case that must fail may show it.

    Raises:
        DataFileError: if its file cannot be read.
    """
    notes = [f"{case.name}: {note}" for note in _of_schedule(case)]
    data = case.data
    if isinstance(data, FromFile | FromSeries):
        records = read_for(case)
        found = [records.note] if records.note else []
        if isinstance(data, FromFile):
            seen = replace(records, x=records.x[: data.records], y=records.y[: data.records])
            found += [*_of_ids(case, records), *_of_validation(case, seen)]
        notes += [f"{data.file_name}: {note}" for note in found]
    return notes


def _of_schedule(case: Case) -> Iterator[str]:
    training = case.training
    planned, epochs = training.schedule_epochs, training.epochs
    if planned is not None and planned > epochs and case.expect != "fails":
        plan = f"training.schedule_epochs = {planned}, and epochs = {epochs}"
        yield f"{plan}: training ends before {training.schedule!r} does"


def _of_ids(case: Case, records: Records) -> Iterator[str]:
    if not _embedded(case):
        return
    sets = [x for x in (records.x, records.x_validation) if x is not None]
    ids = np.concatenate(sets)[..., 0]
    if not np.isnan(ids).any() and (found := padded_at(ids, last=True)):
        yield (
            f"{found.records} of {len(ids)} records end in id {found.id}, which stands nowhere "
            "else, and there is no array 'lengths': if it is padding, it is trained on as a token"
        )
    if found := padded_at(ids, last=False):
        yield (
            f"{found.records} of {len(ids)} records begin with id {found.id}, which stands nowhere "
            "else: if it is padding, it is trained on as a token; pad at the end, and give an "
            "array 'lengths'"
        )


def _of_validation(case: Case, records: Records) -> Iterator[str]:
    """Yield classes and ids of a validation set of its own that training never sees."""
    if records.x_validation is None or records.y_validation is None:
        return
    y, y_later = (as_labels(each, case.training) for each in (records.y, records.y_validation))
    several = y.ndim > 1 + (case.data.targets == "each_step")
    if np.issubdtype(y.dtype, np.integer) and not several:
        unseen = np.setdiff1d(y_later[present(y_later)], y[present(y)])
        if len(unseen):
            yield f"y_validation holds class {unseen[0]}, which no training record has"
    if _embedded(case):
        unseen = np.setdiff1d(records.x_validation, records.x)
        unseen = unseen[~np.isnan(unseen)]
        if len(unseen):
            yield (
                f"x_validation holds {len(unseen)} token ids that no training record has, such as "
                f"{unseen[0]:.0f}: their vectors stay as they are drawn"
            )


def _embedded(case: Case) -> bool:
    own = isinstance(case.data, FromFile) and case.data.vocabulary is not None
    return case.model.embedding is not None or own
