"""Does a case's claim hold over the seeds that were trained?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from harness.scenario.vocabulary import Diagnosis, Expect
from harness.verdict.expected_symptoms import SYMPTOMS
from harness.verdict.sequential import Decision, decide, needed_to_confirm, needed_to_decide
from harness.verdict.symptom import SENTENCES, Symptom

Result = Literal["pass", "fail", "inconclusive", "error"]

CONSISTENT = "consistent with the claim so far, not decided"
"""What a first look at a few seeds says of those that contradict nothing."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What is claimed of nearly all seeds.

    Attributes:
        expect: converges or fails.
        rate: at least this share of the seeds does so.
        stated: why they fail, ``None`` if it does not matter.
    """

    expect: Expect
    rate: float = 0.9
    stated: Diagnosis | None = None


@dataclass(frozen=True)
class Verdict:
    """Whether a claim holds, and the sentence that says why, for a person."""

    result: Result
    sentence: str


def seeds_to_decide(claim: Claim, symptoms: Sequence[Symptom | None]) -> int:
    """Return how many more seeds can decide a claim; 0 once it is decided, or a seed crashed."""
    if Symptom.CRASHED in symptoms:
        return 0
    return needed_to_decide(_agreements(claim, symptoms), claim.rate)


def judge(
    claim: Claim,
    symptoms: Sequence[Symptom | None],
    crash: str | None = None,
    *,
    quick: bool = False,
    detail: str = "",
    found: str | None = None,
) -> Verdict:
    """Judge a claim about nearly all seeds.

    Args:
        claim: what was claimed.
        symptoms: how each seed failed, in seed order; ``None`` for one that converged.
        crash: which seed raised what, if one did.
        quick: whether so few seeds were a first look on purpose.
        detail: what is known of how the commonest failure came about.
        found: the cause that a diagnosis found; ``None`` where it is undecided.
    """
    if crash is not None:
        return Verdict("error", crash)
    agreements = _agreements(claim, symptoms)
    decision, needed = decide(agreements, claim.rate)
    failed = Counter(symptom for symptom in symptoms if symptom is not None)
    wanted = "to converge" if claim.expect == "converges" else "to fail"
    seen = f"claimed {wanted}; {_seen(len(symptoms), failed, detail)}"
    match decision:
        case Decision.UNDECIDED:
            return Verdict("inconclusive", f"{seen}: {_undecided(agreements, claim, quick)}")
        case Decision.REFUTED:
            return Verdict("fail", f"{seen}: refuted by the first {needed} seeds")
        case Decision.CONFIRMED:
            seen += "" if claim.expect == "converges" else _because(claim, failed, found)
            held = _holds_for_its_reason(claim, failed, found)
            end = f": confirmed by the first {needed} seeds" if held else ""
            return Verdict("pass" if held else "fail", f"{seen}{end}")


def _agreements(claim: Claim, symptoms: Sequence[Symptom | None]) -> list[bool]:
    claimed = claim.expect == "converges"
    return [(symptom is None) == claimed for symptom in symptoms]


def _undecided(agreements: Sequence[bool], claim: Claim, quick: bool) -> str:
    """Tell too few seeds for any answer from seeds that point both ways."""
    if quick:
        return CONSISTENT
    if len(agreements) < needed_to_confirm([], claim.rate):
        needed = needed_to_confirm(agreements, claim.rate)
        return f"too few seeds to decide: {needed} are needed"
    return f"too close to call after {len(agreements)} seeds"


def _holds_for_its_reason(claim: Claim, failed: Counter[Symptom], found: str | None) -> bool:
    """Whether a confirmed claim holds for what it states: the cause, or the symptom without one."""
    if claim.expect == "converges":
        return True
    if found is not None and claim.stated not in (None, "none"):
        return found == claim.stated
    fitting = SYMPTOMS[claim.stated or "none"]
    return 2 * sum(failed[symptom] for symptom in fitting) > failed.total()


def _because(claim: Claim, failed: Counter[Symptom], found: str | None) -> str:
    """Say how what was found goes with what was stated."""
    stated = claim.stated or "none"
    held = _holds_for_its_reason(claim, failed, found)
    if stated != "none" and found is not None:
        if held:
            return f", and its diagnosis is {stated}, as stated"
        return f": not for the stated reason {stated}: its diagnosis is {found}"
    if not held:
        expected = " or ".join(sorted(SYMPTOMS[stated]))
        return f": not for the stated reason, since {stated} shows as {expected}"
    if claim.stated is None:
        return ""
    return f", as {stated} does (its diagnosis is undecided, so only the symptom was checked)"


def _seen(seeds: int, failed: Counter[Symptom], detail: str) -> str:
    """Say how many converged and how the others failed."""
    text = f"{seeds - failed.total()} of {seeds} seeds converged"
    if failed:
        text += " (" + ", ".join(f"{count} {name}" for name, count in failed.most_common()) + ")"
        text += f"; {SENTENCES[failed.most_common(1)[0][0]]}"
        text += f" ({detail})" if detail else ""
    return text
