"""What a declared step cannot be: its precision, and the state that it starts from."""

from collections.abc import Iterator

from harness.scenario.case import Case
from harness.scenario.data import FromSeries
from harness.scenario.training_section import Training


def check_steps(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the field and what is wrong with it."""
    training = case.training
    if training.half is not None and training.dtype == "float64":
        yield (
            "training.precision",
            f'{training.half} computes beside float32, not dtype = "float64"',
        )
    elif training.precision in ("float32", "float64") and training.precision != training.dtype:
        yield "training.precision", f"is {training.precision}, but training.dtype {training.dtype}"
    if training.reset_every and not training.stateful:
        yield "training.reset_every", "needs stateful = true: each batch starts from zero"
    if not training.stateful:
        return
    if training.shuffle:
        yield "training.shuffle", "must be false with stateful = true: batches go on in order"
    if case.model.factory is not None:
        yield "training.stateful", "is of declared layers; a module of your own keeps its own state"
    if case.data.lengths is not None:
        yield "training.stateful", "needs records of one length: data.lengths ends them early"
    if case.model.bidirectional:
        yield "training.stateful", "has no meaning backwards: the next batch has not been read yet"
    yield from _check_order(case)


def reset_beyond(training: Training, records: int) -> str:
    """Say that no batch of an epoch is the one after which the state is reset; empty if one is."""
    batches, reset = -(-records // training.batch_size), training.reset_every
    if not training.stateful or reset <= batches:
        return ""
    of_epoch = f"an epoch of {records} records has {batches} batches"
    return f"is {reset}, and {of_epoch}: it never resets; give fewer, or 0"


def _check_order(case: Case) -> Iterator[tuple[str, str]]:
    """Yield what lets a batch go on from records that it does not continue."""
    data, training = case.data, case.training
    for key in ("sort_by_label", "oversample", "jitter_copies"):
        if getattr(data, key):
            told = "moves or adds records, and with stateful = true batches go on in order"
            yield f"data.{key}", f"{told}: leave it out"
    if isinstance(data, FromSeries) and training.batch_size != data.window:
        begun = f"began {training.batch_size} rows (batch_size) before"
        must = f"must be data.window = {data.window} with stateful = true"
        yield (
            "training.batch_size",
            f"{must}: a window takes over the state of the one that {begun}",
        )
    records = getattr(data, "records", None)
    if records and (message := reset_beyond(training, records)):
        yield "training.reset_every", message
