"""Proof that the gate works: faults that happened are put into PyTorch, and each must be caught."""

from collections.abc import Callable, Sequence

from harness.selftest.catalogue import FAULTS
from harness.selftest.controls import CONTROLS
from harness.selftest.fault import Change, Control, Fault
from harness.selftest.gate import Examiner
from harness.selftest.result import Result, listing
from harness.selftest.target import Target

__all__ = [
    "CHANGES",
    "CONTROLS",
    "FAULTS",
    "Change",
    "Control",
    "Examiner",
    "Fault",
    "Result",
    "Target",
    "listing",
    "selftest",
]


CHANGES: tuple[Change, ...] = (*FAULTS, *CONTROLS)

Watch = Callable[[Change], None]


def selftest(
    changes: Sequence[Change],
    watch: Watch,
    *,
    target: Target | None = None,
    thorough: bool = False,
) -> Result:
    """Inject changes one at a time, and record what the gate says.

    Args:
        changes: faults, which have to be caught, and controls, which must not be.
        watch: called with each change before it is injected.
        target: the backend and device; each change's own backend and the CPU if left out.
        thorough: make all probes, and train under every change.
    """
    examiner, findings = Examiner(target or Target(), thorough), []
    for change in changes:
        watch(change)
        findings.append(examiner.examine(change))
    return Result(findings)
