"""Histories -> phases and symptoms; a claim and symptoms -> Verdict: pure functions."""

from harness.verdict.judge import CONSISTENT, Claim, Result, Verdict, judge, seeds_to_decide
from harness.verdict.judge_mean import judge_mean
from harness.verdict.mean import FEWEST, MeanBound, MeanDecision, decide_mean
from harness.verdict.phases import Phases, phases
from harness.verdict.sequential import Decision, decide, needed_to_confirm
from harness.verdict.symptom import SENTENCES, Symptom, symptom_of

__all__ = [
    "CONSISTENT",
    "FEWEST",
    "SENTENCES",
    "Claim",
    "Decision",
    "MeanBound",
    "MeanDecision",
    "Phases",
    "Result",
    "Symptom",
    "Verdict",
    "decide",
    "decide_mean",
    "judge",
    "judge_mean",
    "needed_to_confirm",
    "phases",
    "seeds_to_decide",
    "symptom_of",
]
