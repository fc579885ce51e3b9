"""What a case can claim: whether it converges, on which records, and why it does not."""

from typing import Literal, get_args

from harness.scenario.vocabulary.causes import Cause

Expect = Literal["converges", "fails"]
Side = Literal["train", "validation"]
Pairing = Literal["seed", "none"]
Direction = Literal["two-sided", "slower", "faster"]
MARGIN = 0.05
"""Relative change that is tolerated unless a case says otherwise: of 25 epochs, one."""

Diagnosis = Literal[Cause, "none"]
DIAGNOSES: tuple[str, ...] = get_args(Diagnosis)
