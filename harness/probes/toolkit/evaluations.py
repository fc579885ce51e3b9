"""What a history says of the last evaluation, against the reference: losses and the metric."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from harness.dataset.padding import counted
from harness.history import History
from harness.probes.toolkit.check import FLOAT32_ROUNDOFF, ROUNDING_FACTOR, Array, Check, close
from harness.probes.toolkit.subject import Subject
from harness.reference import FORMULAS, Reference
from harness.scenario.vocabulary import METRICS, MetricName

LOSS_TOLERANCE = 1e-5
"""As for the losses of steps."""


class References(NamedTuple):
    """The reference after the last step: in float64, and what float32 makes of it."""

    exact: Reference
    rounded: Reference


def evaluations(subject: Subject, history: History, after: References) -> Iterator[Check]:
    """Yield a check of loss and metric on training records, and on validation records if any."""
    data = after.exact.data
    sets = [("", data.x, data.y, history.train_loss, history.train_metric)]
    if len(data.y_validation):
        validation = history.validation_loss, history.validation_metric
        sets.append((" of validation records", data.x_validation, data.y_validation, *validation))
    for of, x, y, losses, metrics in sets:
        exact, rounded = (reference.outputs(x) for reference in after)
        yield close(
            f"the evaluated loss{of}",
            _last(losses),
            after.exact.loss(exact, y)[0],
            after.rounded.loss(rounded, y)[0],
            LOSS_TOLERANCE,
            subject.training_roundoff,
        )
        if subject.case.converged.metric in FORMULAS:
            found = float(_last(metrics))
            rows = [counted(outputs, y, data.width) for outputs in (exact, rounded)]
            outputs = rows[0][0], rows[1][0]
            yield _metric(subject, of, found, outputs, rows[0][1], data.target_scale)


def _metric(
    subject: Subject, of: str, found: float, outputs: tuple[Array, Array], y: Array, scale: float
) -> Check:
    """Compare the metric, allowing for records that rounding may put on either side."""
    name, (exact, rounded) = subject.case.converged.metric, outputs
    largest = float(np.abs(exact).max())
    rounding = max(LOSS_TOLERANCE * largest, ROUNDING_FACTOR * float(np.abs(rounded - exact).max()))
    shift = np.zeros(exact.shape[1])
    shift[0] = rounding * subject.training_roundoff / FLOAT32_ROUNDOFF
    in_target_units = METRICS[name].in_target_units
    units = scale if in_target_units else 1.0
    right, *moved = (units * _formula(name, exact + by, y) for by in (0.0 * shift, shift, -shift))
    least = LOSS_TOLERANCE * subject.training_roundoff / FLOAT32_ROUNDOFF
    least *= abs(right) + (not in_target_units)  # the others are shares of 1
    allowed = max(least, *(abs(each - right) for each in moved))
    return Check(f"{name}{of} off by", abs(found - right), allowed)


def _formula(name: MetricName, outputs: Array, targets: Array) -> float:
    """Return a metric by the reference's formula; of several values or labels, their mean."""
    if targets.ndim == 1:
        return FORMULAS[name](outputs, targets)
    columns = range(targets.shape[1])
    return math.fsum(FORMULAS[name](outputs[:, [n]], targets[:, n]) for n in columns) / len(columns)


def _last(series: Array) -> Array:
    return np.array(series[-1] if len(series) else np.nan)
