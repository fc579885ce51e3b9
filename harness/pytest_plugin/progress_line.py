"""What a person sees while seeds train: one line, on terminals only."""

import os
import time
from collections.abc import Generator
from threading import Event, Lock, Thread
from typing import Any

import pytest

from harness.execution.progress import Doing, earliest
from harness.execution.time_left import Clock
from harness.execution.trainer import Trainer

REFRESH = 0.5
"""Seconds between two looks at the workers."""

SAVE, RESTORE, ERASE = "\x1b7", "\x1b8", "\x1b[K"
LEAST_ROOM = 30
"""Columns that say something; with fewer left on pytest's line nothing is shown."""


class ProgressLine:
    """Shows case, seed, epoch and time left behind pytest's own progress, and wipes it again."""

    def __init__(self, config: pytest.Config, trainer: Trainer) -> None:
        reporter = config.pluginmanager.getplugin("terminalreporter")
        self.writer: Any = getattr(reporter, "_tw", None)  # pytest offers no other way
        self.trainer = trainer
        self.doing: Doing | None = None
        self.clock = Clock()
        self.over = Event()
        self.writing = Lock()
        self.thread = Thread(target=self._show, daemon=True)
        if self.writer is not None and self._is_wanted(config):
            # a descriptor of our own: while a test runs, pytest captures what is written to its
            self.terminal = os.dup(self.writer._file.fileno())  # noqa: SLF001  # as above
            self.thread.start()

    def _is_wanted(self, config: pytest.Config) -> bool:
        if os.environ.get("TERM") == "dumb":
            return False
        if config.getoption("capture", "no") == "no":  # the line belongs to what the tests print
            return False
        return bool(self.writer._file.isatty())  # noqa: SLF001  # pytest offers no other way

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logstart(self) -> Generator[None, Any, Any]:
        """Keep away while pytest writes the name of an item's file."""
        return (yield from self._away())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self) -> Generator[None, Any, Any]:
        """Keep away while pytest writes a result."""
        return (yield from self._away())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logfinish(self) -> Generator[None, Any, Any]:
        """Keep away while pytest writes how far it is."""
        return (yield from self._away())

    def pytest_enter_pdb(self) -> None:
        """Leave the terminal to the debugger for good."""
        self._end()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Stop showing."""
        self._end()

    def _away(self) -> Generator[None, Any, Any]:
        with self.writing:
            self._write("")
            return (yield)

    def _end(self) -> None:
        self.over.set()
        if self.thread.is_alive():
            self.thread.join()
            self._put("")
            os.close(self.terminal)

    def _show(self) -> None:
        while not self.over.wait(REFRESH):
            text = self.text()
            with self.writing:
                self._write(text)

    def text(self) -> str:
        """Say what is being trained: seeds done, time left; case, seed and epoch."""
        self.doing = earliest(self.trainer.folder) or self.doing
        if self.doing is None:
            return "starting"
        doing, done, total = self.doing, self.trainer.finished, self.trainer.queued
        text = f"{doing.case} seed {doing.seed} epoch {doing.epoch}/{doing.epochs}"
        left = self.clock.seconds_left(time.monotonic(), self.trainer.work)
        if total > done and left is not None:
            return f"{done}/{total} seeds, {_duration(left)} left; {text}"
        return f"{done}/{total} seeds; {text}" if total > done > 0 else text

    def _write(self, text: str) -> None:
        if self.thread.is_alive():
            room = self.writer.fullwidth - self.writer.width_of_current_line - 2
            self._put(f" {text[:room]}" if text and room >= LEAST_ROOM else "")

    def _put(self, shown: str) -> None:
        os.write(self.terminal, f"{SAVE}{shown}{ERASE}{RESTORE}".encode())


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"  # noqa: PLR2004
