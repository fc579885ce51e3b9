"""Proof that the gate works: faults that happened are put into PyTorch, and each must be caught."""

from collections.abc import Callable, Sequence

from harness.selftest.catalogue import FAULTS
from harness.selftest.controls import CONTROLS
from harness.selftest.fault import Change, Control, Fault
from harness.selftest.gate import Examiner
from harness.selftest.result import Result

__all__ = [
    "CHANGES",
    "CONTROLS",
    "FAULTS",
    "Change",
    "Control",
    "Examiner",
    "Fault",
    "Result",
    "selftest",
]


CHANGES: tuple[Change, ...] = (*FAULTS, *CONTROLS)

Watch = Callable[[Change], None]


def selftest(changes: Sequence[Change], watch: Watch, *, thorough: bool = False) -> Result:
    """Inject changes one at a time, and record what the gate says.

    Args:
        changes: faults, which have to be caught, and controls, which must not be.
        watch: called with each change before it is injected.
        thorough: train under faults that probes have caught too.
    """
    examiner, findings = Examiner(thorough), []
    for change in changes:
        watch(change)
        findings.append(examiner.examine(change))
    return Result(findings)
