"""What a diagnosis says: causes with their evidence, the most likely one first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from harness.diagnosis.names import Cause

SCHEMA = 1
"""Version of the JSON object."""

Primary = Cause | Literal["none"]

DIRECT = 0.9
"""Strength of what is seen directly, and is wrong however training ends."""

DECIDES = 0.3
"""What a remedy that works adds to a cause's strength, and one that does not takes away: more than
most rules differ by, less than direct evidence."""


@dataclass(frozen=True)
class Tried:
    """Runs of a script with the remedy of a cause, beside runs as it is written.

    Attributes:
        what: was done: ``standardising the inputs``.
        before, after: runs that trained, without and with it, under the same seeds.
        seeds: how many of each there were.
        general: it often helps where another cause is at work.
        rules_out: the cause is gone with it.
        usual_rate: it raised a learning rate that is often used as it was.
        slow: more runs would have taken too long.
    """

    what: str
    before: int
    after: int
    seeds: int
    general: bool = False
    rules_out: bool = True
    usual_rate: bool = False
    slow: bool = False

    @property
    def works(self) -> bool:
        """Whether most runs train with it, and half of them do because of it."""
        return 2 * self.after > self.seeds and 2 * (self.after - self.before) >= self.seeds

    @property
    def idle(self) -> bool:
        """Whether half of the runs train as they are written."""
        return 2 * self.before >= self.seeds

    @property
    def confirmed(self) -> bool | None:
        """What it says of the cause; ``None`` where it decides nothing.

        Half of the runs train as they are written, or a rate helps that is higher than a usual one:
        it does so whatever makes training slow.
        """
        if self.works:
            return None if self.usual_rate else True
        return None if self.idle or not self.rules_out else False

    @property
    def sentence(self) -> str:
        """``standardising the inputs: 0 of 4 -> 4 of 4 seeds``."""
        n, slow = self.seeds, " (more would take too long)" if self.slow else ""
        seeds = "seeds" if n > 1 else "seed"
        return f"{self.what}: {self.before} of {n} -> {self.after} of {n} {seeds}{slow}"


@dataclass(frozen=True)
class Finding:
    """A cause and what speaks for it.

    Attributes:
        cause: its name.
        strength: 0 to 1, how far the evidence carries; ranks the findings.
        evidence: one sentence with the measured value beside its threshold.
        remedy: one sentence, the edit that mends it.
        line: ``path:line`` of the script where the edit belongs.
        tried: runs with the remedy, where they were made.
    """

    cause: Cause
    strength: float
    evidence: str
    remedy: str
    line: str | None = None
    tried: Tried | None = None

    @property
    def confirmed(self) -> bool | None:
        """Whether the remedy works; ``None`` where that is not known."""
        return self.tried.confirmed if self.tried is not None else None

    @property
    def weight(self) -> float:
        """How much speaks for the cause, what was tried included."""
        if self.tried is None or self.confirmed is None:
            return self.strength
        speaks = DECIDES / 2 if self.tried.general else DECIDES
        return self.strength + (speaks if self.confirmed else -DECIDES)


@dataclass(frozen=True)
class Diagnosis:
    """The answer about one training.

    Attributes:
        findings: the most likely first; empty if nothing is wrong.
        seen: what happened, one sentence.
        runs: trainings that it rests on; 0 where there was nothing to watch.
    """

    findings: tuple[Finding, ...] = ()
    seen: str = ""
    runs: int = 1

    @property
    def primary(self) -> Primary:
        """The most likely cause, or none."""
        return self.findings[0].cause if self.findings else "none"

    @property
    def causes(self) -> tuple[Cause, ...]:
        """All causes found, the most likely first."""
        return tuple(finding.cause for finding in self.findings)

    def confirmed(self, tried: Mapping[Cause, Tried], runs: int) -> "Diagnosis":
        """The same findings with what runs with their remedies said, ranked anew."""
        findings = [replace(each, tried=tried.get(each.cause)) for each in self.findings]
        findings.sort(key=lambda finding: -finding.weight)
        return replace(self, findings=tuple(findings), runs=runs)

    def as_json(self) -> dict[str, Any]:
        """The object that ``harness diagnose --json`` prints."""
        return {
            "schema": SCHEMA,
            "primary": self.primary,
            "causes": [
                {
                    "cause": finding.cause,
                    "evidence": _evidence(finding),
                    "remedy": finding.remedy,
                    "confirmed": finding.confirmed,
                }
                for finding in self.findings
            ],
            "runs": self.runs,
        }


def _evidence(finding: Finding) -> str:
    """With what was tried, as a sentence of its own."""
    if finding.tried is None:
        return finding.evidence
    sentence = finding.tried.sentence
    return f"{finding.evidence} {sentence[0].upper()}{sentence[1:]}."
