"""What is said of a trend, and the numbers as people read them."""

from collections.abc import Sequence

from harness.report.document.phrases import short_time
from harness.report.document.table import Table
from harness.report.sparkline import sparkline
from harness.trend.run import CaseRecord, Measure, RunRecord
from harness.trend.trend import Step, Trend

NAMES: dict[Measure, str] = {
    "rate": "converged",
    "epochs": "epochs",
    "metric": "metric",
    "seconds_per_step": "a step",
}
RUNS_DRAWN = 16
"""Blocks of a sparkline."""


def number(measure: Measure, value: float | None) -> str:
    """Return a value with its unit, "-" where there is none."""
    if value is None:
        return "-"
    if measure == "rate":
        return f"{100 * value:.3g} %"
    return short_time(value) if measure == "seconds_per_step" else f"{value:.4g}"


def change(step: Step) -> str:
    """Return what changed, and by how much: ``epochs 18 -> 24 (+33 %)``."""
    name, old, new = step.measure, step.before, step.after
    share = "" if step.change is None else f" ({100 * step.change:+.3g} %)"
    return f"{NAMES[name]} {number(name, old)} -> {number(name, new)}{share}"


def place(step: Step) -> str:
    """Return between which runs, and what else changed between them."""
    versions = "".join(f"; {name} {old} -> {new}" for name, old, new in step.versions)
    return f"{dated(step.first)}, after {dated(step.last)}{versions}"


def by_place(found: Sequence[Trend]) -> list[tuple[str, list[tuple[Trend, Step]]]]:
    """Return the steps that lie between the same runs together: the newest first."""
    places: dict[str, list[tuple[Trend, Step]]] = {}
    for trend in found:
        for step in trend.steps:
            places.setdefault(place(step), []).append((trend, step))
    return sorted(places.items(), key=lambda each: each[1][0][1].first.order, reverse=True)


def title(trend: Trend) -> str:
    """Return the name of a case with where it ran."""
    return f"{trend.id} on {trend.backend}-{trend.device}"


def dated(run: RunRecord) -> str:
    """Return the commit of a run with its date, or the date only."""
    return f"{run.name} ({run.order[0][:10]})" if run.commit else run.name


def extent(runs: Sequence[RunRecord]) -> str:
    """Return how many runs there are, from when to when."""
    count = f"{len(runs)} run{'s' * (len(runs) != 1)}"
    return count if not runs else f"{count}, from {dated(runs[0])} to {dated(runs[-1])}"


def table(found: Sequence[Trend]) -> Table:
    """Return a row a trend: the last run, and all of them in one line."""
    several = len({(each.backend, each.device) for each in found}) > 1
    headings = ("case", *["on"] * several, "outcome", "converged", "epochs", "metric", "a step")
    rows = tuple(_row(each, several=several) for each in found)
    numeric = (False, *[False] * several, False, True, True, True, True, False)
    return Table((*headings, "trend"), rows, numeric)


def drawn(trend: Trend) -> Measure:
    """Return what is drawn in a line: what stepped, else the epochs, or the metric without any."""
    if trend.steps:
        return trend.steps[-1].measure
    return "epochs" if trend.levels["epochs"] else "metric"


def _row(trend: Trend, *, several: bool) -> tuple[str, ...]:
    last: CaseRecord = trend.cases[-1]
    known = [value for value in trend.values(drawn(trend)) if value is not None]
    return (
        trend.id,
        *[f"{trend.backend}-{trend.device}"] * several,
        last.outcome,
        f"{last.converged}/{last.seeds}",
        *(number(name, last.value(name)) for name in ("epochs", "metric", "seconds_per_step")),
        f"{sparkline(known, RUNS_DRAWN)} {NAMES[drawn(trend)]}" if known else "-",
    )
