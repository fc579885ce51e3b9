"""Queues what the selected items of a process train, so that no worker is ever idle."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

import pytest

from harness.execution import executors
from harness.execution.journal import Journal
from harness.execution.trainer import Trainer
from harness.execution.watchdog import Watchdog
from harness.flow.gate import Gate
from harness.flow.sweep_trial import SweepTrial
from harness.flow.trial import Trial
from harness.pytest_plugin.checks import check_baselines, check_options, check_reports
from harness.pytest_plugin.progress_line import ProgressLine
from harness.pytest_plugin.report_folder import run_folder, take_folder
from harness.pytest_plugin.run import Run
from harness.pytest_plugin.stash import REFUSAL, RUN, SELECTED

TOLD = pytest.StashKey[bool]()
"""Whether too few seeds were told of."""


def prepare(session: pytest.Session) -> None:
    """Begin the run of this process: check its options, open its journal, queue the first seeds.

    Raises:
        pytest.UsageError: if an option cannot be used.
    """
    config = session.config
    chosen = {item.nodeid: trial for item in session.items if (trial := _trained_by(item))}
    selected = list(chosen.values())
    trials = [trial for trial in selected if isinstance(trial, Trial)]
    config.stash[SELECTED] = chosen
    refusal = _refusal(config, trials)
    journal = Journal(_journal(config)) if refusal else _opened_journal(config)
    run = _begin(config, max(len(trials), 1), journal)
    if refusal is not None:
        config.stash[REFUSAL] = refusal
        return
    say_too_few(config, trials)
    try:
        _queue(selected, run.trainer)
    except executors.ExecutorError as error:
        raise pytest.UsageError(str(error)) from None
    config.pluginmanager.register(ProgressLine(config, run.trainer), "convergence-progress")


def _begin(config: pytest.Config, among: int, journal: Journal) -> Run:
    """Make what trains; it is closed with the session."""
    trainer = _trainer(config, journal)
    config.add_cleanup(trainer.close)
    baseline, probes = (config.getoption(f"convergence_{name}") for name in ("baseline", "probes"))
    config.stash[RUN] = Run(
        trainer, Gate(baseline, probes, among, exact=config.getoption("convergence_exact"))
    )
    return config.stash[RUN]


def current(config: pytest.Config) -> Run:
    """Return the run that the tests of this process share, begun by whichever comes first.

    Raises:
        pytest.UsageError: if the report folder cannot be used.
    """
    if RUN in config.stash:
        return config.stash[RUN]
    check_reports(config)
    take_folder(config)
    return _begin(config, 1, _opened_journal(config))


def _refusal(config: pytest.Config, trials: Sequence[Trial]) -> str | None:
    """Return why an xdist worker must not train: it cannot end the run, as others do here."""
    try:
        check_options(config)
        check_reports(config)
        check_baselines(config, trials)
        take_folder(config)
    except pytest.UsageError as error:
        if _xdist_worker(config):
            return str(error)
        raise
    return None


def _trained_by(item: pytest.Item) -> Trial | SweepTrial | None:
    """Return what a selected item will train, ``None`` if it is no item of ours that trains."""
    if not isinstance(item, pytest.Function) or "convergence_run" not in item.fixturenames:
        return None
    times = item.get_closest_marker("convergence_time") is not None
    if times or item.config.getoption("benchmark_only", default=False):
        return None
    trial = item.callspec.params["convergence_trial"]
    assert isinstance(trial, Trial | SweepTrial)  # noqa: S101  # the synthetic module put it there
    return trial


def _queue(selected: Sequence[Trial | SweepTrial], trainer: Trainer) -> None:
    """Queue first seeds of what its backend can train; maps, which nothing waits for, come last."""
    supported = [trial for trial in selected if not _unsupported(trial)]
    for trial in supported:
        if isinstance(trial, Trial):
            trainer.queue(trial.work.members(trial.first_seeds()))
    for trial in supported:
        if isinstance(trial, SweepTrial):
            trial.queue(trainer)


def _unsupported(trial: Trial | SweepTrial) -> bool:
    works = (trial.work,) if isinstance(trial, Trial) else trial.works
    return any(work.unsupported is not None for work in works)


def _opened_journal(config: pytest.Config) -> Journal:
    begin = Journal.resume if config.getoption("convergence_resume") else Journal.start
    try:
        journal = begin(_journal(config))
    except OSError as error:
        raise pytest.UsageError(f"{error.filename}: {error.strerror}") from None
    _say_what_is_resumed(config, journal)
    return journal


def _trainer(config: pytest.Config, journal: Journal) -> Trainer:
    wanted = config.getoption("convergence_workers")
    choice = config.getoption("convergence_executor")
    workers = executors.cores() if wanted == "auto" else int(wanted)
    if (workers == 1 and choice == "local") or _xdist_worker(config):
        return Trainer(None, 1, journal)
    make: Callable[[], Executor] = partial(executors.make, choice, workers)
    return Trainer(make, workers, journal, Watchdog(config.getoption("convergence_seed_timeout")))


def _journal(config: pytest.Config) -> Path:
    worker = _xdist_worker(config)
    return run_folder(config) / (f"journal-{worker}.jsonl" if worker else "journal.jsonl")


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


def say_too_few(config: pytest.Config, trials: Sequence[Trial]) -> None:
    """Say before training, once, if so few seeds were asked for that some claim stays open."""
    seeds = config.getoption("convergence_seeds")
    terminal = config.pluginmanager.getplugin("terminalreporter")
    if seeds is None or terminal is None or TOLD in config.stash:
        return
    needed = max((trial.declaration.seeds_to_confirm for trial in trials), default=0)
    if seeds < needed:
        config.stash[TOLD] = True
        terminal.ensure_newline()
        terminal.write_line(
            f"warning: --convergence-seeds {seeds} cannot confirm every claim, {needed} can: "
            "those left open fail. For a first look take --convergence-quick"
        )


def _xdist_worker(config: pytest.Config) -> str | None:
    worker: dict[str, str] | None = getattr(config, "workerinput", None)
    return worker["workerid"] if worker else None
