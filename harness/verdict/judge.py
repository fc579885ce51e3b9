"""Does a case's claim hold over the seeds that were trained?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from harness.history import History, Stop
from harness.scenario import Case
from harness.verdict.phases import Phases, phases
from harness.verdict.reason import SYMPTOMS
from harness.verdict.sequential import Decision, decide
from harness.verdict.symptom import SENTENCES, Symptom, symptom_of

Result = Literal["pass", "fail", "inconclusive", "error"]


@dataclass(frozen=True)
class Verdict:
    """What was decided, and the sentence that says why.

    Attributes:
        result: pass, fail, inconclusive or error.
        sentence: the reason, for a person.
        phases: a seed, in seed order.
        symptoms: how each seed failed, ``None`` for one that converged.
        symptom: the commonest one among the failed seeds.
    """

    result: Result
    sentence: str
    phases: tuple[Phases, ...]
    symptoms: tuple[Symptom | None, ...]
    symptom: Symptom | None

    @property
    def converged(self) -> int:
        """How many seeds converged."""
        return sum(symptom is None for symptom in self.symptoms)


def needs_more(case: Case, histories: Sequence[History]) -> bool:
    """Whether the sequential test is still undecided and no seed has crashed."""
    if any(history.stopped is Stop.CRASHED for history in histories):
        return False
    return decide(_agreements(case, histories), case.rate)[0] is Decision.UNDECIDED


def judge(case: Case, histories: Sequence[History]) -> Verdict:
    """Judge a case by the histories of its seeds, in seed order."""
    split = tuple(phases(history, case.converged) for history in histories)
    symptoms = tuple(
        None if phase.converged_at is not None else symptom_of(history, case.converged)
        for history, phase in zip(histories, split, strict=True)
    )
    failed = Counter(symptom for symptom in symptoms if symptom is not None)
    symptom = failed.most_common(1)[0][0] if failed else None
    result, sentence = _decide(case, histories, failed)
    return Verdict(result, sentence, split, symptoms, symptom)


def _agreements(case: Case, histories: Sequence[History]) -> list[bool]:
    claimed = case.expect == "converges"
    return [
        (phases(history, case.converged).converged_at is not None) == claimed
        for history in histories
    ]


def _decide(
    case: Case, histories: Sequence[History], failed: Counter[Symptom]
) -> tuple[Result, str]:
    crashed = next((h for h in histories if h.stopped is Stop.CRASHED), None)
    if crashed is not None:
        return "error", f"seed {crashed.seed}: {crashed.message}"
    agreements = _agreements(case, histories)
    decision, needed = decide(agreements, case.rate)
    seen = _seen(len(histories), failed)
    claim = "to converge" if case.expect == "converges" else "to fail"
    match decision:
        case Decision.UNDECIDED:
            return "inconclusive", (
                f"claimed {claim}; {seen}: too close to call after {len(histories)} seeds"
            )
        case Decision.REFUTED:
            return "fail", f"claimed {claim}; {seen}: refuted by the first {needed} seeds"
        case Decision.CONFIRMED:
            return _for_its_reason(case, failed, f"claimed {claim}; {seen}")


def _for_its_reason(case: Case, failed: Counter[Symptom], seen: str) -> tuple[Result, str]:
    if case.expect == "converges":
        return "pass", seen
    stated = case.diagnosis or "none"
    fitting = SYMPTOMS[stated]
    count = sum(failed[symptom] for symptom in fitting)
    if 2 * count > failed.total():
        return "pass", f"{seen}, as {stated} does" if case.diagnosis else seen
    expected = " or ".join(sorted(fitting))
    return "fail", (f"{seen}: not for the stated reason, since {stated} shows as {expected}")


def _seen(seeds: int, failed: Counter[Symptom]) -> str:
    """Say how many converged and how the others failed."""
    text = f"{seeds - failed.total()} of {seeds} seeds converged"
    if failed:
        text += " (" + ", ".join(f"{count} {name}" for name, count in failed.most_common()) + ")"
        text += f"; {SENTENCES[failed.most_common(1)[0][0]]}"
    return text
