"""What every worker is doing, written to small files so that it crosses processes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from harness.scenario import Case, OwnCase

INTERVAL = 0.25
"""Seconds between two notes of a worker; a person reads no faster."""


@dataclass(frozen=True)
class Doing:
    """A worker's present seed and epoch."""

    case: str
    seed: int
    epoch: int
    epochs: int


@contextmanager
def notes(path: Path, case: Case | OwnCase, seed: int) -> Iterator[Callable[[int, int], None]]:
    """Keep a note in ``path`` while a case trains, from ``seed`` on; yields what to call.

    The note is gone once training is over: one that stays belongs to a worker that was killed.
    On a machine that lacks the note's folder nothing is written.
    """
    last = time.monotonic()

    def note(seed: int, epoch: int) -> None:
        with suppress(OSError):  # nobody's training fails for want of a progress line
            path.write_text(f"{case.id}\n{seed}\n{epoch}\n{case.budget}")

    def watch(seed: int, epoch: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= INTERVAL:
            last = now
            note(seed, epoch)

    note(seed, 0)
    try:
        yield watch
    finally:
        with suppress(OSError):
            path.unlink()


@contextmanager
def doing(path: Path, case: Case | OwnCase) -> Iterator[Callable[[str], None]]:
    """Keep a note of what is done for a case besides training; yields what is told its name."""

    def begin(name: str) -> None:
        with suppress(OSError):  # as in `notes`
            path.write_text(f"{case.id}\n{name}")

    begin("")
    try:
        yield begin
    finally:
        with suppress(OSError):
            path.unlink()


def done_last(path: Path) -> str:
    """Return what a process that was killed did last, empty where it left no note."""
    try:
        return path.read_text().partition("\n")[2].partition("\n")[0]
    except OSError:
        return ""


def earliest(folder: Path) -> Doing | None:
    """Return what was begun first and still trains; ``None`` where no note can be read."""
    try:
        return noted(min(folder.iterdir(), key=lambda note: int(note.name)))
    except (OSError, ValueError):  # none yet
        return None


def noted(path: Path) -> Doing | None:
    """Return what a note says; ``None`` for none, or caught while it was being written."""
    try:
        case, seed, epoch, epochs = path.read_text().split("\n")
        return Doing(case, int(seed), int(epoch), int(epochs))
    except (OSError, ValueError):
        return None
