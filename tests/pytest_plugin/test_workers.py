"""Runs on real worker processes, interrupted and killed; each test says what must survive."""

import os
import signal

import pytest

from harness.backends.torch.eager import EagerRun
from harness.execution import job, trainer
from harness.execution.job import Job
from harness.history import History
from tests.pytest_plugin.runner import Runner
from tests.pytest_plugin.trial import Trial, alive, until


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
