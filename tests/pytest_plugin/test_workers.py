"""Runs on real worker processes, interrupted and killed; each test says what must survive."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

import harness
from harness.backends.torch.eager import EagerRun
from harness.execution import job, trainer
from harness.execution.job import Job
from harness.history import History
from tests.pytest_plugin.runner import Runner

MODEL = """
import os, pathlib, time
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, features, outputs):
        super().__init__()
        self.lstm = nn.LSTM(features, 8, batch_first=True)
        self.dropout = nn.Dropout(0.1)
        self.out = nn.Linear(8, outputs)

    def forward(self, x):
        return self.out(self.dropout(self.lstm(x)[0][:, -1]))

def slow(features, outputs):
    with open("began.txt", "a") as stream:
        stream.write(f"{os.getpid()} {torch.get_num_threads()} {torch.initial_seed()}\\n")
    time.sleep(0.3)
    return Net(features, outputs)
"""

SCENARIO = """
question = "Does the same network learn thrice?"
[data]
task = "first_value"
records = 32
validation_records = 0
noise = 1
[model]
factory = "models:slow"
[training]
learning_rate = 3e-2
epochs = 3
[converged]
metric = "loss"
at_most = 10.0
hold = 3
[seeds]
min = 12
max = 12
[[case]]
name = "a"
expect = "converges"
[[case]]
name = "b"
expect = "converges"
training.learning_rate = 1e-2
[[case]]
name = "c"
expect = "converges"
training.learning_rate = 2e-2
"""


class Trial(Runner):
    """Runs a scenario of 36 slow seeds in processes that a test may kill."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        super().__init__(pytester)
        self.scenario(SCENARIO, "slow")
        pytester.makepyfile(models=MODEL)
        self.began = pytester.path / "began.txt"

    def command(self, *options: str) -> list[str]:
        return [
            sys.executable,
            "-mpytest",
            "scenarios",
            "-ktrain",
            "--convergence-probes=off",
            *options,
        ]

    @contextmanager
    def started(self, *options: str) -> Iterator["subprocess.Popen[str]"]:
        """Start a run; whatever happens, it does not outlive the test."""
        with subprocess.Popen(
            self.command(*options),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        ) as run:  # fmt: skip
            try:
                yield run
            finally:
                run.kill()

    def begun(self, run: "subprocess.Popen[str]") -> list[list[str]]:
        """Process, its threads and seed of every training that a worker of ``run`` began."""
        text = self.began.read_text() if self.began.exists() else ""
        lines = [line.split() for line in text.splitlines()]
        return [line for line in lines if line[0] != str(run.pid)]

    def journalled(self, folder: str = "reports/latest") -> int:
        path = self.pytester.path / folder / "journal.jsonl"
        return path.read_bytes().count(b'"sha256"') if path.exists() else 0

    def curves(self, folder: str = "reports/latest") -> list[tuple[str, str, list[object]]]:
        """What must not depend on where and when seeds were trained."""
        return [
            (c["id"], c["outcome"], [(run["seed"], run["train_loss"]) for run in c["runs"]])
            for c in self.cases(folder)
        ]


@pytest.fixture
def trial(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Trial:
    path = os.pathsep.join([str(pytester.path), os.environ.get("PYTHONPATH", "")])
    monkeypatch.setenv("PYTHONPATH", path)
    return Trial(pytester)


def until(met: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, "took too long"
        time.sleep(0.05)


def alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_a_run_killed_by_kill_9_goes_on_where_it_was_and_ends_as_if_it_had_not_been(
    trial: Trial,
) -> None:
    with trial.started("--convergence-workers=2", "--convergence-report-dir=killed") as run:
        until(lambda: trial.journalled("killed") >= 14)
        run.kill()
        run.wait()
    workers = {pid for pid, *_ in trial.begun(run)}
    assert len(workers) == 2
    assert {threads for _, threads, _ in trial.begun(run)} == {"1"}
    until(lambda: not any(map(alive, workers)))
    kept = trial.journalled("killed")
    trial.began.unlink()

    with trial.started(
        "--convergence-workers=2", "--convergence-resume", "--convergence-report-dir=killed"
    ) as run:
        output = run.communicate(timeout=300)[0]
    assert "3 passed" in output
    assert len(trial.begun(run)) == 36 - kept > 0

    trial.alone(
        "scenarios", "-ktrain", "--convergence-report-dir=whole", workers="1"
    ).assert_outcomes(passed=3)
    assert trial.curves("killed") == trial.curves("whole")


@pytest.mark.slow
def test_ctrl_c_leaves_a_valid_partial_report_and_no_process(trial: Trial) -> None:
    results = trial.pytester.path / "reports/latest/results.json"
    with trial.started("--convergence-workers=2") as run:
        until(results.exists)
        run.send_signal(signal.SIGINT)
        output = run.communicate(timeout=60)[0]
    assert run.returncode == pytest.ExitCode.INTERRUPTED
    assert "KeyboardInterrupt" in output
    assert "Traceback" not in output
    told = {case["id"]: case["not_judged"] for case in trial.cases()}
    assert list(told) == ["slow/a", "slow/b", "slow/c"]
    assert not told["slow/a"]
    assert told["slow/c"] == "not run: the run was interrupted"
    assert not any(alive(pid) for pid, *_ in trial.begun(run))


@pytest.mark.slow
def test_ctrl_c_before_the_first_case_leaves_a_report_of_none(trial: Trial) -> None:
    stale = trial.pytester.path / "reports/latest/results.json"
    stale.parent.mkdir(parents=True)
    stale.write_text("of an earlier run", encoding="utf-8")
    with trial.started("--convergence-workers=2") as run:
        until(trial.began.exists)
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=60)
    assert [case["outcome"] for case in trial.cases()] == ["error"] * 3


def test_one_worker_is_the_test_process_so_that_a_monkeypatch_reaches_training(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = []
    epoch = EagerRun.epoch

    def noted(run: EagerRun, number: int) -> int:
        processes.append(os.getpid())
        return epoch(run, number)

    monkeypatch.setattr(EagerRun, "epoch", noted)
    runner.scenario()
    runner("scenarios", "-k", "train and learns")
    assert set(processes) == {os.getpid()}


def test_the_batching_backend_trains_a_case_in_one_call_in_this_process(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    train = job.train

    def noted(given: Job, wanted: tuple[str, ...]) -> list[History]:
        calls.append([seed for _, seed in given.members])
        return train(given, wanted)

    monkeypatch.setattr(trainer, "train", noted)
    runner.scenario()
    runner("scenarios", "-k", "train and learns", "--convergence-backend=ensemble").assert_outcomes(
        passed=1
    )
    assert calls == [list(range(12))]


# not importorskip: what distributed imports replaces the finder of installed packages, for good
needs_dask = pytest.mark.skipif(find_spec("distributed") is None, reason="needs the extra dask")


@pytest.mark.slow
@needs_dask
def test_nothing_is_trained_where_no_scheduler_answers(runner: Runner) -> None:
    runner.scenario()
    started = time.monotonic()
    result = runner.alone("scenarios", "--convergence-executor=dask=tcp://127.0.0.1:9")
    assert time.monotonic() - started < 15
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*no dask scheduler answers at tcp://127.0.0.1:9*"])
    assert not list(runner.pytester.path.glob("reports/latest/results.json"))


@contextmanager
def cluster(
    folder: Path, path: Path | None = None, workers: int = 2
) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """A real scheduler and workers without nannies, in this order, on this machine only.

    What lies in ``path`` is what the workers import first.
    """
    environment = os.environ | ({"PYTHONPATH": str(path)} if path else {})
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    log = folder / "scheduler.log"
    processes = []
    with log.open("wb") as stream:
        try:
            scheduler = [*dask, "--host=127.0.0.1", "--port=0", "--no-dashboard"]
            processes.append(subprocess.Popen(scheduler, stderr=stream, cwd=folder))
            until(lambda: "Scheduler at" in log.read_text())
            found = re.search(r"tcp://127\.0\.0\.1:\d+", log.read_text())
            assert found is not None
            worker = [sys.executable, "-m", "distributed.cli.dask_worker", found[0]]
            alone = ["--no-nanny", "--nthreads=1", "--no-dashboard"]
            processes += [
                subprocess.Popen([*worker, *alone], stderr=stream, cwd=folder, env=environment)
                for _ in range(workers)
            ]
            yield found[0], processes
        finally:
            for process in processes:
                process.kill()
                process.wait()


@pytest.mark.slow
@needs_dask
def test_a_cluster_loses_a_worker_and_nothing_else(trial: Trial) -> None:
    folder = trial.pytester.path
    with cluster(folder) as (address, [_, worker, _]):
        options = (f"--convergence-executor=dask={address}", "--convergence-report-dir=cluster")
        with trial.started(*options) as run:
            until(lambda: trial.journalled("cluster") >= 8)
            worker.kill()
            output = run.communicate(timeout=300)[0]
    assert run.returncode == 0, output
    assert "3 passed" in output
    begun = Counter(seed for *_, seed in trial.begun(run))
    assert len(trial.begun(run)) <= 36 + 2, begun
    trial.alone(
        "scenarios", "-ktrain", "--convergence-report-dir=here", workers="1"
    ).assert_outcomes(passed=3)
    assert trial.curves("cluster") == trial.curves("here")
    assert json.loads((folder / "cluster/results.json").read_text())["schema"] == 3


@pytest.mark.slow
@needs_dask
def test_nothing_is_accepted_from_a_cluster_with_an_edited_file_of_ours(trial: Trial) -> None:
    folder, package = trial.pytester.path, Path(harness.__file__).parent
    edited = folder / "edited" / "harness"
    shutil.copytree(package, edited, ignore=shutil.ignore_patterns("__pycache__"))
    loop = edited / "backends/loop.py"
    loop.write_text(loop.read_text().replace("        epoch = 0\n", "        epoch = 1\n", 1))
    with (
        cluster(folder, edited.parent) as (address, _),
        trial.started(f"--convergence-executor=dask={address}") as run,
    ):
        output = run.communicate(timeout=300)[0]
    assert run.returncode == 1, output
    assert "3 failed" in output
    assert "the worker has " in output
    assert trial.journalled("reports/latest") == 0


@pytest.mark.slow
@needs_dask
def test_a_scheduler_that_dies_ends_the_run_once_and_keeps_what_was_finished(trial: Trial) -> None:
    with cluster(trial.pytester.path) as (address, [scheduler, *_]):
        options = (f"--convergence-executor=dask={address}", "-n0")
        with trial.started(*options) as run:
            until(lambda: trial.journalled() >= 4)
            scheduler.kill()
            output = run.communicate(timeout=60)[0]
    assert run.returncode == pytest.ExitCode.INTERRUPTED, output
    assert "Traceback" not in output
    assert output.count("_pytest.outcomes.Exit: ") == 1
    cases = trial.cases()
    assert [case["id"] for case in cases] == ["slow/a", "slow/b", "slow/c"]
    told = {case["not_judged"] for case in cases} - {""}
    assert len(told) == 1
    assert f"no dask scheduler answers at {address}" in told.pop()
    assert trial.journalled() >= 4
    assert "--convergence-resume" in output


@pytest.mark.slow
@needs_dask
def test_a_cluster_without_workers_ends_the_run_with_one_sentence(trial: Trial) -> None:
    with (
        cluster(trial.pytester.path, workers=0) as (address, _),
        trial.started(f"--convergence-executor=dask={address}") as run,
    ):
        output = run.communicate(timeout=60)[0]
    assert run.returncode == pytest.ExitCode.USAGE_ERROR, output
    assert output.count(f"the dask scheduler at {address} has no workers: start them with") == 1
    assert not trial.began.exists()
