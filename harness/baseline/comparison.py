"""An outcome against what was accepted: evidence first, a status only once all are known."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from harness.baseline.crossing_times import arm
from harness.baseline.errors import BaselineError
from harness.baseline.evidence import Evidence, converged_share, lost_share, paired, unpaired
from harness.baseline.first_losses import Early, early
from harness.baseline.record import Baseline, BaselineCase, SeedRecord, accept, seed_records
from harness.results.outcome import Outcome

Status = Literal["unsettled", "same", "slower", "faster", "changed", "none", "not_comparable"]

MARGIN = 0.05
"""Slow-downs up to this are not called slower, at most changed: of 25 epochs, one."""

FAILING = frozenset({"slower", "faster", "changed"})
"""Faster fails too: several silent faults make training faster, and either way the accepted
baseline no longer says what training does."""


@dataclass(frozen=True)
class Comparison:
    """How a case's training differs from the accepted one.

    Attributes:
        id: the case.
        status: unsettled until `settle` has seen all comparisons of the run.
        sentence: for a person: effect, interval, p-value and power.
        paired: whether the same seeds are on both sides.
        seeds: how many, new and accepted.
        margin: relative slow-down that is tolerated.
        evidence: one a measure.
        early: how far the first losses are apart; ``None`` if unpaired.
        detectable: smallest slow-down seen with 90 % power; infinite: none is.
    """

    id: str
    status: Status
    sentence: str
    paired: bool = False
    seeds: tuple[int, int] = (0, 0)
    margin: float = MARGIN
    evidence: tuple[Evidence, ...] = ()
    early: Early | None = None
    detectable: float = math.inf

    @property
    def regressed(self) -> bool:
        """Whether the accepted results no longer say what training does: the gate fails then."""
        return self.status in FAILING

    @property
    def leading(self) -> Evidence | None:
        """The measure with the strongest evidence of a timed change; loss first."""
        timed = [evidence for evidence in self.evidence if evidence.effect is not None]
        return min(timed, key=lambda e: min(e.p_slower, e.p_faster, 0.5), default=None)

    @property
    def p_slower(self) -> float:
        """Of no slow-down beyond the margin, Bonferroni over the measures."""
        return self._smallest([evidence.p_slower for evidence in self.evidence])

    @property
    def p_faster(self) -> float:
        """Of no speed-up beyond the margin, Bonferroni over the measures."""
        return self._smallest([evidence.p_faster for evidence in self.evidence])

    @property
    def p_changed(self) -> float:
        """Of no change beyond rounding, two-sided, Bonferroni over the measures."""
        return self._smallest([evidence.p_changed for evidence in self.evidence])

    @property
    def p_value(self) -> float:
        """Of no change beyond the margin, two-sided."""
        return min(1.0, 2 * min(self.p_slower, self.p_faster))

    def _smallest(self, values: list[float]) -> float:
        return min([1.0, *(value * len(values) for value in values)])

    def to_dict(self) -> dict[str, Any]:
        """Return what `Outcome.baseline` holds, in values that JSON holds as they are."""
        told: dict[str, Any] = {"status": self.status, "sentence": self.sentence}
        if not self.evidence:
            return told
        leading = self.leading
        low, high = (leading and leading.interval) or (None, None)
        return told | {
            "measure": leading.measure if leading else "share",
            "effect": _finite(leading.effect if leading else None),
            "interval": [_finite(low), _finite(high)],
            "p_value": self.p_value,
            "margin": self.margin,
            "detectable": _finite(self.detectable),
            "paired": self.paired,
            "seeds": list(self.seeds),
            "first_losses_differ_by": _finite(self.early.difference if self.early else None),
        }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def compare(outcome: Outcome, case: BaselineCase | None, margin: float = MARGIN) -> Comparison:
    """Compare an outcome with what was accepted of its case.

    Returns:
        A comparison with status none, not_comparable or unsettled.
    """
    if case is None:
        hint = "no accepted baseline: accept with --convergence-baseline update"
        return Comparison(outcome.id, "none", hint)
    if outcome.fingerprint != case.fingerprint:
        return Comparison(
            outcome.id,
            "not_comparable",
            "the case's setting changed since it was accepted: accept it anew",
        )
    records = seed_records(outcome, case.loss_level)
    new, accepted = _trained(records), _trained(case.seeds)
    crashed = len(records) - len(new)
    if crashed > len(case.seeds) - len(accepted):
        return Comparison(outcome.id, "changed", f"{crashed} of {len(records)} seeds crashed")
    if not new or not accepted:
        return Comparison(outcome.id, "not_comparable", "no seed was trained to be compared")
    return compare_seeds(outcome.id, new, accepted, outcome.rounding, margin)


def _trained(seeds: Sequence[SeedRecord]) -> list[SeedRecord]:
    return [seed for seed in seeds if seed.stopped != "crashed"]


def compare_seeds(
    name: str,
    new: Sequence[SeedRecord],
    accepted: Sequence[SeedRecord],
    rounding: Sequence[float],
    margin: float = MARGIN,
) -> Comparison:
    """Compare seeds: in pairs where one side's seeds are all on the other side, else as samples.

    ``rounding`` is what rounding makes of the first losses, see `early`.
    """
    common = sorted({s.seed for s in new} & {s.seed for s in accepted})
    in_pairs = len(common) == min(len(new), len(accepted))
    if in_pairs:
        new, accepted = (_only(common, side) for side in (new, accepted))
    test, share = (paired, lost_share) if in_pairs else (unpaired, converged_share)
    timed = [
        test(measure, arm(new, measure), arm(accepted, measure), margin)
        for measure in ("loss", "convergence")
    ]
    return Comparison(
        id=name,
        status="unsettled",
        sentence="",
        paired=in_pairs,
        seeds=(len(new), len(accepted)),
        margin=margin,
        evidence=(*(e for e in timed if e is not None), share(new, accepted)),
        early=early(new, accepted, rounding) if in_pairs else None,
    )


def _only(wanted: Sequence[int], seeds: Sequence[SeedRecord]) -> list[SeedRecord]:
    by_seed = {seed.seed: seed for seed in seeds}
    return [by_seed[seed] for seed in wanted]


def compare_baseline(
    outcomes: Sequence[Outcome], baseline: Baseline, margin: float = MARGIN
) -> list[Comparison]:
    """Compare outcomes with the baseline of their scenario, backend and device.

    Raises:
        BaselineError: if the baseline is another one's.
    """
    own = (baseline.scenario, baseline.backend, baseline.device)
    for outcome in outcomes:
        if (outcome.scenario, outcome.backend, outcome.device) != own:
            raise BaselineError(
                f"{outcome.id} on {outcome.backend}-{outcome.device} cannot be compared with the "
                f"baseline of {own[0]} on {own[1]}-{own[2]}: record one for it"
            )
    return [compare(outcome, baseline.cases.get(outcome.case), margin) for outcome in outcomes]


def compare_reports(
    a_cases: Sequence[Outcome], b_cases: Sequence[Outcome], margin: float = MARGIN
) -> list[Comparison]:
    """Compare report B with report A, case by case, in B's order.

    Cases are matched by id, backend and device; if none are, by id alone, as for one report a
    backend. A case that only one of them holds has status none.

    Raises:
        BaselineError: if the reports have no case in common.
    """
    for exact in (True, False):
        accepted = {_key(outcome, exact=exact): outcome for outcome in a_cases}
        found = [accepted.get(_key(outcome, exact=exact)) for outcome in b_cases]
        if any(found):
            both = [_against(b, a, margin) for b, a in zip(b_cases, found, strict=True)]
            measured = {_key(outcome, exact=exact) for outcome in b_cases}
            gone = [key[0] for key in accepted if key not in measured]
            return both + [Comparison(name, "none", "only in the first report") for name in gone]
    raise BaselineError("the two reports have no case in common: nothing can be compared")


def _key(outcome: Outcome, *, exact: bool) -> tuple[str, ...]:
    return (outcome.id, outcome.backend, outcome.device) if exact else (outcome.id,)


def _against(outcome: Outcome, accepted: Outcome | None, margin: float) -> Comparison:
    if accepted is None:
        return Comparison(outcome.id, "none", "only in the second report")
    return compare(outcome, accept(accepted), margin)
