"""What a Keras network answers for records that it was not trained on, and their targets."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from harness.diagnosis.observations import Array, Loss
from harness.diagnosis.watch.keras_answers import answers_for, class_numbers
from harness.diagnosis.watch.keras_data import array, flat, sample
from harness.diagnosis.watch.keras_training import KerasTraining
from harness.diagnosis.watch.keras_weights import left_out, weights_of
from harness.diagnosis.watch.lookup import Lookup, mostly_among


def validation(
    training: KerasTraining,
    data: tuple[Any, Any] | None,
    variables: dict[str, Any],
    described: Loss,
) -> tuple[Array | None, Array | None]:
    """Outputs and targets of other records: those validated on, or those that were asked for.

    Of records whose targets are not known the outputs alone.

    Args:
        training: what its network was evaluated on and asked for.
        data: inputs and targets that it was trained on.
        variables: the script's own.
        described: the loss.
    """
    given = [training.validation] if training.validation is not None else []
    for x, y in (sample(each) for each in (*given, *_new(reversed(training.evaluated), data))):
        outputs = answers_for(training, x)
        new = class_numbers(described, array(y), outputs)
        if described.kind in {"nll", "cross_entropy"}:
            new = left_out(new, weights_of(training, x, y, None))
        return outputs, new
    return _asked(training, data, variables, described)


def _new(pairs: Iterator[tuple[Any, Any]], data: tuple[Any, Any] | None) -> Iterator[Any]:
    """Those whose records were not trained on: a script evaluates its training records too."""
    known = None if data is None else _records(data[0])
    for x, y in pairs:
        asked = _records(sample((x, y))[0])
        if asked is not None and not (known is not None and mostly_among(asked, known)):
            yield x, y


def _records(x: Any) -> Array | None:
    """Inputs `[records, values]`, all of a record's arrays side by side."""
    parts = [part.reshape(len(part), -1) for part in flat(x) if len(part)]
    if not parts or len({len(part) for part in parts}) > 1:
        return None
    return np.concatenate(parts, 1)


def _asked(
    training: KerasTraining,
    data: tuple[Any, Any] | None,
    variables: dict[str, Any],
    described: Loss,
) -> tuple[Array | None, Array | None]:
    """Of records that were asked for without targets, which the script's own arrays hold."""
    x, y = sample(data)
    found = [v for v in variables.values() if isinstance(v, np.ndarray) and v.dtype.kind in "fiub"]
    lookup = Lookup(array(x), array(y), found)
    new = [x for x, _ in _new(((x, None) for x in reversed(training.asked)), data)]
    for asked in new:
        if (wanted := lookup.targets(array(asked))) is not None:
            outputs = answers_for(training, asked)
            return outputs, class_numbers(described, wanted, outputs)
    return (answers_for(training, new[0]) if new else None), None
