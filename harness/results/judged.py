"""Seeds that were trained -> what they say of the case's claim."""

import math
from collections import Counter
from collections.abc import Sequence

from harness.diagnosis.cases.cause import Cause
from harness.history import Stop
from harness.results.declaration import Declaration
from harness.results.seed_run import SeedRun
from harness.verdict import (
    Decision,
    MeanBound,
    Symptom,
    Verdict,
    decide_mean,
    judge,
    judge_mean,
    seeds_to_decide,
)


def judged(
    declared: Declaration,
    runs: Sequence[SeedRun],
    *,
    quick: bool = False,
    cause: Cause | None = None,
) -> Verdict:
    """Judge the claim of a case, in seed order.

    Args:
        declared: the case.
        runs: a seed each.
        quick: whether so few seeds were a first look on purpose.
        cause: that the diagnosis found, if it did.
    """
    crashed = (run for run in runs if run.symptom is Symptom.CRASHED)
    crash = next((f"seed {run.seed}: {run.message}" for run in crashed), None)
    if crash is None and declared.criterion.of_mean:
        name = " ".join(filter(None, (declared.criterion.on, declared.criterion.metric)))
        return judge_mean(name, ended_at(declared, runs), _bound(declared), quick=quick)
    symptoms = [run.symptom for run in runs]
    found = cause.cause if cause else None
    return judge(declared, symptoms, crash, quick=quick, detail=_detail(runs), found=found)


def seeds_wanted(declared: Declaration, runs: Sequence[SeedRun]) -> int:
    """Return how many more seeds can decide the claim of a case; 0 once it is decided.

    A mean is looked at whenever as many more are there as at first.
    """
    symptoms = [run.symptom for run in runs]
    if not declared.criterion.of_mean or Symptom.CRASHED in symptoms:
        return seeds_to_decide(declared, symptoms)
    found = decide_mean(ended_at(declared, runs), _bound(declared))
    return declared.least_seeds if found.decision is Decision.UNDECIDED else 0


def ended_at(declared: Declaration, runs: Sequence[SeedRun]) -> list[float]:
    """Return the judged metric of each seed at the end of its budget; NaN if it ended before."""
    return [
        value if run.stopped is Stop.BUDGET and value is not None else math.nan
        for run in runs
        for value in [next(reversed(run.judged_metric(declared.criterion)), None)]
    ]


def _bound(declared: Declaration) -> MeanBound:
    criterion = declared.criterion
    looks = declared.least_seeds, declared.most_seeds
    return MeanBound(criterion.bound, criterion.upward, *looks)


def _detail(runs: Sequence[SeedRun]) -> str:
    """Return what a seed that was not finite at its start told, if that is how most failed."""
    failed = Counter(run.symptom for run in runs if run.symptom is not None)
    if max(failed, key=failed.__getitem__, default=None) is not Symptom.NON_FINITE_AT_START:
        return ""
    first = next(run for run in runs if run.symptom is Symptom.NON_FINITE_AT_START)
    return f"seed {first.seed}: {first.message}" if first.message else ""
