"""The list of columns: what every table says of a case, and what ``convergence.csv`` holds.

A new column is one entry of `COLUMNS`; every report shows it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from harness.report.document.phrases import (
    baseline,
    claim,
    converged_epochs,
    epochs,
    median_epochs,
    median_transition,
    middle,
    share,
    share_interval,
    skill,
    step_time,
    words,
)
from harness.results.outcome import Outcome

Value = str | float | None
ALWAYS = 99
"""More narrowings than there are."""


def _always(_: Sequence[Outcome]) -> bool:
    return True


@dataclass(frozen=True)
class Column:
    """One fact of a case.

    Attributes:
        field: its name in ``convergence.csv``.
        value: what stands there; ``None`` where it was not measured or does not apply.
        heading: of its column in tables; empty if only the spreadsheet holds it.
        cell: its words in a table, its value if not given.
        numeric: whether a table aligns it to the right.
        short: its words in a narrow terminal.
        shortened, dropped: from which narrowing of a terminal the short words stand, or nothing:
            the first narrowing costs a reader least.
        shown: whether a report of these cases needs it.
    """

    field: str
    value: Callable[[Outcome], Value]
    heading: str = ""
    cell: Callable[[Outcome], str] | None = None
    numeric: bool = False
    short: Callable[[Outcome], str] | None = None
    shortened: int = ALWAYS
    dropped: int = ALWAYS
    shown: Callable[[Sequence[Outcome]], bool] = _always

    def text(self, outcome: Outcome) -> str:
        """Return the cell of a table, "-" for a value that there is not."""
        if self.cell is not None:
            return self.cell(outcome)
        value = self.value(outcome)
        if value is None:
            return "-"
        return value if isinstance(value, str) else f"{value:g}"


def _several_backends(outcomes: Sequence[Outcome]) -> bool:
    return len({outcome.backend for outcome in outcomes}) > 1


def _several_devices(outcomes: Sequence[Outcome]) -> bool:
    return len({outcome.device for outcome in outcomes}) > 1


def _any_compared(outcomes: Sequence[Outcome]) -> bool:
    return any(baseline(outcome) != "-" for outcome in outcomes)


def _any_skill(outcomes: Sequence[Outcome]) -> bool:
    return any(outcome.skill is not None for outcome in outcomes)


COLUMNS = (
    Column("scenario", lambda o: o.scenario),
    Column("case", lambda o: o.case),
    Column("backend", lambda o: o.backend, "backend", shown=_several_backends),
    Column("device", lambda o: o.device, "device", shown=_several_devices),
    Column(
        "expect",
        lambda o: o.expect,
        "claim",
        claim,
        short=lambda o: o.expect,
        shortened=2,
    ),
    Column("stated", lambda o: o.stated),
    Column("rate", lambda o: o.rate),
    Column("criterion", lambda o: str(o.criterion)),
    Column("outcome", lambda o: o.outcome),
    Column("seeds", lambda o: o.seeds),
    Column(
        "converged", lambda o: o.converged, "converged", share_interval, True, share, shortened=3
    ),
    Column("interval_low", lambda o: o.interval[0]),
    Column("interval_high", lambda o: o.interval[1]),
    Column(
        "epochs_median",
        lambda o: middle(converged_epochs(o)),
        "epochs",
        epochs,
        True,
        median_epochs,
        shortened=6,
        dropped=7,
    ),
    Column("epochs_min", lambda o: min(converged_epochs(o), default=None)),
    Column("epochs_max", lambda o: max(converged_epochs(o), default=None)),
    Column(
        "plateau_median", lambda o: middle(o.plateau_epochs), "plateau", numeric=True, dropped=4
    ),
    Column("transition_median", median_transition, "transition", numeric=True, dropped=1),
    Column("metric", lambda o: o.metric),
    Column("guess", lambda o: o.guess),
    Column("guessed_by", lambda o: o.guessed_by or None),
    Column("skill", lambda o: o.skill, "skill", skill, numeric=True, dropped=3, shown=_any_skill),
    Column("symptom", lambda o: o.symptom, "symptom", lambda o: words(o.symptom), dropped=7),
    Column("diagnosis", lambda o: o.diagnosis[0].cause if o.diagnosis else None),
    Column("remedies", lambda o: o.remedies),
    Column("baseline", lambda o: o.comparison.status, "baseline", baseline, shown=_any_compared),
    Column("detectable_slow_down", lambda o: o.comparison.detectable),
    Column("comparison", lambda o: o.comparison.sentence or None),
    Column("probes", lambda o: len(o.probes)),
    Column("probes_failed", lambda o: sum(probe.status == "fail" for probe in o.probes)),
    Column("seconds", lambda o: o.seconds),
    Column("seconds_per_step", lambda o: o.seconds_per_step, "a step", step_time, True, dropped=5),
    Column("fingerprint", lambda o: o.fingerprint),
    Column("sentence", lambda o: o.sentence),
)
"""In the order in which they stand.

The narrowings of a terminal: 1 the transition goes, 2 the stated reason, 3 the interval of the
share and the skill, 4 the plateau, 5 the time a step, 6 the range of epochs, 7 all but claim and
share.
"""


def table_columns(outcomes: Sequence[Outcome]) -> tuple[Column, ...]:
    """Return the columns that a table of these cases has, beside outcome and case."""
    return tuple(each for each in COLUMNS if each.heading and each.shown(outcomes))
