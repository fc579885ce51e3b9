"""What a diagnosis says: causes with their evidence, the most likely one first."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from harness.diagnosis.names import Cause

SCHEMA = 1
"""Version of the JSON object."""

Primary = Cause | Literal["none"]


@dataclass(frozen=True)
class Finding:
    """A cause and what speaks for it.

    Attributes:
        cause: its name.
        strength: 0 to 1, how far the evidence carries; ranks the findings.
        evidence: one sentence with the measured value beside its threshold.
        remedy: one sentence, the edit that mends it.
        line: ``path:line`` of the script where the edit belongs.
        confirmed: whether a rerun with the remedy trained; ``None`` where none was made.
    """

    cause: Cause
    strength: float
    evidence: str
    remedy: str
    line: str | None = None
    confirmed: bool | None = None


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

    def confirmed(self, verdicts: dict[Cause, bool], runs: int) -> "Diagnosis":
        """The same findings, with what reruns said; a cause whose remedy works goes first."""
        findings = [replace(f, confirmed=verdicts.get(f.cause)) for f in self.findings]
        findings.sort(key=lambda finding: finding.confirmed is not True)
        return replace(self, findings=tuple(findings), runs=runs)

    def as_json(self) -> dict[str, Any]:
        """The object that ``harness diagnose --json`` prints."""
        return {
            "schema": SCHEMA,
            "primary": self.primary,
            "causes": [
                {
                    "cause": finding.cause,
                    "evidence": finding.evidence,
                    "remedy": finding.remedy,
                    "confirmed": finding.confirmed,
                }
                for finding in self.findings
            ],
            "runs": self.runs,
        }
