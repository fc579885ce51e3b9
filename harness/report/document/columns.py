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
        about: what it says, for the reference.
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
    about: str
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
    Column("scenario", "the scenario's name", lambda o: o.scenario),
    Column("case", "the case's name within it", lambda o: o.case),
    Column("backend", "what trained it", lambda o: o.backend, "backend", shown=_several_backends),
    Column("device", "where it was trained", lambda o: o.device, "device", shown=_several_devices),
    Column(
        "expect",
        "what is claimed of nearly all seeds: converges or fails",
        lambda o: o.expect,
        "claim",
        claim,
        short=lambda o: o.expect,
        shortened=2,
    ),
    Column("stated", "the reason that a case states for its failure", lambda o: o.stated),
    Column("rate", "the share of seeds that the claim is about", lambda o: o.rate),
    Column("criterion", "when a seed counts as converged", lambda o: str(o.criterion)),
    Column("outcome", "pass, fail, inconclusive or error", lambda o: o.outcome),
    Column("seeds", "how many were trained", lambda o: o.seeds),
    Column(
        "converged",
        "how many of them converged",
        lambda o: o.converged,
        "converged",
        share_interval,
        True,
        share,
        shortened=3,
    ),
    Column(
        "interval_low",
        "of the share of seeds that converge, 95 % (Wilson 1927): its lower end",
        lambda o: o.interval[0],
    ),
    Column("interval_high", "its upper end", lambda o: o.interval[1]),
    Column(
        "epochs_median",
        "epochs to converge, the median of the seeds that did",
        lambda o: middle(converged_epochs(o)),
        "epochs",
        epochs,
        True,
        median_epochs,
        shortened=6,
        dropped=7,
    ),
    Column("epochs_min", "the fewest", lambda o: min(converged_epochs(o), default=None)),
    Column("epochs_max", "the most", lambda o: max(converged_epochs(o), default=None)),
    Column(
        "plateau_median",
        "epochs before the loss began to fall, the median of the seeds",
        lambda o: middle(o.plateau_epochs),
        "plateau",
        numeric=True,
        dropped=4,
    ),
    Column(
        "transition_median",
        "epochs from there to the criterion, the median of the seeds",
        median_transition,
        "transition",
        numeric=True,
        dropped=1,
    ),
    Column(
        "metric", "the judged metric as training ended, the median of the seeds", lambda o: o.metric
    ),
    Column("guess", "the same metric of the best trivial guess", lambda o: o.guess),
    Column("guessed_by", "what that guess is", lambda o: o.guessed_by or None),
    Column(
        "skill",
        "one minus the error over the guess's, the median of the seeds",
        lambda o: o.skill,
        "skill",
        skill,
        numeric=True,
        dropped=3,
        shown=_any_skill,
    ),
    Column(
        "symptom",
        "how failed seeds failed, the commonest",
        lambda o: o.symptom,
        "symptom",
        lambda o: words(o.symptom),
        dropped=7,
    ),
    Column(
        "diagnosis",
        "why they failed, the likeliest cause",
        lambda o: o.diagnosis[0].cause if o.diagnosis else None,
    ),
    Column("remedies", "the case that this one is the cure for", lambda o: o.remedies),
    Column(
        "baseline",
        "what became of training since it was accepted",
        lambda o: o.comparison.status,
        "baseline",
        baseline,
        shown=_any_compared,
    ),
    Column(
        "detectable_slow_down",
        "the smallest slow-down that 9 of 10 such comparisons would see",
        lambda o: o.comparison.detectable,
    ),
    Column("comparison", "the comparison in a sentence", lambda o: o.comparison.sentence or None),
    Column("probes", "numerical checks that were made before training", lambda o: len(o.probes)),
    Column(
        "probes_failed",
        "how many of them failed",
        lambda o: sum(probe.status == "fail" for probe in o.probes),
    ),
    Column("seconds", "wall-clock time of all seeds", lambda o: o.seconds),
    Column(
        "seconds_per_step",
        "of a training step, as benchmarked",
        lambda o: o.seconds_per_step,
        "a step",
        step_time,
        True,
        dropped=5,
    ),
    Column("fingerprint", "of all that decides how a seed trains", lambda o: o.fingerprint),
    Column("sentence", "why it passed or did not", lambda o: o.sentence),
)
"""In the order in which they stand.

The narrowings of a terminal: 1 the transition goes, 2 the stated reason, 3 the interval of the
share and the skill, 4 the plateau, 5 the time a step, 6 the range of epochs, 7 all but claim and
share.
"""


def table_columns(outcomes: Sequence[Outcome]) -> tuple[Column, ...]:
    """Return the columns that a table of these cases has, beside outcome and case."""
    return tuple(each for each in COLUMNS if each.heading and each.shown(outcomes))
