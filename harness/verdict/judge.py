"""Does a case's claim hold over the seeds that were trained?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from harness.scenario.vocabulary import Diagnosis, Expect
from harness.verdict.reason import SYMPTOMS
from harness.verdict.sequential import Decision, decide
from harness.verdict.symptom import SENTENCES, Symptom

Result = Literal["pass", "fail", "inconclusive", "error"]


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


def needs_more(claim: Claim, symptoms: Sequence[Symptom | None]) -> bool:
    """Whether the sequential test is still undecided and no seed has crashed."""
    if Symptom.CRASHED in symptoms:
        return False
    return decide(_agreements(claim, symptoms), claim.rate)[0] is Decision.UNDECIDED


def judge(claim: Claim, symptoms: Sequence[Symptom | None], crash: str | None = None) -> Verdict:
    """Judge a claim.

    Args:
        claim: what was claimed.
        symptoms: how each seed failed, in seed order; ``None`` for one that converged.
        crash: which seed raised what, if one did.
    """
    if crash is not None:
        return Verdict("error", crash)
    decision, needed = decide(_agreements(claim, symptoms), claim.rate)
    failed = Counter(symptom for symptom in symptoms if symptom is not None)
    seen = _seen(len(symptoms), failed)
    wanted = "to converge" if claim.expect == "converges" else "to fail"
    match decision:
        case Decision.UNDECIDED:
            return Verdict(
                "inconclusive",
                f"claimed {wanted}; {seen}: too close to call after {len(symptoms)} seeds",
            )
        case Decision.REFUTED:
            return Verdict("fail", f"claimed {wanted}; {seen}: refuted by the first {needed} seeds")
        case Decision.CONFIRMED:
            return _for_its_reason(claim, failed, f"claimed {wanted}; {seen}")


def _agreements(claim: Claim, symptoms: Sequence[Symptom | None]) -> list[bool]:
    claimed = claim.expect == "converges"
    return [(symptom is None) == claimed for symptom in symptoms]


def _for_its_reason(claim: Claim, failed: Counter[Symptom], seen: str) -> Verdict:
    if claim.expect == "converges":
        return Verdict("pass", seen)
    stated = claim.stated or "none"
    fitting = SYMPTOMS[stated]
    count = sum(failed[symptom] for symptom in fitting)
    if 2 * count > failed.total():
        return Verdict("pass", f"{seen}, as {stated} does" if claim.stated else seen)
    expected = " or ".join(sorted(fitting))
    return Verdict("fail", f"{seen}: not for the stated reason, since {stated} shows as {expected}")


def _seen(seeds: int, failed: Counter[Symptom]) -> str:
    """Say how many converged and how the others failed."""
    text = f"{seeds - failed.total()} of {seeds} seeds converged"
    if failed:
        text += " (" + ", ".join(f"{count} {name}" for name, count in failed.most_common()) + ")"
        text += f"; {SENTENCES[failed.most_common(1)[0][0]]}"
    return text
