"""A trained case and the times of steps -> the closed outcome: nothing is decided after that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.results.declaration import Declaration
from harness.results.outcome import Outcome
from harness.results.timing import Timing, TimingComparison

Workload = tuple[str, str, str, str]


@dataclass(frozen=True)
class TimedStep:
    """A benchmarked step.

    Attributes:
        workload: what decides how long it takes, see `workload_of`.
        case: id, backend and device of the one case that was timed, and may be refused by it.
        timing: what was measured, compared with what was accepted.
    """

    workload: Workload
    case: tuple[str, str, str]
    timing: Timing


def workload_of(case: Declaration, backend: str, device: str) -> Workload:
    """Return what decides how long a step takes; outcomes with the same one share its time."""
    return case.scenario, case.workload, backend, device


def close(outcome: Outcome, timed: Sequence[TimedStep]) -> Outcome:
    """Return an outcome with the time of its step, if that was benchmarked."""
    workload = workload_of(outcome, outcome.backend, outcome.device)
    step = next((each for each in timed if each.workload == workload), None)
    if step is None:
        return outcome
    own = step.case == (outcome.id, outcome.backend, outcome.device)
    timing = step.timing if own else replace(step.timing, comparison=TimingComparison())
    return replace(outcome, timing=timing)
