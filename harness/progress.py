"""What every worker is doing, told through small files so that it crosses processes."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.scenario import Case

INTERVAL = 0.25
"""Seconds between two notes of a worker; a person reads no faster."""


@dataclass(frozen=True)
class Doing:
    """A worker's present seed and epoch."""

    case: str
    seed: int
    epoch: int
    epochs: int


def notes(folder: Path, case: Case) -> Callable[[int, int], None]:
    """Return a watch that notes (seed, epoch) in this process's file under ``folder``."""
    path = folder / str(os.getpid())
    last = 0.0

    def watch(seed: int, epoch: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= INTERVAL:
            last = now
            path.write_text(f"{case.id}\n{seed}\n{epoch}\n{case.training.epochs}")

    return watch


def latest(folder: Path) -> Doing | None:
    """Return what the worker that noted last is doing; ``None`` before any did."""
    try:
        path = max(folder.iterdir(), key=lambda note: note.stat().st_mtime)
        case, seed, epoch, epochs = path.read_text().split("\n")
        return Doing(case, int(seed), int(epoch), int(epochs))
    except (OSError, ValueError):  # none yet, or caught while it was being written
        return None
