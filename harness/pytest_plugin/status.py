"""What a person sees while seeds train: one line, on terminals only."""

import time
from threading import Event, Thread

import pytest

from harness.progress import latest
from harness.trainer import Trainer

REFRESH = 0.5
"""Seconds between two looks at the workers."""

SAVE, RESTORE, ERASE = "\x1b7", "\x1b8", "\x1b[K"
LEAST_ROOM = 30


class StatusLine:
    """Shows case, seed, epoch and time left behind pytest's own progress, and wipes it again."""

    def __init__(self, config: pytest.Config, trainer: Trainer) -> None:
        reporter = config.pluginmanager.getplugin("terminalreporter")
        self.writer = reporter._tw if reporter is not None else None  # noqa: SLF001  # pytest offers no other way
        self.trainer = trainer
        self.started = time.monotonic()
        self.over = Event()
        self.thread = Thread(target=self._show, daemon=True)
        if self.writer is not None and self.writer._file.isatty():  # noqa: SLF001  # as above
            self.thread.start()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self) -> None:
        """Wipe the line before pytest writes."""
        self._write("")

    def pytest_sessionfinish(self) -> None:
        """Stop showing."""
        self.over.set()
        if self.thread.is_alive():
            self.thread.join()
            self._write("")

    def _show(self) -> None:
        while not self.over.wait(REFRESH):
            self._write(self.text())

    def text(self) -> str:
        """Say what is being trained: case, seed, epoch, seeds done and time left."""
        doing = latest(self.trainer.folder)
        if doing is None:
            return "starting"
        done, total = self.trainer.finished, self.trainer.queued
        text = f"{doing.case} seed {doing.seed} epoch {doing.epoch}/{doing.epochs}"
        if total > done > 0:
            left = (time.monotonic() - self.started) * (total - done) / done
            text = f"{done}/{total} seeds, {_duration(left)} left; {text}"
        return text

    def _write(self, text: str) -> None:
        if not self.thread.is_alive() or self.writer is None:
            return
        room = self.writer.fullwidth - self.writer.width_of_current_line - 2
        shown = f" {text[:room]}" if text and room >= LEAST_ROOM else ""
        self.writer._file.write(f"{SAVE}{shown}{ERASE}{RESTORE}")  # noqa: SLF001  # as above
        self.writer._file.flush()  # noqa: SLF001  # as above


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"  # noqa: PLR2004
