"""What a case says of its sequences that cannot be: targets, lengths and ids that do not fit."""

from collections.abc import Iterator

from harness.scenario.case import Case
from harness.scenario.data import Data, FromFactory, FromFile, FromSeries, StepTask, Task
from harness.scenario.vocabulary.id_tasks import Copy
from harness.scenario.vocabulary.tasks import TASKS

FieldMessage = tuple[str, str]
"""The field within the case, and what is wrong with it."""


def check_sequences(case: Case) -> Iterator[FieldMessage]:
    """Yield what is impossible about a case's sequences."""
    if case.data.targets == "each_step":
        yield from _check_each_step(case.data)
    if case.data.lengths is not None:
        yield from _check_lengths(case.data, case.data.lengths)
    yield from _check_ids(case)
    if isinstance(case.data, FromSeries):
        yield from _check_columns(case.data)
    labels = isinstance(case.data, Task) and case.data.several
    if labels and case.training.own_loss is None and case.training.loss != "bce":
        yield "training.loss", "must be 'bce': this task has several labels a record"
    for key in ("oversample", "sort_by_label"):
        if labels and case.data.targets == "last" and getattr(case.data, key):
            yield f"data.{key}", "needs one label a record; this task has several"
    if isinstance(case.data, Copy) and case.data.timesteps < 2 * case.data.memorised:
        least = 2 * case.data.memorised
        yield "data.timesteps", f"must be at least {least}: what is memorised comes twice"


def _check_each_step(data: Data) -> Iterator[FieldMessage]:
    if isinstance(data, Task) and not isinstance(data, StepTask):
        yield "data.targets", f"this task has one target a record; at each step: {_step_tasks()}"
    if isinstance(data, FromFile) and data.file.endswith(".csv"):
        yield (
            "data.targets",
            "a row of a CSV file has one target: give y [records, timesteps] as NPZ",
        )
    for key in ("oversample", "sort_by_label"):
        if getattr(data, key):
            yield f"data.{key}", "needs one label a record; here each step has its own"


def _check_lengths(data: Data, lengths: tuple[int, int]) -> Iterator[FieldMessage]:
    if isinstance(data, Task) and not isinstance(data, StepTask):
        yield "data.lengths", f"records of this task are equally long; others: {_step_tasks()}"
    elif isinstance(data, Task) and lengths[1] > data.timesteps:
        longest = f"go up to {lengths[1]}, beyond the sequence of {data.timesteps} timesteps"
        yield "data.lengths", longest
    if isinstance(data, FromSeries):
        yield "data.lengths", "windows of a series are equally long"
    if isinstance(data, FromFile) and data.file.endswith(".csv"):
        yield "data.lengths", "rows of a CSV file are equally long: give x, y and lengths as NPZ"


def _check_columns(data: FromSeries) -> Iterator[FieldMessage]:
    twice = next((name for name in data.inputs if data.inputs.count(name) > 1), None)
    if twice is not None:
        yield "data.columns", f"{twice!r} stands twice"
    if data.date in (*data.inputs, data.predicted):
        yield "data.date", f"{data.date!r} is a column of numbers, by column or columns"


def _check_ids(case: Case) -> Iterator[FieldMessage]:
    """Yield what does not fit token ids, or an embedding without any."""
    data, embeds = case.data, case.model.embedding is not None
    if embeds and case.model.factory is not None:
        yield "model.embedding", "is of the model that is built from the file; yours has its own"
        return
    ids = data.ids if isinstance(data, Task) else None
    if embeds and isinstance(data, FromSeries):
        yield "model.embedding", "needs token ids; a series has values"
    elif embeds and isinstance(data, Task) and ids is None:
        yield "model.embedding", f"needs token ids; tasks with ids: {_id_tasks() or 'none'}"
    elif ids is not None and not embeds and case.model.factory is None:
        yield "model.embedding", "is missing: this task draws token ids, which are no quantities"
    own = isinstance(data, FromFile | FromFactory) and data.vocabulary is not None
    if own and not embeds and case.model.factory is None:
        yield "data.vocabulary", "is of token ids: give model.embedding, or leave it out"
    if not embeds and ids is None:
        return
    for key, plain in (("normalize", "none"), ("jitter", 0.0), ("scale", 1.0), ("offset", 0.0)):
        if getattr(data, key, plain) != plain:
            yield f"data.{key}", "does not fit token ids, which are no quantities"
    if getattr(data, "distractor_scale", 0.0):
        yield "data.distractor_scale", "does not fit token ids: there is one a step"


def _step_tasks() -> str:
    return ", ".join(name for name, task in TASKS.items() if issubclass(task, StepTask))


def _id_tasks() -> str:
    return ", ".join(name for name, task in TASKS.items() if task().ids is not None)
