"""What is known of a declared case besides what watching shows: its records, and its claim."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from harness.dataset import Dataset
from harness.diagnosis.observations import Array, Loop, Missed, NonFinite, Observations
from harness.history import History, Stop, converged_epoch
from harness.scenario import Case, OwnCase, Task
from harness.scenario.criterion import Criterion
from harness.verdict import Symptom, symptom_of

RESTLESS = {Symptom.OSCILLATING, Symptom.RELAPSED}
"""The loss on all records, in evaluation mode, owes its swings to the updates, not to batches."""


def of_case(case: Case, data: Dataset, history: History, seen: Observations) -> Observations:
    """Add to what watching shows what the declaration and its records say."""
    copied = case.data.jitter_copies or case.data.oversample
    records = getattr(case.data, "records", None) if copied else None
    loop = seen.loop if records is None else replace(seen.loop, records=records)
    if case.training.stateful:
        seen, loop = replace(seen, leak=0.0), _carried(case, loop)
    seen = replace(seen, inputs=_tokens(data, seen.inputs))
    more = _more(data, seen)
    return replace(
        seen,
        loop=loop,
        epochs=history.epochs,
        more_inputs=None if more is None else more[0],
        more_targets=None if more is None else more[1],
        alternatives=(*seen.alternatives, *_moved(case, data)),
        missed=missed(case, history),
    )


def _carried(case: Case, loop: Loop) -> Loop:
    """States that are carried on purpose belong to the records that go on where others ended.

    They do where records stay in order, and a batch holds one of each stream.
    """
    streams = getattr(case.data, "streams", None)
    apart = streams is not None and case.training.batch_size % streams != 0
    if case.training.shuffle or apart:
        return replace(loop, carried=1.0, shuffled=True)
    return replace(loop, carried=0.0)


def _moved(case: Case, data: Dataset) -> Iterator[tuple[str, Array, Array]]:
    """Pair records of the user's own with the targets of their neighbours in the file."""
    if isinstance(case.data, Task) or _windows(data.x):
        return
    for by in (-3, -2, -1, 1, 2, 3):
        yield f"targets moved by {by} records", data.x, np.roll(data.y, by, 0)


def _windows(x: Array) -> bool:
    """Whether neighbours are windows of one series, which hold each other's targets anyway."""
    return x.shape[1] > 1 and bool(np.allclose(x[:8, 1:], x[1:9, :-1]))


def _more(data: Dataset, seen: Observations) -> tuple[Array | None, Array] | None:
    """Validation records, where they look as the recorded training records do."""
    if seen.inputs is None or seen.targets is None or not len(data.y_validation):
        return None
    alike = data.x_validation.shape[1:] == seen.inputs.shape[1:]
    if not alike or seen.targets.shape[1:] != data.y_validation.shape[1:]:
        return None
    return _tokens(data, data.x_validation), data.y_validation


def _tokens(data: Dataset, inputs: Array | None) -> Array | None:
    """Token ids as whole numbers: as sizes they would say nothing. Beyond a record's end, -1."""
    if inputs is None or not data.vocabulary:
        return inputs
    return np.asarray(np.nan_to_num(inputs, nan=-1.0).astype(np.int64))


def missed(case: Case | OwnCase, history: History) -> Missed | None:
    """What the case asked of a seed and did not get; ``None`` if it converged."""
    if converged_epoch(history.judged_metric(case.converged), case.converged) is not None:
        return None
    rule = Criterion.of(case.converged)
    metric = history.judged_metric(case.converged)
    ended = float(metric[-1]) if len(metric) else float("nan")
    restless = bool(len(metric)) and symptom_of(history, case.converged) in RESTLESS
    return Missed(rule.on or "train", rule.metric, ended, rule.bound, restless)


def at_start(data: Dataset, weights: Mapping[str, Array], history: History) -> Observations | None:
    """A training whose loss was not finite before any update; ``None`` if it was.

    Args:
        data: its records.
        weights: as it starts from, by name.
        history: what came of it.
    """
    if history.stopped is not Stop.NON_FINITE or history.steps:
        return None
    for place, values in (("input", data.x), ("target", data.y)):
        rows = ~np.isfinite(values).reshape(len(values), -1).all(1)
        if rows.any():
            bad = NonFinite(0, place, f"training record {int(rows.argmax())}")
            return Observations(losses=np.array([np.nan]), non_finite=bad)
    for name, values in weights.items():
        if not np.isfinite(values).all():
            bad = NonFinite(0, "weight", name)
            return Observations(losses=np.array([np.nan]), non_finite=bad)
    where = history.message or "the loss"
    return Observations(losses=np.array([np.nan]), non_finite=NonFinite(0, "output", where))


def at_fault(seen: Observations) -> Observations:
    """Say of a loss that was not finite before any update which weight was not either, if so."""
    bad = seen.non_finite
    if bad is None or bad.step or bad.place in {"input", "target"}:
        return seen
    broken = next((p.name for p in seen.parameters if not np.isfinite(p.weight)), None)
    return seen if broken is None else replace(seen, non_finite=NonFinite(0, "weight", broken))
