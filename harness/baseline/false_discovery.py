"""All differences of a run -> a status each, with the run's false discoveries controlled."""

import math
from collections.abc import Sequence

import numpy as np

from harness.baseline.comparison import Differences
from harness.baseline.power import (
    OWN_SCATTER,
    paired_shift,
    smallest_seen,
    unpaired_mean_shift,
    unpaired_shift,
)
from harness.baseline.significance import Difference
from harness.history import Floats
from harness.results.comparison import Answer, Comparison, Status
from harness.scenario.vocabulary import Direction

RATE = 0.01
"""False discovery rate. Where nothing changed, every alarm is a false one, so that at most one run
in a hundred raises any, even if the truth lay exactly on the margin; clean runs lie well within."""

UNDERPOWERED = 1.0
"""A comparison that would miss a doubling of the epochs says that it cannot fail."""

MEASURES = {
    "loss": "epochs until the loss is half-way",
    "convergence": "epochs to converge",
    "metric": "mean at the end of the budget",
}
CHANGES: dict[Direction, str] = {
    "two-sided": "slow-down",
    "slower": "slow-down",
    "faster": "speed-up",
}
BLIND = {
    False: "a doubling of the epochs: as a gate on time it cannot fail",
    True: "a doubling of the mean: as a gate on it it cannot fail",
}


def control_false_discoveries(
    found: Sequence[Comparison | Differences], rate: float = RATE, among: int | None = None
) -> list[Comparison]:
    """Give differences their status and sentence; comparisons that have one keep it.

    Controls the false discovery rate over both directions of all tests (Benjamini & Hochberg,
    J. R. Stat. Soc. B 57 (1995) 289-300).

    Args:
        found: of the whole run.
        rate: false discovery rate.
        among: how many comparisons the run makes in all, where only some are handed over (one
            test that has to answer at once); the others count as having found nothing.
    """
    tested = [each for each in found if isinstance(each, Differences)]
    count = max(len(tested), among or 0)
    slower, faster = _beyond_the_margin(tested, rate, count)
    changes = _adjusted([d.p_changed for d in tested], count)
    comparisons = iter(
        _comparison(each, _status(each, worse, better, change <= rate), rate, count)
        for each, worse, better, change in zip(tested, slower, faster, changes, strict=True)
    )
    return [next(comparisons) if isinstance(each, Differences) else each for each in found]


def _beyond_the_margin(
    tested: Sequence[Differences], rate: float, count: int
) -> tuple[list[bool], list[bool]]:
    """Tell of each comparison whether it is slower, and whether it is faster.

    The directions that were asked for share the false discovery rate; the others, which fail
    nothing, are told with a rate of their own.
    """
    sides = [(side, n) for n in range(len(tested)) for side in ("slower", "faster")]
    asked = [each for each in sides if tested[each[1]].direction in ("two-sided", each[0])]
    found: dict[tuple[str, int], float] = {}
    for group in (asked, [each for each in sides if each not in asked]):
        p_values = [
            tested[n].p_slower if side == "slower" else tested[n].p_faster for side, n in group
        ]
        others = 2 * (count - len(tested))
        found |= dict(zip(group, _adjusted(p_values, len(group) + others), strict=True))
    slower, faster = (
        [bool(found[side, n] <= rate) for n in range(len(tested))] for side in ("slower", "faster")
    )
    return slower, faster


def _comparison(found: Differences, status: Status, rate: float, count: int) -> Comparison:
    """Put differences and their status into the record that results hold."""
    leading, losses = found.leading, found.first_losses
    low, high = (leading and leading.interval) or (None, None)
    power = detectable(found, rate, count)
    return Comparison(
        status=status,
        sentence=_sentence(found, status, power),
        measure=leading.measure if leading else "share",
        effect=_finite(leading.effect if leading else None),
        interval=(_finite(low), _finite(high)),
        p_value=found.p_value,
        p_slower=found.p_slower,
        p_faster=found.p_faster,
        p_changed=found.p_changed,
        direction=found.direction,
        identical=found.identical,
        margin=found.margin,
        detectable=_finite(power),
        paired=found.paired,
        seeds=found.seeds,
        first_losses_differ_by=_finite(losses.difference if losses else None),
        rounding_explains=losses.allowed if losses else None,
        accepted_bands=found.accepted_bands,
    )


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _adjusted(p_values: list[float], count: int) -> Floats:
    """Adjust by Benjamini-Hochberg among ``count``, of which the missing ones are 1."""
    if not p_values:
        return np.zeros(0)
    from scipy.stats import false_discovery_control  # noqa: PLC0415  # only where compared

    padded = np.concatenate([np.array(p_values), np.ones(count - len(p_values))])
    return np.asarray(false_discovery_control(padded), np.float64)[: len(p_values)]


def _status(found: Differences, slower: bool, faster: bool, change: bool) -> Status:
    if slower:
        return "slower"
    if faster:
        return "faster"
    losses = found.first_losses is not None and found.first_losses.beyond_rounding
    return "changed" if change or losses else "same"


def detectable(found: Differences, rate: float, count: int) -> float:
    """Return the smallest change that a comparison, alone among ``count``, sees with 90 %."""
    sides = 2 * count - (found.direction != "two-sided")
    alpha = rate / sides / len(found.measures)
    timed = [each for each in found.measures if each.effect is not None]
    return min((_smallest_seen(each, found, alpha) for each in timed), default=math.inf)


def _smallest_seen(measure: Difference, found: Differences, alpha: float) -> float:
    new, accepted = measure.seeds
    if measure.measure == "metric":
        shift = (
            paired_shift(new, alpha) if found.paired else unpaired_mean_shift(new, accepted, alpha)
        )
        return found.margin + shift * measure.spread
    if found.paired:
        shift, own = paired_shift(new, alpha), OWN_SCATTER
    else:
        shift, own = unpaired_shift(new, accepted, alpha), 0.0
    return smallest_seen(found.margin, shift, measure.spread, own)


ANSWERED: dict[Answer, str] = {
    "identical": "identical, bit for bit",
    "same": "the same within what {} explain",
    "changed": "changed by more than {} explain",
    "regressed": "regressed",
    "improved": "improved, refresh the baseline",
}


def _sentence(found: Differences, status: Status, power: float) -> str:
    answer = Comparison(status, identical=found.identical).answer or "same"
    answered = ANSWERED[answer].format("rounding and seeds" if found.paired else "other seeds")
    parts = [f"{answered}: {_effect(found)}", _losses(found), _power(found, status, power)]
    return "; ".join(part for part in parts if part)


def _effect(found: Differences) -> str:
    leading, share = found.leading, found.measures[-1]
    if leading is None or leading.effect is None or leading.interval is None:
        return f"no crossing to time; {_share(share)}"
    low, high = (percent(limit) for limit in leading.interval)
    text = (
        f"{MEASURES[leading.measure]}: {percent(leading.effect)} (95 % interval {low} "
        f"to {high}, margin {100 * found.margin:g} %, p = {found.p_value:.2g})"
    )
    return f"{text}; {_share(share)}" if share.p_changed < leading.p_changed else text


def _share(share: Difference) -> str:
    differ = "as many seeds converge" if share.p_changed == 1 else "converged seeds differ"
    return f"{differ} (p = {share.p_changed:.2g})"


def percent(relative: float) -> str:
    """Return a relative change in percent, to three digits."""
    if abs(relative) < 5e-5:  # noqa: PLR2004  # less than is shown
        return "0 %"
    return "without limit" if math.isinf(relative) else f"{100 * relative:+.3g} %"


def _losses(found: Differences) -> str:
    losses = found.first_losses
    if losses is None or not losses.beyond_rounding:
        return ""
    return f"first losses differ by {losses.difference:.2g}, rounding explains {losses.allowed:.2g}"


def _power(found: Differences, status: Status, power: float) -> str:
    leading = found.leading
    of_mean = leading is not None and leading.measure == "metric"
    kind = "change of the mean" if of_mean else CHANGES[found.direction]
    if status in {"slower", "faster"} and power > UNDERPOWERED:
        return "so few seeds miss most changes of this size"
    new, accepted = found.seeds
    seeds = f"{new} paired seeds" if found.paired else f"{new} v {accepted} seeds"
    if power > UNDERPOWERED:
        return f"{seeds} would miss even {BLIND[of_mean]}"
    return f"{seeds} would see a {kind} of {100 * power:.3g} % or more"
