"""Runs on a real dask cluster, parts of which die; each test says what must survive."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

import harness
from tests.pytest_plugin.runner import Runner
from tests.pytest_plugin.trial import Trial, until

# not importorskip: what distributed imports replaces the finder of installed packages, for good
needs_dask = pytest.mark.skipif(find_spec("distributed") is None, reason="needs the extra dask")


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
