"""All comparisons of a run -> a status each, with the run's false discoveries controlled."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from harness.baseline.comparison import Comparison, Status
from harness.baseline.evidence import Evidence
from harness.baseline.power import OWN_SCATTER, paired_shift, smallest_seen, unpaired_shift
from harness.history import Floats

RATE = 0.01
"""False discovery rate. Where nothing changed, every alarm is a false one, so that at most one run
in a hundred raises any, even if the truth lay exactly on the margin; clean runs lie well within."""

UNDERPOWERED = 1.0
"""A comparison that would miss a doubling of the epochs says that it cannot fail."""

MEASURES = {"loss": "until the loss is half-way", "convergence": "to converge"}


def settle(
    comparisons: Sequence[Comparison], rate: float = RATE, among: int | None = None
) -> list[Comparison]:
    """Give every comparison its status and sentence.

    Controls the false discovery rate over both directions of all comparisons (Benjamini & Hochberg,
    J. R. Stat. Soc. B 57 (1995) 289-300).

    Args:
        comparisons: of the whole run; those that hold no evidence keep their status.
        rate: false discovery rate.
        among: how many comparisons the run makes in all, where only some are handed over (one
            test that has to answer at once); the others count as having found nothing.
    """
    open_ones = [c for c in comparisons if c.status == "unsettled"]
    count = max(len(open_ones), among or 0)
    sides = _adjusted([p for c in open_ones for p in (c.p_slower, c.p_faster)], 2 * count)
    changes = _adjusted([c.p_changed for c in open_ones], count)
    settled = []
    for comparison, (slower, faster), change in zip(
        open_ones, sides.reshape(-1, 2), changes, strict=True
    ):
        status = _status(comparison, slower <= rate, faster <= rate, change <= rate)
        powered = replace(comparison, status=status, detectable=detectable(comparison, rate, count))
        settled.append(replace(powered, sentence=_sentence(powered)))
    done = iter(settled)
    return [next(done) if c.status == "unsettled" else c for c in comparisons]


def _adjusted(p_values: list[float], count: int) -> Floats:
    """Adjust by Benjamini-Hochberg among ``count``, of which the missing ones are 1."""
    from scipy.stats import false_discovery_control  # noqa: PLC0415  # only where compared

    if not p_values:
        return np.zeros(0)
    padded = np.concatenate([np.array(p_values), np.ones(count - len(p_values))])
    return np.asarray(false_discovery_control(padded), np.float64)[: len(p_values)]


def _status(comparison: Comparison, slower: bool, faster: bool, change: bool) -> Status:
    if slower:
        return "slower"
    if faster:
        return "faster"
    early = comparison.early is not None and comparison.early.beyond_rounding
    return "changed" if change or early else "same"


def detectable(comparison: Comparison, rate: float, count: int) -> float:
    """Return the smallest slow-down that the comparison, alone among ``count``, sees with 90 %."""
    alpha = rate / (2 * count) / len(comparison.evidence)
    timed = [e for e in comparison.evidence if e.effect is not None]
    return min((_smallest_seen(e, comparison, alpha) for e in timed), default=math.inf)


def _smallest_seen(evidence: Evidence, comparison: Comparison, alpha: float) -> float:
    new, accepted = evidence.seeds
    if comparison.paired:
        shift, own = paired_shift(new, alpha), OWN_SCATTER
    else:
        shift, own = unpaired_shift(new, accepted, alpha), 0.0
    return smallest_seen(comparison.margin, shift, evidence.spread, own)


def _sentence(comparison: Comparison) -> str:
    parts = [_found(comparison), _early(comparison), _power(comparison)]
    return "; ".join(part for part in parts if part)


def _found(comparison: Comparison) -> str:
    leading, share = comparison.leading, comparison.evidence[-1]
    if leading is None or leading.effect is None or leading.interval is None:
        text = f"no crossing to time; {_share(share)}"
    else:
        low, high = (_percent(limit) for limit in leading.interval)
        text = (
            f"epochs {MEASURES[leading.measure]}: {_percent(leading.effect)} (95 % interval {low} "
            f"to {high}, margin {100 * comparison.margin:g} %, p = {comparison.p_value:.2g})"
        )
        if share.p_changed < leading.p_changed:
            text += f"; {_share(share)}"
    return text + (": improved, refresh the baseline" if comparison.status == "faster" else "")


def _share(share: Evidence) -> str:
    differ = "as many seeds converge" if share.p_changed == 1 else "converged seeds differ"
    return f"{differ} (p = {share.p_changed:.2g})"


def _percent(relative: float) -> str:
    if abs(relative) < 5e-5:  # noqa: PLR2004  # less than is shown
        return "0 %"
    return "without limit" if math.isinf(relative) else f"{100 * relative:+.3g} %"


def _early(comparison: Comparison) -> str:
    early = comparison.early
    if early is None or not early.beyond_rounding:
        return ""
    return f"first losses differ by {early.difference:.2g}, rounding explains {early.allowed:.2g}"


def _power(comparison: Comparison) -> str:
    if comparison.status in {"slower", "faster"} and comparison.detectable > UNDERPOWERED:
        return "so few seeds miss most slow-downs of this size"
    new, accepted = comparison.seeds
    kind = f"{new} paired seeds" if comparison.paired else f"{new} v {accepted} seeds"
    if comparison.detectable > UNDERPOWERED:
        return f"{kind} would miss even a doubling of the epochs: as a gate on time it cannot fail"
    return f"{kind} would see a slow-down of {100 * comparison.detectable:.3g} % or more"
