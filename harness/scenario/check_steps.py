"""What a declared step cannot be: its precision, and the state that it starts from."""

from collections.abc import Iterator

from harness.scenario.case import Case


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
