"""The time of a step closes the outcomes of its workload, and judges the case that was timed."""

from harness.flow.close import TimedStep, close, workload_of
from harness.results.outcome import Outcome
from harness.results.timing import Timing, TimingComparison
from tests.canned import outcome

SLOWER = Timing(2e-3, (2.0,), TimingComparison("slower", 2.0, "a step takes 2.0 times as long"))


def step_of(timed: Outcome) -> TimedStep:
    workload = workload_of(timed, timed.backend, timed.device)
    return TimedStep(workload, (timed.id, timed.backend, timed.device), SLOWER)


def test_the_timed_case_is_refused_by_its_time() -> None:
    timed = outcome()
    assert close(timed, [step_of(timed)]).timing == SLOWER


def test_a_case_of_the_same_workload_has_the_time_and_is_not_judged_by_it() -> None:
    timing = close(outcome(case="other"), [step_of(outcome())]).timing
    assert timing == Timing(2e-3, (2.0,))


def test_a_case_of_another_workload_scenario_backend_or_device_has_no_time() -> None:
    step = step_of(outcome())
    for changes in ({"workload": ""}, {"scenario": "a"}, {"backend": "b"}, {"device": "cuda"}):
        other = outcome(**changes)
        assert close(other, [step]) is other
