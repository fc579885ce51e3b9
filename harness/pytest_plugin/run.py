"""One pytest run: where seeds are trained, what was found, and what is left to write."""

import os
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Any

import pytest

from harness import backends, executors, report
from harness.journal import Journal
from harness.pytest_plugin.status import StatusLine
from harness.trainer import Trainer
from harness.trial import Trial

DEFAULT_BACKEND = "eager"

Found = dict[str, Any]
FOUND = pytest.StashKey[Found]()
RUN = pytest.StashKey["Run"]()


class Run:
    """What the test items of one process share."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.trainer = _trainer(config)

    def train(self, trial: Trial, item: pytest.Item) -> None:
        """Train, judge, remember the outcome; fail unless the claim holds."""
        reason = backends.get(trial.work.backend).unsupported(trial.work.case)
        if reason is not None:
            pytest.skip(f"{trial.work.backend}: {reason}")
        outcome = trial.run(self.trainer)
        item.stash[FOUND] = {"outcome": outcome.to_dict()}
        if outcome.outcome != "pass":
            pytest.fail(f"{outcome.id}: {outcome.outcome}: {outcome.sentence}", pytrace=False)

    def time(self, trial: Trial, item: pytest.Item, benchmark: Any, rounds: int) -> None:
        """Benchmark one epoch from the starting weights, alone on the machine."""
        if benchmark.disabled:
            pytest.skip("not measured: pytest-benchmark is disabled (by xdist or by option)")
        self.trainer.close()
        work = trial.work
        backend = backends.get(work.backend)
        reason = backend.unsupported(work.case)
        if reason is not None:
            pytest.skip(f"{work.backend}: {reason}")
        steps: int = benchmark.pedantic(
            lambda epoch: epoch(),
            setup=lambda: ((backend.epoch(work.case, work.device),), {}),
            rounds=rounds,
            warmup_rounds=1,
        )
        seconds = benchmark.stats.stats.median / steps
        benchmark.extra_info.update(backend=work.backend, steps=steps, seconds_per_step=seconds)
        item.stash[FOUND] = {"timed": trial.workload, "seconds_per_step": seconds}


def check_options(config: pytest.Config) -> None:
    """Check backends, device, executor and report folder.

    Raises:
        pytest.UsageError: if one of them cannot be used.
    """
    device, names = config.getoption("device"), config.getoption("backend") or [DEFAULT_BACKEND]
    try:
        for name in names:
            backends.check(name)
        executors.check(config.getoption("executor"))
    except (backends.BackendError, executors.ExecutorError) as error:
        raise pytest.UsageError(str(error)) from None
    if config.option.collectonly:  # nothing will be trained: PyTorch need not be imported
        return
    for name in names:
        reason = backends.get(name).unavailable(device)
        if reason is not None:
            raise pytest.UsageError(f"backend {name}: {reason}")
    _check_reports(config)


def _check_reports(config: pytest.Config) -> None:
    reason = report.check_writable(config.getoption("report_dir"))
    if reason is not None:
        raise pytest.UsageError(f"--report-dir: {reason}")


def prepare(session: pytest.Session) -> None:
    """Queue the first seeds of the selected cases.

    Raises:
        pytest.UsageError: if the report folder or the executor cannot be used.
    """
    config = session.config
    _check_reports(config)
    run = Run(config)
    config.stash[RUN] = run
    config.add_cleanup(run.trainer.close)
    try:
        for trial in [i.callspec.params["trial"] for i in session.items if _trains(i, config)]:
            if backends.get(trial.work.backend).unsupported(trial.work.case) is None:
                run.trainer.queue(trial.work, trial.first_seeds())
    except executors.ExecutorError as error:
        raise pytest.UsageError(str(error)) from None
    config.pluginmanager.register(StatusLine(config, run.trainer), "harness-status")


def _trains(item: Any, config: pytest.Config) -> bool:
    is_trial = item.get_closest_marker("scenario") is not None and item.originalname == "train"
    return is_trial and not config.getoption("benchmark_only", default=False)


def _xdist_worker(config: pytest.Config) -> str | None:
    worker: dict[str, str] | None = getattr(config, "workerinput", None)
    return worker["workerid"] if worker else None


def _trainer(config: pytest.Config) -> Trainer:
    worker = _xdist_worker(config)
    name = f"journal-{worker}.jsonl" if worker else "journal.jsonl"
    begin = Journal.resume if config.getoption("resume") else Journal.start
    journal = begin(config.getoption("report_dir") / name)
    terminal = config.pluginmanager.getplugin("terminalreporter")
    if journal.ignored and terminal is not None:
        terminal.write_line(
            f"warning: {journal.path}: ignored {journal.ignored} corrupt or foreign entries; "
            "their seeds are trained again"
        )
    wanted = config.getoption("workers")
    choice = config.getoption("executor")
    workers = executors.cores() if wanted == "auto" else int(wanted)
    if (workers == 1 and choice == "local") or worker:
        return Trainer(None, 1, journal)
    make: Callable[[], Executor] = partial(executors.make, choice, workers)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    return Trainer(make, workers, journal)
