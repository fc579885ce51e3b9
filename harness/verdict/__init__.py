"""Claim x histories -> Verdict: pure functions on what was measured."""

from harness.verdict.judge import Verdict, judge, needs_more
from harness.verdict.phases import Phases, phases
from harness.verdict.sequential import Decision, decide
from harness.verdict.symptom import SENTENCES, Symptom, symptom_of

__all__ = [
    "SENTENCES",
    "Decision",
    "Phases",
    "Symptom",
    "Verdict",
    "decide",
    "judge",
    "needs_more",
    "phases",
    "symptom_of",
]
