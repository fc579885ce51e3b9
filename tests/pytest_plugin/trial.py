"""A run of many slow seeds in processes that a test may kill."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

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

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(pytester)
        path = os.pathsep.join([str(pytester.path), os.environ.get("PYTHONPATH", "")])
        monkeypatch.setenv("PYTHONPATH", path)
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
