"""A generator of metrics -> History: it is closed as soon as nothing it yields can matter."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import numpy as np

from harness.backends.own.evaluations import EvaluationError, Evaluations, numbers_of
from harness.history import FIRST_STEPS, Floats, History, Stop
from harness.scenario.own import Train
from harness.scenario.rule import Rule

MOST_EVALUATIONS = 100_000
"""An own training without a budget that yields more than this is taken for one that never ends."""


def record(train: Train, seed: int, rule: Rule, watch: Callable[[int, int], None]) -> History:
    """Train one seed until it converges, turns non-finite, spends its budget or ends by itself.

    Raises:
        EvaluationError: if what ``train`` returns or yields is no evaluation, or nothing is.
        BaseException: whatever ``train`` raises; `Backend.train` records it.
    """
    started, evaluations, stopped = time.perf_counter(), Evaluations(), Stop.BUDGET
    running = iter(_generator(train, seed))
    try:
        for yielded in running:
            try:
                evaluations.rows.append(numbers_of(yielded, rule.metrics))
            except EvaluationError as error:
                place = f"evaluation {len(evaluations) + 1}"
                raise EvaluationError(f"{place} of train(seed={seed}): {error}") from None
            watch(seed, len(evaluations))
            if (reason := _over(evaluations, rule, started)) is not None:
                stopped = reason
                break
    finally:
        _close(running)
    if not evaluations.rows:
        raise EvaluationError(f"train(seed={seed}) ended without yielding an evaluation")
    return _history(seed, stopped, evaluations, rule, time.perf_counter() - started)


def _generator(train: Train, seed: int) -> Iterator[object]:
    returned = train(seed)
    if not hasattr(returned, "__next__"):
        shown = type(returned).__name__
        raise EvaluationError(
            f'train(seed={seed}) returned {shown}: it must yield, e.g. `yield {{"loss": loss}}` '
            "after each epoch"
        )
    return returned


def _close(running: Iterator[object]) -> None:
    """Let a generator clean up; one that was exhausted has nothing left to do."""
    with suppress(AttributeError):  # a plain iterator has no `close`
        running.close()  # type: ignore[attr-defined]  # as the line above says


def _over(evaluations: Evaluations, rule: Rule, started: float) -> Stop | None:
    latest = evaluations.rows[-1]
    if not all(math.isfinite(latest[name]) for name in (*rule.metrics, "loss") if name in latest):
        return Stop.NON_FINITE
    if rule.holds(evaluations.rows):
        return Stop.CONVERGED
    if len(evaluations) >= (rule.budget or MOST_EVALUATIONS):
        return Stop.BUDGET
    late = rule.time_limit is not None and time.perf_counter() - started > rule.time_limit
    return Stop.TIME_LIMIT if late else None


def _history(
    seed: int, stopped: Stop, evaluations: Evaluations, rule: Rule, seconds: float
) -> History:
    judged = np.array([math.nan, *map(rule.judged, evaluations.rows)], np.float64)
    loss = evaluations.column("loss") if evaluations.has("loss") else _shortfall(judged, rule)
    unknown = np.full(len(judged), math.nan)
    none: Floats = np.zeros((len(evaluations), 0))
    return History(
        seed=seed,
        stopped=stopped,
        train_loss=loss,
        train_metric=judged,
        validation_loss=unknown,
        validation_metric=unknown,
        layers=(),
        gradient_norm=none,
        update_ratio=none,
        first_losses=loss[1 : FIRST_STEPS + 1],
        steps=len(evaluations),
        seconds=seconds,
    )


def _shortfall(judged: Floats, rule: Rule) -> Floats:
    """Return how far the judged metric is from its bound: the loss of who yields none."""
    criterion = rule.criterion
    return criterion.bound - judged if criterion.upward else judged - criterion.bound
