"""A generator of metrics -> History: it is closed as soon as nothing it yields can matter."""

import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import numpy as np

from harness.backends.crash import Crash
from harness.backends.loop import attempt
from harness.backends.own.evaluations import (
    EvaluationError,
    Evaluations,
    OutOfTime,
    numbers_of,
)
from harness.history import FIRST_STEPS, Floats, History, Stop, crashed
from harness.scenario.own import Train
from harness.scenario.rule import Rule

MOST_EVALUATIONS = 100_000
"""An own training without a budget that yields more than this is taken for one that never ends."""


def record(
    train: Train, seed: int, rule: Rule, watch: Callable[[int, int], None], name: str = "train"
) -> History:
    """Train one seed until it converges, turns non-finite, spends its budget or ends by itself.

    Whatever ``train`` raises is its result, and so is a mistake in what it yields; the evaluations
    before that are kept. ``name`` is what messages call it.
    """
    started, evaluations, called = time.perf_counter(), Evaluations(), f"{name}(seed={seed})"

    def trained() -> tuple[Stop, Crash]:
        return _train(train, seed, rule, watch, evaluations, called), Crash("", "")

    stopped, crash = attempt(trained, lambda crash: (Stop.CRASHED, crash))
    if not evaluations.rows:
        return crashed(seed, *crash)
    seconds = time.perf_counter() - started
    return replace(
        _history(seed, stopped, evaluations, rule, seconds),
        message=crash.message,
        traceback=crash.traceback,
    )


def _train(
    train: Train,
    seed: int,
    rule: Rule,
    watch: Callable[[int, int], None],
    evaluations: Evaluations,
    called: str,
) -> Stop:
    started, process = time.perf_counter(), os.getpid()
    running = _generator(train, seed, called)
    try:
        for yielded in running:
            _end_a_fork(process, called)
            _add(evaluations, yielded, rule, called)
            watch(seed, len(evaluations))
            if (reason := _over(evaluations, rule, started)) is not None:
                return reason
    except OutOfTime:
        if evaluations.rows:
            return Stop.TIME_LIMIT
        raise EvaluationError(
            f"{called}: no evaluation within the time limit of {rule.time_limit:g} s"
        ) from None
    finally:
        _end_a_fork(process, called)
        _close(running, called)
    if not evaluations.rows:
        raise EvaluationError(f"{called} ended without yielding an evaluation")
    return Stop.BUDGET


def _add(evaluations: Evaluations, yielded: object, rule: Rule, called: str) -> None:
    try:
        evaluations.rows.append(numbers_of(yielded, rule.metrics))
    except EvaluationError as error:
        place = f"evaluation {len(evaluations) + 1}"
        raise EvaluationError(f"{place} of {called}: {error}") from None
    if rule.budget is None and len(evaluations) >= MOST_EVALUATIONS:
        evaluations.rows.clear()  # nobody wants to read them
        raise EvaluationError(
            f"{called} has yielded {MOST_EVALUATIONS:,} evaluations and does not end: give a budget"
        )


def _end_a_fork(process: int, called: str) -> None:
    """End a child that ``train`` forked and let come back: it would go on as a second harness."""
    if os.getpid() != process:
        told = f"{called} forked, and its child came back: it ends here; use os._exit in it\n"
        with suppress(OSError):
            os.write(2, told.encode())
        os._exit(1)


def _generator(train: Train, seed: int, called: str) -> Iterator[object]:
    returned = train(seed)
    if not hasattr(returned, "__next__"):
        shown = type(returned).__name__
        raise EvaluationError(
            f'{called} returned {shown}: it must yield, e.g. `yield {{"loss": loss}}` '
            "after each epoch"
        )
    return returned


def _close(running: Iterator[object], called: str) -> None:
    """Let a generator clean up; one that was exhausted has nothing left to do."""
    close = getattr(running, "close", None)  # a plain iterator has none
    try:
        if close is not None:
            close()
    except RuntimeError as error:
        if str(error) != "generator ignored GeneratorExit":
            raise
        raise EvaluationError(
            f"{called} goes on after it was closed: an `except` of its own takes GeneratorExit; "
            "write `except Exception`"
        ) from None


def _over(evaluations: Evaluations, rule: Rule, started: float) -> Stop | None:
    latest = evaluations.rows[-1]
    if not all(math.isfinite(latest[name]) for name in (*rule.metrics, "loss") if name in latest):
        return Stop.NON_FINITE
    if rule.holds(evaluations.rows):
        return Stop.CONVERGED
    if len(evaluations) == rule.budget:
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
