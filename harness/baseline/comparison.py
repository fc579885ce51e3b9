"""An outcome against what was accepted: differences first, a status only once all are known."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from harness.baseline.crossing_times import Measure, crossing_times
from harness.baseline.errors import BaselineError
from harness.baseline.first_losses import FirstLosses, compare_first_losses
from harness.baseline.mean_tests import compare_means
from harness.baseline.record import Baseline, BaselineCase, SeedRecord, accept, seed_records
from harness.baseline.significance import (
    Difference,
    converged_share,
    lost_share,
    paired,
    unpaired,
)
from harness.baseline.terms import Terms
from harness.results.bands import Band
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome
from harness.scenario.vocabulary import Direction


@dataclass(frozen=True)
class Differences:
    """How a case's seeds differ from the accepted ones, before the run's other cases are known.

    Attributes:
        paired: whether the same seeds are on both sides.
        seeds: how many, new and accepted.
        margin: relative change that is tolerated.
        measures: what is tested; the share of converged seeds last.
        first_losses: how far they are apart; ``None`` if unpaired.
        direction: which change was asked for.
        identical: whether all curves are the same bit for bit; ``None`` if that is not known.
        accepted_bands: of the accepted seeds' curves.
    """

    paired: bool
    seeds: tuple[int, int]
    margin: float
    measures: tuple[Difference, ...]
    first_losses: FirstLosses | None
    direction: Direction = "two-sided"
    identical: bool | None = None
    accepted_bands: dict[str, Band] = field(default_factory=dict)

    @property
    def leading(self) -> Difference | None:
        """The measure with the strongest evidence of a change that has a size; loss first."""
        timed = [each for each in self.measures if each.effect is not None]
        return min(timed, key=lambda d: min(d.p_slower, d.p_faster, 0.5), default=None)

    @property
    def p_slower(self) -> float:
        """Of no slow-down beyond the margin, Bonferroni over the measures."""
        return self._smallest([each.p_slower for each in self.measures])

    @property
    def p_faster(self) -> float:
        """Of no speed-up beyond the margin, Bonferroni over the measures."""
        return self._smallest([each.p_faster for each in self.measures])

    @property
    def p_changed(self) -> float:
        """Of no change beyond rounding, two-sided, Bonferroni over the measures."""
        return self._smallest([each.p_changed for each in self.measures])

    @property
    def p_value(self) -> float:
        """Of no change beyond the margin, two-sided."""
        return min(1.0, 2 * min(self.p_slower, self.p_faster))

    def _smallest(self, values: list[float]) -> float:
        return min([1.0, *(value * len(values) for value in values)])


def compare(outcome: Outcome, case: BaselineCase | None) -> Comparison | Differences:
    """Compare an outcome with what was accepted of its case, on the terms that it declares.

    Returns:
        Differences, which `control_false_discoveries` gives a status; a comparison where nothing
        can be tested.
    """
    if outcome.not_judged:
        return Comparison("missing", outcome.not_judged)
    if case is None:
        hint = "no accepted baseline: accept with --convergence-baseline update"
        return Comparison("none", hint)
    if outcome.fingerprint != case.fingerprint:
        return Comparison(
            "not_comparable", "the case's setting changed since it was accepted: accept it anew"
        )
    records = seed_records(outcome, case.loss_level)
    new, accepted = _trained(records), _trained(case.seeds)
    crashed = len(records) - len(new)
    if crashed > len(case.seeds) - len(accepted):
        return Comparison("changed", f"{crashed} of {len(records)} seeds crashed")
    if not new or not accepted:
        return Comparison("not_comparable", "no seed was trained to be compared")
    found = compare_seeds(new, accepted, outcome.rounding, Terms.of(outcome))
    return replace(found, accepted_bands=case.bands)


def _trained(seeds: Sequence[SeedRecord]) -> list[SeedRecord]:
    return [seed for seed in seeds if seed.stopped != "crashed"]


def compare_seeds(
    new: Sequence[SeedRecord],
    accepted: Sequence[SeedRecord],
    rounding: Sequence[float],
    terms: Terms = Terms(),  # noqa: B008  # frozen
) -> Differences:
    """Compare seeds: in pairs where one side's seeds are all on the other side, else as samples.

    ``rounding`` is what rounding makes of the first losses, see `compare_first_losses`.
    """
    common = sorted({s.seed for s in new} & {s.seed for s in accepted})
    shared = len(common) == min(len(new), len(accepted))
    identical = _identical(common, new, accepted) if shared else False
    in_pairs = shared and terms.pairing == "seed"
    if in_pairs:
        new, accepted = (_only(common, side) for side in (new, accepted))
    return Differences(
        paired=in_pairs,
        seeds=(len(new), len(accepted)),
        margin=terms.margin,
        measures=_measures(new, accepted, terms, in_pairs=in_pairs),
        first_losses=compare_first_losses(new, accepted, rounding) if in_pairs else None,
        direction=terms.direction,
        identical=identical,
    )


def _measures(
    new: Sequence[SeedRecord], accepted: Sequence[SeedRecord], terms: Terms, *, in_pairs: bool
) -> tuple[Difference, ...]:
    """Return what is tested; the share of seeds that converged, or ended with a number, last."""
    test, share = (paired, lost_share) if in_pairs else (unpaired, converged_share)

    def timed(measure: Measure) -> Difference | None:
        times = crossing_times(new, measure), crossing_times(accepted, measure)
        return test(measure, *times, terms.margin)

    if terms.upward is None:
        found = [timed("loss"), timed("convergence")]
    else:
        means = compare_means(new, accepted, terms.margin, upward=terms.upward, in_pairs=in_pairs)
        found, new, accepted = [means], _finished(new), _finished(accepted)
    return (*(each for each in found if each is not None), share(new, accepted))


def _finished(seeds: Sequence[SeedRecord]) -> list[SeedRecord]:
    """Count a seed as converged that ended its budget with a number."""
    return [
        replace(seed, epochs_to_converge=None if seed.final_metric is None else seed.epochs)
        for seed in seeds
    ]


def _identical(
    common: Sequence[int], new: Sequence[SeedRecord], accepted: Sequence[SeedRecord]
) -> bool | None:
    """Tell whether the common seeds recorded the same; ``None`` where one has no digest."""
    digests = [[seed.curves for seed in _only(common, side)] for side in (new, accepted)]
    known = all(digest for side in digests for digest in side)
    return digests[0] == digests[1] if known and common else None


def _only(wanted: Sequence[int], seeds: Sequence[SeedRecord]) -> list[SeedRecord]:
    by_seed = {seed.seed: seed for seed in seeds}
    return [by_seed[seed] for seed in wanted]


def compare_baseline(
    outcomes: Sequence[Outcome], baseline: Baseline
) -> list[tuple[str, Comparison | Differences]]:
    """Compare outcomes with the baseline of their scenario, backend and device; name each.

    An accepted case that is not among them is missing.

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
    measured = {outcome.case for outcome in outcomes}
    gone = [f"{baseline.scenario}/{case}" for case in baseline.cases if case not in measured]
    return [
        *((o.id, compare(o, baseline.cases.get(o.case))) for o in outcomes),
        *((name, Comparison("missing", "accepted, but not in the report")) for name in gone),
    ]


def compare_reports(
    a_cases: Sequence[Outcome], b_cases: Sequence[Outcome]
) -> list[tuple[str, Comparison | Differences]]:
    """Compare report B with report A, case by case, in B's order; name each.

    Cases are matched by id, backend and device; if none are, by id alone, as for one report a
    backend. A case that only B holds has status none, one that B lacks or did not judge is missing.

    Raises:
        BaselineError: if the reports have no case in common.
    """
    for exact in (True, False):
        accepted = {_key(outcome, exact=exact): outcome for outcome in a_cases}
        found = [accepted.get(_key(outcome, exact=exact)) for outcome in b_cases]
        if any(found):
            both = [(b.id, _against(b, a)) for b, a in zip(b_cases, found, strict=True)]
            measured = {_key(outcome, exact=exact) for outcome in b_cases}
            gone = [key[0] for key in accepted if key not in measured]
            lacking = Comparison("missing", "only in the first report")
            return both + [(name, lacking) for name in gone]
    raise BaselineError("the two reports have no case in common: nothing can be compared")


def _key(outcome: Outcome, *, exact: bool) -> tuple[str, ...]:
    return (outcome.id, outcome.backend, outcome.device) if exact else (outcome.id,)


def _against(outcome: Outcome, accepted: Outcome | None) -> Comparison | Differences:
    if accepted is None:
        return Comparison("none", "only in the second report")
    if accepted.not_judged and not outcome.not_judged:
        return Comparison("none", "not judged in the first report")
    return compare(outcome, accept(accepted))
