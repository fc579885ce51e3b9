"""One pytest run: where seeds are trained, what was found, and what is left to write."""

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from operator import truediv
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from harness import backends, report
from harness.baseline import BaselineError, load, unwritable
from harness.execution import executors
from harness.execution.job import Work
from harness.execution.journal import Journal
from harness.execution.trainer import Trainer
from harness.flow.close import TimedStep
from harness.flow.gate import Gate, baseline_paths
from harness.flow.sweep_trial import SweepTrial
from harness.flow.trial import Trial
from harness.pytest_plugin.calibration import calibrate
from harness.pytest_plugin.found import Found, Trained
from harness.pytest_plugin.status import StatusLine
from harness.results.timing import Timing

DEFAULT_BACKEND = "eager"

FOUND = pytest.StashKey[Found]()
RUN = pytest.StashKey["Run"]()
REFUSED = pytest.StashKey[str]()
"""Why an xdist worker trains nothing: it cannot end the run, so that each of its cases says so."""


class Run:
    """What the test items of one process share."""

    def __init__(self, config: pytest.Config, among: int) -> None:
        self.config = config
        self.trainer = _trainer(config)
        self.gate = Gate(
            config.getoption("convergence_baseline"), config.getoption("convergence_probes"), among
        )

    def train(self, trial: Trial, item: pytest.Item) -> None:
        """Train, judge, remember the outcome; fail unless the claim and the gate hold."""
        if (refused := item.config.stash.get(REFUSED, None)) is not None:
            pytest.fail(refused, pytrace=False)
        _skip_unsupported(trial.work)
        outcome = trial.run(self.trainer, self.gate)
        item.stash[FOUND] = Trained(outcome, trial.scenario.path)
        if outcome.outcome != "pass":
            pytest.fail(f"{outcome.id}: {outcome.outcome}: {outcome.sentence}", pytrace=False)

    def map(self, trial: SweepTrial, item: pytest.Item) -> None:
        """Train a sweep and remember its map; it claims nothing, and fails by a crash only."""
        for work in trial.works:
            _skip_unsupported(work)
        drawn = trial.run(self.trainer)
        item.stash[FOUND] = drawn
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
        work, calibrations = trial.work, list[float]()

        def setup() -> tuple[tuple[Callable[[], int]], dict[str, Any]]:
            epoch = backends.get(work.backend).epoch(work.case, work.device)
            calibrations.append(calibrate())
            return (epoch,), {}

        steps: int = benchmark.pedantic(
            lambda epoch: epoch(), setup=setup, rounds=repeats, warmup_rounds=1
        )
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
        item.stash[FOUND] = TimedStep(trial.workload, case, timing)
        if compared.status == "slower":
            pytest.fail(f"{work.case.id}: {compared.sentence}", pytrace=False)


def _skip_unsupported(work: Work) -> None:
    reason = backends.get(work.backend).unsupported(work.case)
    if reason is not None:
        pytest.skip(f"{work.backend}: {reason}")


def check_options(config: pytest.Config) -> None:
    """Check backends, device and executor.

    Raises:
        pytest.UsageError: if one of them cannot be used.
    """
    device = config.getoption("convergence_device")
    names = config.getoption("convergence_backend") or [DEFAULT_BACKEND]
    try:
        for name in names:
            backends.check(name)
        executors.check(config.getoption("convergence_executor"))
    except (backends.BackendError, executors.ExecutorError) as error:
        raise pytest.UsageError(str(error)) from None
    if config.option.collectonly:  # nothing will be trained: PyTorch need not be imported
        return
    _check_xdist(config)
    for name in names:
        try:
            reason = backends.get(name).unavailable(device)
        except backends.BackendError as error:
            raise pytest.UsageError(str(error)) from None
        if reason is not None:
            raise pytest.UsageError(f"backend {name}: {reason}")


def _check_xdist(config: pytest.Config) -> None:
    if getattr(config.option, "dist", "no") == "no":
        return
    for option, same in (("executor", ("local",)), ("workers", ("auto", 1))):
        if (chosen := config.getoption(f"convergence_{option}")) not in same:
            raise pytest.UsageError(
                f"--convergence-{option} {chosen} cannot be used under xdist, whose workers "
                "train in their own process: leave out -n"
            )
    _check_reports(config)  # its controller, which writes them, prepares nothing


def _check_reports(config: pytest.Config) -> None:
    reason = report.check_writable(config.getoption("convergence_report_dir"))
    if reason is not None:
        raise pytest.UsageError(f"--convergence-report-dir: {reason}")


def prepare(session: pytest.Session) -> None:
    """Queue the first seeds of the selected cases.

    Raises:
        pytest.UsageError: if an option cannot be used.
    """
    config = session.config
    selected = [trial for item in session.items if (trial := _trains(item, config))]
    trials = [trial for trial in selected if isinstance(trial, Trial)]
    try:
        check_options(config)
        _check_reports(config)
        _check_reason(config, trials)
    except pytest.UsageError as error:
        if not _xdist_worker(config):
            raise
        config.stash[REFUSED] = str(error)
    run = Run(config, max(len(trials), 1))
    config.stash[RUN] = run
    config.add_cleanup(run.trainer.close)
    try:
        for trial in trials if REFUSED not in config.stash else []:
            if backends.get(trial.work.backend).unsupported(trial.work.case) is None:
                run.trainer.queue(trial.work.members(trial.first_seeds()))
        for sweep in selected:
            if isinstance(sweep, SweepTrial) and not _unsupported(sweep):
                sweep.queue(run.trainer)
    except executors.ExecutorError as error:
        raise pytest.UsageError(str(error)) from None
    config.pluginmanager.register(StatusLine(config, run.trainer), "convergence-status")


def _check_reason(config: pytest.Config, trials: list[Trial]) -> None:
    """Ask why, before anything is trained, where an accepted baseline is about to change.

    A damaged one is refused then too: it is left for a person to judge. So is a folder that
    nothing can be written to.
    """
    if config.getoption("convergence_baseline") != "update":
        return
    wanted = baseline_paths([(trial.work, trial.scenario.path) for trial in trials])
    for path in wanted:
        if (reason := unwritable(path)) is not None:
            raise pytest.UsageError(f"--convergence-baseline=update: {reason}")
    paths = [path for path in wanted if path.exists()]
    try:
        for path in paths:
            load(path)
    except BaselineError as error:
        raise pytest.UsageError(str(error)) from None
    if paths and not (config.getoption("convergence_reason") or "").strip():
        others = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        raise pytest.UsageError(
            f"--convergence-baseline=update may change {paths[0]}{others}: "
            "say why with --convergence-reason"
        )


def _unsupported(sweep: SweepTrial) -> bool:
    backend = backends.get(sweep.backend)
    return any(backend.unsupported(work.case) is not None for work in sweep.works)


def _trains(item: pytest.Item, config: pytest.Config) -> Trial | SweepTrial | None:
    """Return what a selected item will train, ``None`` if it is no item of ours that trains."""
    if not isinstance(item, pytest.Function) or item.get_closest_marker("convergence") is None:
        return None
    times = item.get_closest_marker("convergence_time") is not None
    if times or config.getoption("benchmark_only", default=False):
        return None
    trial = item.callspec.params["convergence_trial"]
    assert isinstance(trial, Trial | SweepTrial)  # noqa: S101  # the synthetic module put it there
    return trial


def _xdist_worker(config: pytest.Config) -> str | None:
    worker: dict[str, str] | None = getattr(config, "workerinput", None)
    return worker["workerid"] if worker else None


def say_what_xdist_resumes(config: pytest.Config) -> None:
    """Tell on the controller, which trains nothing, what its workers go on from."""
    _say_what_is_resumed(config, Journal.resume(_journal(config)))


def _say_what_is_resumed(config: pytest.Config, journal: Journal) -> None:
    terminal = config.pluginmanager.getplugin("terminalreporter")
    if terminal is None:  # an xdist worker's words reach nobody
        return
    if journal.entries:
        terminal.write_line(f"resumed: {len(journal.entries)} seeds were trained by an earlier run")
    if journal.ignored:
        terminal.write_line(
            f"warning: {journal.path}: ignored {journal.ignored} corrupt or foreign entries; "
            "their seeds are trained again"
        )


def _journal(config: pytest.Config) -> Path:
    worker = _xdist_worker(config)
    folder: Path = config.getoption("convergence_report_dir")
    return folder / (f"journal-{worker}.jsonl" if worker else "journal.jsonl")


def _trainer(config: pytest.Config) -> Trainer:
    begin = Journal.resume if config.getoption("convergence_resume") else Journal.start
    try:
        journal = begin(_journal(config))
    except OSError as error:
        raise pytest.UsageError(f"{error.filename}: {error.strerror}") from None
    _say_what_is_resumed(config, journal)
    wanted = config.getoption("convergence_workers")
    choice = config.getoption("convergence_executor")
    workers = executors.cores() if wanted == "auto" else int(wanted)
    if (workers == 1 and choice == "local") or _xdist_worker(config):
        return Trainer(None, 1, journal)
    make: Callable[[], Executor] = partial(executors.make, choice, workers)
    return Trainer(make, workers, journal)
