"""The criterion's metric of all seeds, over the targets that are there."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.dataset.padding import present
from harness.metrics import measure
from harness.scenario.vocabulary import MetricName

Array = NDArray[Any]


def measured(
    metric: MetricName,
    outputs: Array,
    targets: Array,
    losses: Array,
    scales: Array,
    *,
    ignored: bool,
) -> Array:
    """Return the metric of each seed `[seeds]`; of several values or labels, the mean over them.

    Args:
        metric: a name that a scenario file can give.
        outputs: `[seeds, outputs, rows]`.
        targets: `[seeds, rows]`, or `[seeds, values, rows]`.
        losses: `[seeds]`, on the same records.
        scales: what each seed's targets were divided by.
        ignored: whether there may be rows without a target.
    """
    if targets.ndim > 2:  # noqa: PLR2004  # seeds and rows
        columns = [
            measured(metric, outputs[:, [n]], targets[:, n], losses, scales, ignored=ignored)
            for n in range(targets.shape[1])
        ]
        return np.asarray(np.mean(columns, axis=0))
    values = outputs.transpose(0, 2, 1)
    with np.errstate(all="ignore"):  # a diverged seed is a result, and no other seed's business
        if not ignored:
            return measure(metric, values, targets, losses, scales)
        there = present(targets)
        each = zip(values, targets, there, losses, scales, strict=True)
        return np.array(
            [measure(metric, v[rows], y[rows], loss, scale) for v, y, rows, loss, scale in each]
        )
