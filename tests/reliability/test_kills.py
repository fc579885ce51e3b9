"""``kill -9`` at any moment costs the seeds that were being trained, and no other."""

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.pytest_plugin.runner import Runner
from tests.reliability.conftest import Figure

KILLS, SEEDS = 15, 30
CASES = ("a", "b", "c")

SCENARIO = """
question = "Is it there after a kill?"
[data]
task = "first_value"
records = 64
validation_records = 0
[model]
units = [4]
[training]
learning_rate = 1e-9
epochs = 60
[converged]
metric = "loss"
at_most = 100.0
hold = 60
""" + "".join(f'[[case]]\nname = "{name}"\nexpect = "converges"\n' for name in CASES)
"""Every seed trains to its end and converges: a failure's remedies would be in the journal too."""


def finished(journal: Path) -> Counter[str]:
    """Count the whole entries of a journal by the seed that they are of."""
    found: Counter[str] = Counter()
    for line in journal.read_bytes().split(b"\n") if journal.exists() else []:
        try:
            found[json.loads(line)["key"]] += 1
        except ValueError:  # torn by the kill
            continue
    return found


@pytest.mark.slow
def test_after_fifteen_kills_every_seed_is_there_once(runner: Runner, figure: Figure) -> None:
    runner.scenario(SCENARIO)
    journal = runner.pytester.path / "reports/latest/journal.jsonl"
    command = [sys.executable, "-m", "pytest", "scenarios", "-ktrain", "--convergence-workers=2"]
    command += [f"--convergence-seeds={SEEDS}", "--convergence-resume", "-q"]
    for kill in range(KILLS):
        wanted = kill * len(CASES) * SEEDS // KILLS
        run = subprocess.Popen(command, cwd=runner.pytester.path, stdout=subprocess.DEVNULL)
        while run.poll() is None and sum(finished(journal).values()) <= wanted:
            time.sleep(0.02)
        run.send_signal(signal.SIGKILL)
        run.wait()
    before = sum(finished(journal).values())
    subprocess.run(command, cwd=runner.pytester.path, stdout=subprocess.DEVNULL, check=True)
    found = finished(journal)
    assert before < len(CASES) * SEEDS
    assert len(found) == len(CASES) * SEEDS
    assert set(found.values()) == {1}
    assert [case["seeds"] for case in runner.cases()] == [SEEDS] * len(CASES)
    figure(
        f"{KILLS} kills (SIGKILL), each resumed", f"{len(found)} of {len(found)} seeds, none twice"
    )


@pytest.mark.slow
def test_a_kill_before_the_first_case_leaves_no_older_report(runner: Runner) -> None:
    runner.scenario(SCENARIO)
    folder = runner.pytester.path / "reports/latest"
    folder.mkdir(parents=True)
    (folder / "results.json").write_text("of an earlier run")
    command = [sys.executable, "-m", "pytest", "scenarios", "-ktrain", "--convergence-workers=1"]
    run = subprocess.Popen(command, cwd=runner.pytester.path, stdout=subprocess.DEVNULL)
    while not (folder / "journal.jsonl").exists():
        time.sleep(0.02)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert not (folder / "results.json").exists()
    [kept] = folder.parent.glob("2*/results.json")
    assert kept.read_text() == "of an earlier run"
