"""The curves of a case in one line, for a report that shows no pictures."""

from collections.abc import Iterator, Sequence

import numpy as np

from harness.report.sparkline import sparkline
from harness.results.bands import bands, loss_bands
from harness.results.outcome import Outcome

WIDTH = 16
"""Characters of a curve: it shows whether something falls, stands still or grows."""


def curves(outcome: Outcome) -> str:
    """Draw medians over the seeds: the loss, what is judged, each layer's gradient norm."""
    return ", ".join(f"{name} {_drawn(values)}" for name, values in _medians(outcome) if values)


def _medians(outcome: Outcome) -> Iterator[tuple[str, list[float]]]:
    runs, criterion = outcome.runs, outcome.criterion
    yield "loss", _known(loss_bands(runs)[1])
    if criterion.metric != "loss" or criterion.on == "validation":
        judged = bands([run.judged_metric(criterion) for run in runs])[1]
        yield f"{criterion.on or ''} {criterion.metric}".strip(), _known(judged)
    for n, layer in enumerate(next((run.layers for run in runs if run.layers), ())):
        norms = bands([tuple(each[n] for each in run.gradient_norm) for run in runs])[1]
        yield f"gradient norm of {layer}", _known(norms)


def _known(values: Sequence[float] | np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[float]:
    finite: list[float] = [value for value in values if np.isfinite(value)]
    return finite


def _drawn(values: Sequence[float]) -> str:
    return f"{values[0]:.3g} {sparkline(values, WIDTH)} {values[-1]:.3g}"
