"""The history as one object, for scripts."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from harness.trend.run import KEY, CaseRecord, RunRecord
from harness.trend.trend import Step, Trend

SCHEMA = 1


def as_dict(runs: Sequence[RunRecord], found: Sequence[Trend]) -> dict[str, Any]:
    """Return runs, and for each case what it did in which of them, and its steps."""
    places = {id(run): place for place, run in enumerate(runs)}
    return {
        "schema": SCHEMA,
        "runs": [_run(run) for run in runs],
        "cases": [
            {
                **{name: getattr(each, name) for name in KEY},
                "points": [
                    {"run": places[id(run)]} | _measured(case)
                    for run, case in zip(each.runs, each.cases, strict=True)
                ],
                "steps": [_step(step, places) for step in each.steps],
            }
            for each in found
        ],
    }


def _run(run: RunRecord) -> dict[str, Any]:
    return {field.name: getattr(run, field.name) for field in fields(run) if field.name != "cases"}


def _measured(case: CaseRecord) -> dict[str, Any]:
    """Return what differs from run to run."""
    return {"rate": case.rate} | dict(list(vars(case).items())[len(KEY) :])


def _step(step: Step, places: dict[int, int]) -> dict[str, Any]:
    return {
        "measure": step.measure,
        "before": step.before,
        "after": step.after,
        "change": step.change,
        "last_run_before": places[id(step.last)],
        "first_run_after": places[id(step.first)],
        "versions": {name: [old, new] for name, old, new in step.versions},
    }
