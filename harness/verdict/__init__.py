"""Histories -> phases and symptoms; a claim and symptoms -> Verdict: pure functions."""

from harness.verdict.judge import Claim, Result, Verdict, judge, needs_more
from harness.verdict.phases import Phases, phases
from harness.verdict.sequential import Decision, decide
from harness.verdict.symptom import SENTENCES, Symptom, symptom_of

__all__ = [
    "SENTENCES",
    "Claim",
    "Decision",
    "Phases",
    "Result",
    "Symptom",
    "Verdict",
    "decide",
    "judge",
    "needs_more",
    "phases",
    "symptom_of",
]
