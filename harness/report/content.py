"""What every report says, before it is laid out: order, counts, remedies, findings."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from harness.report.columns import baseline_status
from harness.results.outcome import Outcome

RESULTS = ("pass", "fail", "inconclusive", "error")


@dataclass(frozen=True)
class Group:
    """The cases of one scenario, on all backends."""

    scenario: str
    question: str
    outcomes: tuple[Outcome, ...]

    @property
    def criteria(self) -> list[str]:
        """When a run counts as converged; several where cases differ."""
        return list(dict.fromkeys(str(outcome.criterion) for outcome in self.outcomes))


@dataclass(frozen=True)
class Remedy:
    """A case that fails, ``None`` if it did not run, and the one that is its cure."""

    scenario: str
    case: str
    failing: Outcome | None
    cure: Outcome

    @property
    def works(self) -> str:
        """Whether both claims passed: yes, no or unsure."""
        if self.failing is None:
            return "unsure"
        results = {self.failing.outcome, self.cure.outcome}
        if results == {"pass"}:
            return "yes"
        return "no" if "fail" in results else "unsure"


def groups(outcomes: Iterable[Outcome]) -> list[Group]:
    """Put cases under their scenarios, both in the order they first appear in.

    The same case on several backends stands together.
    """
    scenarios: dict[str, dict[str, list[Outcome]]] = {}
    for outcome in outcomes:
        scenarios.setdefault(outcome.scenario, {}).setdefault(outcome.id, []).append(outcome)
    return [
        _group(name, [outcome for same in cases.values() for outcome in same])
        for name, cases in scenarios.items()
    ]


def _group(scenario: str, outcomes: Sequence[Outcome]) -> Group:
    return Group(scenario, outcomes[0].question, tuple(outcomes))


def counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Count cases by what became of them, in a fixed order."""
    counted = Counter[str](outcome.outcome for outcome in outcomes)
    return {result: counted[result] for result in RESULTS}


def summary(outcomes: Sequence[Outcome]) -> str:
    """Say how many cases there are and what became of them: ``12 cases: 11 pass, 1 fail``."""
    found = [f"{count} {result}" for result, count in counts(outcomes).items() if count]
    cases = "1 case" if len(outcomes) == 1 else f"{len(outcomes)} cases"
    return f"{cases}: {', '.join(found)}" if found else "no cases"


TIMED = {
    "same": "take as long",
    "slower": "take longer",
    "faster": "are faster",
    "too_noisy": "were too noisy to tell",
    "too_few": "were timed too few times to tell",
}
"""What the timing gate says of steps, by its status."""


def baseline_summary(outcomes: Sequence[Outcome]) -> str:
    """Say how cases compare with what was accepted, and what that could have seen.

    Empty where nothing was compared and no case has an accepted result.
    """
    statuses = Counter(baseline_status(outcome) for outcome in outcomes)
    if set(statuses) <= {"none"}:
        return ""
    told = [f"{count} {status}" for status, count in statuses.items()]
    tested = [outcome.comparison for outcome in outcomes if outcome.comparison.tested]
    seen = [each.detectable for each in tested if each.detectable is not None]
    power = f"; the median one would see a slow-down of {100 * median(seen):.2g} %" if seen else ""
    blind = sum(each.detectable is None or each.detectable > 1 for each in tested)
    gate = f"; {blind} cannot fail on time" if blind else ""
    timings = Counter(outcome.timing.comparison.status for outcome in outcomes if outcome.timing)
    timed = "".join(f"; {n} steps {TIMED[s]}" for s, n in timings.items() if s != "none")
    return f"against the baseline: {', '.join(told)}{power}{gate}{timed}"


def environment_line(environment: Mapping[str, str | int]) -> str:
    """Say what a report was made with, in one line."""
    return ", ".join(f"{name} {value}" for name, value in environment.items())


def remedies(outcomes: Sequence[Outcome]) -> list[Remedy]:
    """Pair each cure with the case it cures, on the same backend and device."""
    found = {_place(outcome, outcome.case): outcome for outcome in outcomes}
    return [
        Remedy(cure.scenario, cure.remedies, found.get(_place(cure, cure.remedies)), cure)
        for cure in outcomes
        if cure.remedies is not None
    ]


def _place(outcome: Outcome, case: str) -> tuple[str, str, str, str]:
    return outcome.scenario, case, outcome.backend, outcome.device


def place_of(outcome: Outcome, outcomes: Sequence[Outcome]) -> str:
    """Say where a case ran, `` on eager cpu``; empty where all ran in one place."""
    places = {(other.backend, other.device) for other in outcomes}
    return f" on {outcome.backend} {outcome.device}" if len(places) > 1 else ""


def name_of(outcome: Outcome, outcomes: Sequence[Outcome]) -> str:
    """Name a case, with where it ran if that differs."""
    return outcome.id + place_of(outcome, outcomes)


def findings(outcomes: Sequence[Outcome]) -> dict[str, list[str]]:
    """Return what a reader must know of each case: why it did not pass, what changed or is wrong.

    Cases that did not pass come first.
    """
    ordered = sorted(outcomes, key=lambda outcome: outcome.outcome == "pass")
    texts = {
        name_of(outcome, outcomes): [
            *_claim_texts(outcome),
            *_baseline_texts(outcome),
            *_probe_texts(outcome),
        ]
        for outcome in ordered
    }
    return {name: found for name, found in texts.items() if found}


def cause(outcome: Outcome) -> str:
    """Say the likeliest cause of a failure, its evidence and its remedy; empty if none is known."""
    if not outcome.diagnosis:
        return ""
    first = outcome.diagnosis[0]
    return f"Diagnosis: {first.cause}, since {first.evidence}. Remedy: {first.remedy}"


def _claim_texts(outcome: Outcome) -> list[str]:
    if outcome.outcome == "pass":
        return []
    return [text for text in (f"{outcome.outcome}: {outcome.sentence}", cause(outcome)) if text]


def _baseline_texts(outcome: Outcome) -> list[str]:
    compared = outcome.comparison
    told = outcome.outcome != "pass" and compared.refused
    if told or compared.status in {"none", "same"}:
        return []
    return [f"baseline: {baseline_status(outcome)}: {compared.sentence}"]


def _probe_texts(outcome: Outcome) -> list[str]:
    failed = [probe for probe in outcome.probes if probe.status == "fail"]
    return [f"probe {probe.name} fails: {probe.sentence}" for probe in failed]
