"""``convergence.csv``: one row a case, plain numbers."""

import csv
import io
from collections.abc import Sequence
from statistics import median

from harness.report.columns import converged_epochs, median_transition
from harness.results.outcome import Outcome

HEADER = (
    "scenario",
    "case",
    "backend",
    "device",
    "expect",
    "stated",
    "rate",
    "criterion",
    "outcome",
    "seeds",
    "converged",
    "interval_low",
    "interval_high",
    "epochs_median",
    "epochs_min",
    "epochs_max",
    "plateau_median",
    "transition_median",
    "symptom",
    "diagnosis",
    "remedies",
    "baseline",
    "detectable_slow_down",
    "comparison",
    "probes",
    "probes_failed",
    "seconds",
    "seconds_per_step",
    "fingerprint",
    "sentence",
)


def spreadsheet(outcomes: Sequence[Outcome]) -> str:
    """Return the table of cases; what was not measured or does not apply is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(_row(outcome) for outcome in outcomes)
    return text.getvalue()


def _row(outcome: Outcome) -> list[str | float | None]:
    epochs = converged_epochs(outcome)
    return [
        outcome.scenario,
        outcome.case,
        outcome.backend,
        outcome.device,
        outcome.expect,
        outcome.stated,
        outcome.rate,
        str(outcome.criterion),
        outcome.outcome,
        outcome.seeds,
        outcome.converged,
        *outcome.interval,
        median(epochs) if epochs else None,
        min(epochs, default=None),
        max(epochs, default=None),
        median(outcome.plateau_epochs) if outcome.plateau_epochs else None,
        median_transition(outcome),
        outcome.symptom,
        outcome.diagnosis[0].cause if outcome.diagnosis else None,
        outcome.remedies,
        outcome.comparison.status,
        outcome.comparison.detectable,
        outcome.comparison.sentence or None,
        len(outcome.probes),
        sum(probe.status == "fail" for probe in outcome.probes),
        outcome.seconds,
        outcome.seconds_per_step,
        outcome.fingerprint,
        outcome.sentence,
    ]
