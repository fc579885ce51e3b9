"""What a test item does: it trains a case, draws a map or times a step, and notes what it found."""

from collections.abc import Callable
from dataclasses import replace
from operator import truediv
from statistics import median
from typing import Any, NoReturn

import pytest

from harness import backends, report
from harness.backends.raised import ends_the_test, sentence_of
from harness.execution.executors import ExecutorError
from harness.execution.job import Work
from harness.execution.trainer import Trainer
from harness.flow.close import TimedStep
from harness.flow.gate import Gate
from harness.flow.sweep_trial import SweepTrial
from harness.flow.trial import Trial
from harness.pytest_plugin.calibration import calibrate
from harness.pytest_plugin.failure import failure_of, properties
from harness.pytest_plugin.found import Trained
from harness.pytest_plugin.stash import FOUND, REFUSAL
from harness.results.outcome import Outcome
from harness.results.timing import Timing
from harness.user_code import handed_over, importable


class Run:
    """What the test items of one process share."""

    def __init__(self, trainer: Trainer, gate: Gate) -> None:
        self.trainer = trainer
        self.gate = gate
        self.here = Trainer(None, 1, trainer.journal)

    def train(self, trial: Trial, item: pytest.Item) -> None:
        """Train, judge, remember the outcome; fail unless the claim and the gate hold."""
        if (refusal := item.config.stash.get(REFUSAL, None)) is not None:
            pytest.fail(refusal, pytrace=False)
        _skip_unsupported(trial.work)
        outcome = replace(self.outcome(trial, self.trainer), node=item.nodeid)
        item.stash.setdefault(FOUND, []).append(Trained(outcome, trial.scenario.path))
        item.user_properties += properties(outcome)
        if not outcome.accepted:
            pytest.fail(failure_of(outcome, item), pytrace=False)

    def outcome(self, trial: Trial, trainer: Trainer) -> Outcome:
        """Return what a trial finds; whatever is raised for a case is the result of that case."""
        try:
            return trial.run(trainer, self.gate)
        except ExecutorError as error:
            end_without_executor(error)
        except BaseException as error:
            if ends_the_test(error):
                raise
            return trial.not_judged(sentence_of(error))

    def map(self, trial: SweepTrial, item: pytest.Item) -> None:
        """Train a sweep and remember its map; it claims nothing, and fails by a crash only."""
        for work in trial.works:
            _skip_unsupported(work)
        try:
            drawn = trial.run(self.trainer)
        except ExecutorError as error:
            end_without_executor(error)
        except BaseException as error:
            if ends_the_test(error):
                raise
            drawn = trial.not_judged(sentence_of(error))
        item.stash.setdefault(FOUND, []).append(drawn)
        if drawn.crashed is not None:
            pytest.fail(f"{drawn.id}: error: {drawn.crashed}", pytrace=False)

    def time(self, trial: Trial, item: pytest.Item, benchmark: Any, repeats: int) -> None:
        """Benchmark one epoch from the starting weights, alone on the machine.

        Before each round a calibration workload is timed, so that a slow spell meets both.
        """
        if benchmark.disabled:
            pytest.skip("not measured: pytest-benchmark is disabled (by xdist or by option)")
        _skip_unsupported(trial.work)
        self.trainer.close()
        work = trial.work
        steps, calibrations, failed = _timed(work, benchmark, repeats)
        if failed:
            told = f"a step could not be timed in the test process: {failed}"
            pytest.fail(f"{work.case.id}: {told}", pytrace=False)
        if not steps:
            pytest.skip(f"not measured: an epoch of {work.backend} takes no step")
        measured = [seconds / steps for seconds in benchmark.stats.stats.data]
        rounds = tuple(map(truediv, measured, calibrations[-repeats:]))
        processor = str(report.environment()["processor"])
        compared = self.gate.timing(work, trial.scenario.path, rounds, processor)
        timing = Timing(median(measured), rounds, compared)
        benchmark.extra_info.update(
            backend=work.backend, steps=steps, seconds_per_step=timing.seconds_per_step
        )
        case = work.case.id, work.backend, work.device
        item.stash.setdefault(FOUND, []).append(TimedStep(trial.workload, case, timing))
        if compared.status == "slower":
            pytest.fail(f"{work.case.id}: {compared.sentence}", pytrace=False)


def _timed(work: Work, benchmark: Any, repeats: int) -> tuple[int, list[float], str]:
    """Return steps of an epoch, seconds of each calibration, and what the user's code raised."""
    case, calibrations = work.any_case, list[float]()

    def setup() -> tuple[tuple[Callable[[], int]], dict[str, Any]]:
        epoch = backends.get(work.backend).epoch(case, work.device)
        calibrations.append(calibrate())
        return (epoch,), {}

    try:
        with importable(case.importable), handed_over(case.handed_over):
            steps = benchmark.pedantic(
                lambda epoch: epoch(), setup=setup, rounds=repeats, warmup_rounds=1
            )
    except BaseException as error:
        if ends_the_test(error):
            raise
        return 0, calibrations, sentence_of(error)
    return steps, calibrations, ""


def end_without_executor(error: ExecutorError) -> NoReturn:
    """End the run: without its executor no other case can be trained either."""
    pytest.exit(f"{error}: no more can be trained", pytest.ExitCode.INTERRUPTED)


def _skip_unsupported(work: Work) -> None:
    if (reason := work.unsupported) is not None:
        pytest.skip(f"{work.backend}: {reason}")
