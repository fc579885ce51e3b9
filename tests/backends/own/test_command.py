"""A command's JSON lines are its evaluations; whatever else it does is told in one message."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from harness.backends.own.command import Command
from harness.backends.own.generator import record
from harness.history import History, Stop
from harness.scenario.own_training import OwnTraining
from harness.scenario.rule import Bound, Rule


def trained(
    folder: Path, script: str, *words: str, budget: int | None = 5, time_limit: float | None = None
) -> History:
    """Train seed 3 by a Python script, or by other words."""
    (folder / "run.py").write_text("import json, os, sys, time\n" + script, encoding="utf-8")
    command = words or ("python", "run.py")
    declared = OwnTraining(command=(*command, "{seed}"), time_limit=time_limit)
    rule = Rule((Bound("loss", at_most=0.0),), budget=budget, time_limit=time_limit)
    return record(
        Command(declared, folder, (folder,), "cpu"), 3, rule, lambda *_: None, name="command"
    )


def ended(file: Path) -> bool:
    """Wait until the process whose number is in a file is gone."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{file.read_text()}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_lines_that_hold_an_object_are_evaluations_and_all_others_are_not(tmp_path: Path) -> None:
    history = trained(
        tmp_path,
        """
print("epoch 1: loss 0.7")
for loss in (3, 2, 1):
    print(json.dumps({"loss": loss * int(sys.argv[1]), "lr": 0.1}))
    print("[a list]", file=sys.stderr)
""",
    )
    assert (history.stopped, history.train_loss[1:].tolist()) == (Stop.BUDGET, [9, 6, 3])


def test_it_is_the_python_of_this_environment_and_finds_what_the_tests_find(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("LOSS = 4\n", encoding="utf-8")
    history = trained(
        tmp_path,
        f"""
import beside
assert os.path.samefile(os.path.dirname(sys.executable), {str(Path(sys.executable).parent)!r})
print(json.dumps({{"loss": beside.LOSS}}))
""",
    )
    assert (history.message, history.train_loss[1:].tolist()) == ("", [4])


def test_a_command_that_is_decided_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    history = trained(
        tmp_path,
        """
import subprocess
child = subprocess.Popen(["sleep", "600"], start_new_session=True)
open("child", "w").write(str(child.pid))
while True:
    print(json.dumps({"loss": 1}))
""",
    )
    assert (history.stopped, history.epochs) == (Stop.BUDGET, 5)
    assert ended(tmp_path / "child")


def test_a_command_ends_with_the_process_that_asked_for_it_even_where_that_was_killed(
    tmp_path: Path,
) -> None:
    asking = os.fork()
    if asking == 0:
        script = 'open("child", "w").write(str(os.getpid()))\ntime.sleep(600)\n'
        trained(tmp_path, script)
        os._exit(0)
    while not (tmp_path / "child").exists() or not (tmp_path / "child").read_text():
        time.sleep(0.05)
    os.kill(asking, signal.SIGKILL)
    os.waitpid(asking, 0)
    assert ended(tmp_path / "child")


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("", "command(seed=3) ended without yielding an evaluation"),
        ('print("{broken")', "line 1 of its output begins like JSON but is broken"),
        ('print("hi"); print(\'{"loss": 1\')', "line 2 of its output"),
        ("print(json.dumps({'acc': 1}))", "evaluation 1 of command(seed=3): lacks 'loss'"),
        ("print(json.dumps({'loss': 'low'}))", "'loss' must be a number, got str 'low'"),
        ("print(json.dumps({'loss': 1})); sys.exit(7)", "`python run.py 3` ended with exit"),
        ("os.kill(os.getpid(), 9)", "`python run.py 3` was killed by SIGKILL"),
    ],
)
def test_what_is_wrong_with_a_command_is_one_message(
    tmp_path: Path, script: str, told: str
) -> None:
    history = trained(tmp_path, script)
    assert history.stopped is Stop.CRASHED
    assert told in history.message


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("pythn", "run.py"), "train.command: there is no program 'pythn' on PATH"),
        (("./run.sh",), "train.command: there is no program './run.sh' at"),
    ],
)
def test_a_program_that_does_not_exist_is_told(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    assert told in trained(tmp_path, "", *words).message


def test_the_last_lines_of_its_standard_error_are_kept_and_evaluations_before_the_failure(
    tmp_path: Path,
) -> None:
    history = trained(
        tmp_path,
        """
for n in range(100):
    print("line", n, file=sys.stderr)
print(json.dumps({"loss": 1}), flush=True)
raise ValueError("no more")
""",
    )
    assert history.traceback.splitlines()[-1] == "ValueError: no more"
    assert "line 99" in history.traceback
    assert "line 50" not in history.traceback
    assert history.train_loss[1:].tolist() == [1]


def test_nan_is_a_result(tmp_path: Path) -> None:
    history = trained(tmp_path, "print(json.dumps({'loss': float('nan')}))\ntime.sleep(600)\n")
    assert (history.stopped, history.message) == (Stop.NON_FINITE, "")


def test_a_silent_command_ends_at_its_time_limit(tmp_path: Path) -> None:
    history = trained(tmp_path, "time.sleep(600)", time_limit=0.5)
    assert history.message == "command(seed=3): no evaluation within the time limit of 0.5 s"


def test_a_command_that_falls_silent_has_the_evaluations_within_its_time_limit(
    tmp_path: Path,
) -> None:
    script = "print(json.dumps({'loss': 1}))\ntime.sleep(600)\n"
    history = trained(tmp_path, script, time_limit=1.0)
    assert (history.stopped, history.epochs, history.message) == (Stop.TIME_LIMIT, 1, "")


def test_a_million_other_lines_do_no_harm(tmp_path: Path) -> None:
    history = trained(
        tmp_path,
        """
sys.stdout = open(1, "w", buffering=1 << 20)
for n in range(1_000_000):
    print("step", n)
    if n % 10 == 0:
        print("warning", n, file=sys.stderr)
print(json.dumps({"loss": 1}))
""",
    )
    assert history.train_loss[1:].tolist() == [1]
