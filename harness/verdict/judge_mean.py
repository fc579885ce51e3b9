"""Does the claim about a mean over seeds hold?"""

from collections.abc import Sequence

from harness.verdict.judge import CONSISTENT, Verdict
from harness.verdict.mean import FEWEST, MeanBound, MeanDecision, decide_mean
from harness.verdict.sequential import Decision


def judge_mean(
    name: str, values: Sequence[float], claim: MeanBound, *, quick: bool = False
) -> Verdict:
    """Judge a claim about the mean of a metric at the end of the budget.

    Args:
        name: of the metric: ``validation loss``.
        values: of each seed, in seed order; not finite where it did not train its whole budget.
        claim: what the mean was claimed to reach.
        quick: whether so few seeds were a first look on purpose.
    """
    found = decide_mean(values, claim)
    claimed = f"claimed a mean {name} {'>=' if claim.upward else '<='} {claim.level:g}"
    match found.decision:
        case Decision.CONFIRMED:
            return Verdict("pass", f"{claimed}; {_seen(found)}: confirmed by these first seeds")
        case Decision.REFUTED:
            return Verdict("fail", f"{claimed}; {_refuted(found, name)}")
        case Decision.UNDECIDED:
            return Verdict("inconclusive", f"{claimed}; {_seen(found)}: {_undecided(found, quick)}")


def _seen(found: MeanDecision) -> str:
    low, high = found.interval
    return f"{found.mean:.6g} over {found.seeds} seeds (95 % interval {low:.6g} to {high:.6g})"


def _refuted(found: MeanDecision, name: str) -> str:
    if found.mean != found.mean:  # NaN: there is no mean
        return (
            f"seed number {found.seeds} did not end its budget with a finite {name}: "
            "no mean that it belongs to is within a bound"
        )
    return f"{_seen(found)}: refuted by these first seeds"


def _undecided(found: MeanDecision, quick: bool) -> str:
    if quick:
        return CONSISTENT
    if found.seeds < FEWEST:
        return f"too few seeds to decide: {FEWEST} are needed"
    return f"too close to call after {found.seeds} seeds"
