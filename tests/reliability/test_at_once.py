"""Processes that do the same at the same time lose nothing of each other's."""

import multiprocessing
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from harness.baseline import load, path_of, record, save
from tests.baseline.canned import ENVIRONMENT, outcome, times
from tests.pytest_plugin.runner import Runner
from tests.reliability.conftest import Figure

UPDATES = 20


def update(path: Path, number: int) -> None:
    """Accept one case, as a run with ``--convergence-baseline=update`` does."""
    accepted = outcome(times(), case=f"case_{number}")
    save(path, record([accepted], "at once", ENVIRONMENT))


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork, and twenty Pythons take long")
def test_baselines_that_are_updated_at_once_lose_no_case(tmp_path: Path, figure: Figure) -> None:
    path = path_of(tmp_path / "rate.toml", "eager", "cpu")
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=update, args=(path, number)) for number in range(UPDATES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    kept = len(load(path).cases)
    figure("updates of a baseline at once", f"{kept} of {UPDATES} kept")
    assert kept == UPDATES
    assert [each.name for each in path.parent.iterdir()] == [path.name]


SLOW = """
question = "Does it go on?"
[data]
task = "first_value"
records = 64
validation_records = 0
[model]
units = [8]
[training]
learning_rate = 1e-9
epochs = 200
[converged]
metric = "loss"
at_most = 100.0
hold = 200
[[case]]
name = "first"
expect = "converges"
[[case]]
name = "second"
expect = "converges"
"""
SEEDS = 12
"""As many as confirm a claim: where one failed its remedies would be in the journal too."""


@pytest.mark.slow
@pytest.mark.parametrize("second", [(), ("-n2",)])
def test_a_second_run_in_the_same_folder_ends_with_a_sentence_and_the_first_goes_on(
    runner: Runner, figure: Figure, second: tuple[str, ...]
) -> None:
    runner.scenario(SLOW)
    command = (
        sys.executable,
        "-m",
        "pytest",
        "scenarios",
        "-ktrain",
        f"--convergence-seeds={SEEDS}",
    )
    journal = runner.pytester.path / "reports/latest/journal.jsonl"
    first = subprocess.Popen(
        [*command, "--convergence-workers=1"], cwd=runner.pytester.path, stdout=subprocess.PIPE
    )
    with suppress(subprocess.TimeoutExpired):
        while not journal.exists() and first.poll() is None:
            time.sleep(0.05)
    refused = subprocess.run(
        [*command, *second], cwd=runner.pytester.path, capture_output=True, text=True, check=False
    )
    first.communicate(timeout=300)
    assert refused.returncode == pytest.ExitCode.USAGE_ERROR
    [line] = [line for line in refused.stderr.splitlines() if "ERROR" in line]
    assert line.startswith("ERROR: reports/latest belongs to a run that is going on (process ")
    assert journal.read_bytes().count(b'"sha256"') == 2 * SEEDS
    assert [case["seeds"] for case in runner.cases()] == [SEEDS, SEEDS]
    figure("a second run in the same folder", "refused with a sentence, nothing of the first lost")
