"""What is known of a declared case besides what watching shows: its records, and its claim."""

from dataclasses import replace

import numpy as np

from harness.dataset import Dataset
from harness.diagnosis.observations import Array, Missed, NonFinite, Observations
from harness.history import History, Stop, converged_epoch
from harness.scenario import Case, OwnCase
from harness.scenario.criterion import Criterion
from harness.verdict import Symptom, symptom_of

RESTLESS = {Symptom.OSCILLATING, Symptom.RELAPSED}
"""The loss on all records, in evaluation mode, owes its swings to the updates, not to batches."""


def of_case(case: Case, data: Dataset, history: History, seen: Observations) -> Observations:
    """Add to what watching shows what the declaration and its records say."""
    copied = case.data.jitter_copies or case.data.oversample
    records = getattr(case.data, "records", None) if copied else None
    loop = seen.loop if records is None else replace(seen.loop, records=records)
    more = _more(data, seen)
    return replace(
        seen,
        loop=loop,
        epochs=history.epochs,
        more_inputs=None if more is None else more[0],
        more_targets=None if more is None else more[1],
        missed=missed(case, history),
    )


def _more(data: Dataset, seen: Observations) -> tuple[Array, Array] | None:
    """Validation records, where they look as the recorded training records do."""
    if seen.inputs is None or seen.targets is None or not len(data.y_validation):
        return None
    alike = data.x_validation.shape[1:] == seen.inputs.shape[1:]
    if not alike or seen.targets.shape[1:] != data.y_validation.shape[1:]:
        return None
    return data.x_validation, data.y_validation


def missed(case: Case | OwnCase, history: History) -> Missed | None:
    """What the case asked of a seed and did not get; ``None`` if it converged."""
    if converged_epoch(history.judged_metric(case.converged), case.converged) is not None:
        return None
    rule = Criterion.of(case.converged)
    metric = history.judged_metric(case.converged)
    ended = float(metric[-1]) if len(metric) else float("nan")
    restless = bool(len(metric)) and symptom_of(history, case.converged) in RESTLESS
    return Missed(rule.on or "train", rule.metric, ended, rule.bound, restless)


def at_start(data: Dataset, history: History) -> Observations | None:
    """A training whose loss was not finite before any update; ``None`` if it was."""
    if history.stopped is not Stop.NON_FINITE or history.steps:
        return None
    for place, values in (("input", data.x), ("target", data.y)):
        rows = ~np.isfinite(values).reshape(len(values), -1).all(1)
        if rows.any():
            bad = NonFinite(0, place, f"training record {int(rows.argmax())}")
            return Observations(losses=np.array([np.nan]), non_finite=bad)
    where = history.message or "the loss"
    return Observations(losses=np.array([np.nan]), non_finite=NonFinite(0, "output", where))
