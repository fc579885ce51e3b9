"""When a curve crosses a level: fractional epochs, which a median of whole epochs hides."""

from collections.abc import Sequence

import numpy as np

from harness.results.seed_run import Numbers, SeedRun
from harness.scenario.criterion import Criterion
from harness.verdict.phases import RISE


def loss_level(runs: Sequence[SeedRun]) -> float | None:
    """Return the training loss half-way through what the accepted runs learned, to 6 digits.

    Half-way is the geometric mean of the medians, over seeds, of the starting and of the lowest
    loss (at convergence, for runs that converged): losses fall by factors, and the middle of a
    transition is where its time is best defined, as the 50 % level of a step (IEEE Std 181-2011).

    Returns:
        ``None`` where the loss never left its plateau (it fell by less than a tenth), so that
        there is nothing to cross: all runs are censored.
    """
    finite = [[v for v in run.train_loss if v is not None] for run in runs]
    curves = [losses for losses in finite if losses]
    if not curves:
        return None
    start = float(np.median([losses[0] for losses in curves]))
    lowest = float(np.median([min(losses) for losses in curves]))
    if lowest <= 0 or lowest > (1 - RISE) * start:
        return None
    return float(f"{np.sqrt(start * lowest):.6g}")


def loss_crossing(loss: Numbers, level: float | None) -> float | None:
    """Return the epoch at which a loss `[epochs + 1]` first falls to ``level``, interpolated."""
    if level is None:
        return None
    for epoch, value in enumerate(loss):
        if value is not None and value <= level:
            return _between(loss, epoch, level)
    return None


def metric_crossing(run: SeedRun, criterion: Criterion) -> float | None:
    """Return the epoch at which the judged metric met the criterion for good, interpolated."""
    if run.converged_at is None:
        return None
    return _between(run.judged_metric(criterion), run.converged_at, criterion.bound)


def _between(curve: Numbers, epoch: int, level: float) -> float:
    """Interpolate linearly within the epoch that ends at ``epoch``; 6 digits, as it is stored."""
    before, after = (curve[epoch - 1] if epoch else None), curve[epoch]
    if before is None or after is None or before == after:
        return float(epoch)
    share = min(max((level - before) / (after - before), 0.0), 1.0)
    return round(epoch - 1 + share, 6)
