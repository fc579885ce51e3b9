"""The line that a person sees while seeds train."""

import io
import os
import pty
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.execution.journal import Journal
from harness.execution.progress import Doing, notes
from harness.execution.time_left import Done
from harness.execution.trainer import Trainer
from harness.pytest_plugin.progress_line import ERASE, RESTORE, SAVE, ProgressLine, _duration
from harness.scenario import Case, load
from tests.pytest_plugin.runner import QUICK, Runner

OFTEN = "from harness.pytest_plugin import progress_line\nprogress_line.REFRESH = 0.01\n"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    (tmp_path / "quick.toml").write_text(QUICK, encoding="utf-8")
    return load(tmp_path / "quick.toml", "quick").cases[0]


class Terminal(io.StringIO):
    """A real pseudo-terminal; what reaches it is read from its other end."""

    def __init__(self) -> None:
        super().__init__()
        self.screen, self.line = os.openpty()
        os.set_blocking(self.screen, False)
        self.seen = ""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.line

    def getvalue(self) -> str:
        with suppress(BlockingIOError):
            self.seen += os.read(self.screen, 65536).decode()
        return self.seen

    def close(self) -> None:
        if not self.closed:
            os.close(self.screen)
            os.close(self.line)
        super().close()


def config(stream: io.StringIO, capture: str = "fd", column: int = 20) -> pytest.Config:
    writer = SimpleNamespace(_file=stream, fullwidth=80, width_of_current_line=column)
    plugins = SimpleNamespace(getplugin=lambda name: SimpleNamespace(_tw=writer))
    fake = SimpleNamespace(pluginmanager=plugins, getoption=lambda name, default: capture)
    return cast("pytest.Config", fake)


@pytest.fixture
def trainer(tmp_path: Path) -> Any:
    trainer = Trainer(None, 1, Journal.start(tmp_path / "journal.jsonl"))
    yield trainer
    trainer.close()


def test_on_a_terminal_the_line_follows_what_pytest_wrote_and_is_wiped(
    trainer: Trainer, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.pytest_plugin.progress_line.REFRESH", 0.01)
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    with notes(trainer.folder / "0", case, 3):
        status = ProgressLine(config(stream), trainer)
        while "learns" not in stream.getvalue():
            time.sleep(0.001)
        status.pytest_sessionfinish()
    pieces = stream.getvalue().split(SAVE)
    assert f" quick/learns seed 3 epoch 0/12{ERASE}{RESTORE}" in pieces
    assert pieces[-1] == f"{ERASE}{RESTORE}"
    assert not status.thread.is_alive()


def test_the_line_is_cut_where_the_terminal_ends(trainer: Trainer) -> None:
    stream = Terminal()
    status = ProgressLine(config(stream, column=40), trainer)
    status._write("x" * 100)
    assert stream.getvalue() == f"{SAVE} {'x' * 38}{ERASE}{RESTORE}"
    status.pytest_sessionfinish()


def test_nothing_is_shown_where_little_room_is_left(trainer: Trainer) -> None:
    stream = Terminal()
    status = ProgressLine(config(stream, column=60), trainer)
    status._write("x" * 100)
    assert stream.getvalue() == f"{SAVE}{ERASE}{RESTORE}"
    status.pytest_sessionfinish()


@pytest.mark.parametrize(
    ("stream", "capture", "term"),
    [(io.StringIO(), "fd", "xterm"), (Terminal(), "no", "xterm"), (Terminal(), "fd", "dumb")],
)
def test_no_line_without_a_terminal_on_a_dumb_one_or_among_what_tests_print(
    trainer: Trainer, monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, capture: str, term: str
) -> None:
    monkeypatch.setenv("TERM", term)
    status = ProgressLine(config(stream, capture), trainer)
    status._write("text")
    status.pytest_sessionfinish()
    assert not status.thread.is_alive()
    assert stream.getvalue() == ""


def test_the_debugger_has_the_terminal_to_itself(trainer: Trainer) -> None:
    status = ProgressLine(config(Terminal()), trainer)
    status.pytest_enter_pdb()
    assert not status.thread.is_alive()


def test_the_line_says_how_many_seeds_are_done_and_how_long_the_others_take(
    trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = ProgressLine(config(io.StringIO()), trainer)
    assert status.text() == "starting"
    status.doing = Doing("quick/learns", 3, 5, 12)
    assert status.text() == "quick/learns seed 3 epoch 5/12"
    monkeypatch.setattr(Trainer, "queued", 12)
    monkeypatch.setattr(Trainer, "finished", 4)
    assert status.text() == "4/12 seeds; quick/learns seed 3 epoch 5/12", "too early to tell"
    monkeypatch.setattr(Trainer, "work", Done(40.0, 60.0))
    status.clock.first = time.monotonic() - 100, 0.0
    assert status.text() == "4/12 seeds, 3 min left; quick/learns seed 3 epoch 5/12"


@pytest.mark.parametrize(("seconds", "text"), [(8.6, "9 s"), (99, "99 s"), (150, "2 min")])
def test_durations_are_round(seconds: float, text: str) -> None:
    assert _duration(seconds) == text


def output(runner: Runner, stdout: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-mpytest", "scenarios", "-ktrain and learns", "--color=no"]
    options = ["--convergence-workers=1", "--convergence-probes=off"]
    environment = {**os.environ, "TERM": "xterm"}
    return subprocess.Popen([*command, *options], stdout=stdout, env=environment)


@pytest.mark.slow
def test_a_run_shows_the_line_on_a_terminal_and_nothing_of_it_in_a_pipe(runner: Runner) -> None:
    runner.scenario()
    runner.pytester.makeconftest(OFTEN)
    screen, line = pty.openpty()
    shown = b""
    with output(runner, line) as run:
        os.close(line)
        with suppress(OSError):  # what a terminal says once nobody writes to it
            while piece := os.read(screen, 65536):
                shown += piece
    os.close(screen)
    assert run.returncode == 0
    assert f"{SAVE} quick/learns seed ".encode() in shown
    with output(runner, subprocess.PIPE) as run:
        assert b"\x1b" not in run.communicate()[0]
    assert run.returncode == 0
