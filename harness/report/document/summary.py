"""How many cases there are, what became of them, and how they compare with what was accepted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import get_args

from harness.report.document.phrases import duration, words
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome
from harness.results.timing import Status
from harness.verdict import Result

TIMED: dict[Status, str] = {
    "same": "as fast as accepted",
    "slower": "slower than accepted",
    "faster": "faster than accepted",
    "too_noisy": "too noisy to tell",
    "too_few": "timed too few times to tell",
}
"""What the timing gate says of steps, by its status."""

CONSISTENT = "consistent, not decided"
"""What a first look (`--convergence-quick`) says of what contradicts nothing."""


@dataclass(frozen=True)
class Summary:
    """What a reader sees first.

    Attributes:
        counts: of cases by what became of them, in a fixed order.
        sentence: the same: ``12 cases: 11 pass, 1 fail``.
        baseline: how cases compare with what was accepted; empty where nobody asked.
    """

    counts: tuple[tuple[str, int], ...]
    sentence: str
    baseline: str


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """Count the cases."""
    counted = Counter[str](outcome.outcome for outcome in outcomes)
    told = Counter(map(_told, outcomes))
    results = (*get_args(Result), CONSISTENT)
    found = [f"{told[result]} {result}" for result in results if told[result]]
    cases = "1 case" if len(outcomes) == 1 else f"{len(outcomes)} cases"
    return Summary(
        counts=tuple((result, counted[result]) for result in get_args(Result)),
        sentence=f"{cases}: {', '.join(found)}" if found else "no cases",
        baseline=_against_baseline(outcomes),
    )


def _told(outcome: Outcome) -> str:
    """Return what became of a case; of a first look what passed is not called inconclusive."""
    undecided = outcome.outcome == "inconclusive" and outcome.accepted
    return CONSISTENT if undecided else outcome.outcome


def _against_baseline(outcomes: Sequence[Outcome]) -> str:
    """Say how cases compare with what was accepted, and what that could have seen."""
    compared = [each.comparison for each in outcomes]
    statuses = Counter(_counted_as(c) for c in compared if c.sentence or c.status != "none")
    if not statuses:
        return ""
    counts = ", ".join(f"{count} {status}" for status, count in statuses.items())
    tested = [outcome.comparison for outcome in outcomes if outcome.comparison.tested]
    limits = [each.detectable for each in tested if each.detectable is not None]
    limit = f"{100 * median(limits):.2g} %" if limits else ""
    power = f"; the median one would see a slow-down of {limit}" if limits else ""
    blind = sum(each.detectable is None or each.detectable > 1 for each in tested)
    unseen = f"; {blind} cannot fail on time" if blind else ""
    return f"against the baseline: {counts}{power}{unseen}"


def _counted_as(comparison: Comparison) -> str:
    """Return how a case is counted: one that has no baseline is counted as well."""
    if comparison.status == "none":
        return "without one"
    return "identical" if comparison.answer == "identical" else words(comparison.status)


def timing(outcomes: Sequence[Outcome]) -> str:
    """Say how long training took, of how many cases a step was timed, and whether that changed."""
    if not outcomes:
        return ""
    timed = [outcome.timing for outcome in outcomes if outcome.timing]
    statuses = Counter(each.comparison.status for each in timed)
    changes = "".join(
        f"; {statuses[status]} {text}" for status, text in TIMED.items() if statuses[status]
    )
    seconds = sum(outcome.seconds for outcome in outcomes)
    return (
        f"all seeds together trained for {duration(seconds)}; "
        f"a step was timed in {len(timed)} of {len(outcomes)} cases{changes}"
    )
