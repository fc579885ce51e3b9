"""What several seeds say together, and what training with an edit said -> one ranked answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.diagnosis.answer import DECIDES, DIRECT, Diagnosis, Finding
from harness.diagnosis.cases.cause import Cause
from harness.diagnosis.cases.edits import as_toml
from harness.diagnosis.cases.proposal import proposed
from harness.diagnosis.engine import BESIDE, NAMED
from harness.diagnosis.observations import Observations
from harness.scenario import Case, OwnCase


@dataclass(frozen=True)
class Tried:
    """Seeds of a failing case that were trained with an edit.

    Attributes:
        causes: that the edit addresses.
        refuted: causes that would be gone with it, if it does not help.
        edit: lines of the scenario file.
        name: of the case that has it; empty for an edit of our own.
        before, after: seeds that converged, without and with it.
        seeds: how many were trained.
    """

    causes: frozenset[str]
    refuted: frozenset[str]
    edit: tuple[str, ...]
    name: str
    before: int
    after: int
    seeds: int

    @property
    def works(self) -> bool:
        """Whether most seeds converge with it, and more than without."""
        return 2 * self.after > self.seeds and self.after > self.before

    @property
    def sentence(self) -> str:
        """``data.normalize = "standard" (case standardised): 0 of 4 -> 4 of 4 seeds``."""
        what = ", ".join(self.edit) or "its remedy"
        where = f" (case {self.name})" if self.name else ""
        return f"{what}{where}: {self.before} of {self.seeds} -> {self.after} of {self.seeds} seeds"


def asked_for(seen: Observations, found: Diagnosis) -> Diagnosis:
    """Leave of a seed that did what was asked for only what is wrong however training ends."""
    if seen.missed is not None:
        return found
    kept = tuple(finding for finding in found.findings if finding.strength >= DIRECT)
    return replace(found, findings=kept)


def together(
    case: Case | OwnCase, found: Sequence[Diagnosis], tried: Sequence[Tried] = ()
) -> tuple[Cause, ...]:
    """Rank the causes that seeds of a case name.

    Args:
        case: what they were trained on.
        found: the answer of each seed that was looked at.
        tried: trainings with an edit.
    """
    named: dict[str, list[Finding]] = {}
    for answer in found:
        for finding in answer.findings:
            named.setdefault(finding.cause, []).append(finding)
    causes = [_cause(case, findings, len(found), tried) for findings in named.values()]
    kept = [cause for cause in causes if cause.strength >= NAMED / 2]
    ranked = sorted(kept, key=weight, reverse=True)
    return tuple(c for c in ranked if weight(c) > weight(ranked[0]) - BESIDE)[:4]


def weight(cause: Cause) -> float:
    """How much speaks for a cause, trainings with its remedy included."""
    return cause.strength + {True: DECIDES, None: 0.0, False: -1.0}[cause.confirmed]


def _cause(
    case: Case | OwnCase, findings: Sequence[Finding], seeds: int, tried: Sequence[Tried]
) -> Cause:
    best = max(findings, key=lambda finding: finding.strength)
    edit = proposed(best.cause, case) if isinstance(case, Case) else None
    made = Cause(
        cause=best.cause,
        evidence=best.evidence,
        remedy=best.remedy,
        edit=as_toml(edit),
        strength=round(sum(finding.strength for finding in findings) / seeds, 3),
        seeds=(len(findings), seeds),
    )
    return _decided(made, tried)


def _decided(cause: Cause, tried: Sequence[Tried]) -> Cause:
    """Say whether an edit that addresses a cause works; the most specific one that does."""
    for one in sorted(tried, key=lambda one: len(one.causes)):
        if one.works and cause.cause in one.causes:
            edit = one.edit or cause.edit
            return replace(cause, edit=edit, confirmed=True, confirmation=one.sentence)
    for one in tried:
        if cause.cause in one.refuted and not one.works:
            return replace(cause, confirmed=False, confirmation=one.sentence)
    return cause
