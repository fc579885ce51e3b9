"""Finished seeds, written down as they finish, so that a killed run can go on from there.

One JSON line per seed, appended: ``{"key", "versions", "sha256", "history"}``. The key hashes all
that decides the result (`harness.execution.job.Work.key`), so an entry of another case, backend,
version or device is never asked for.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from harness.backends.source import installed
from harness.history import History, Stop
from harness.scenario.vocabulary.guess import Guess

PATTERN = "journal*.jsonl"
"""One file per process that trains: under xdist each worker writes its own, and all are read."""

PACKAGES = ("convergence-harness", "torch", "numpy")
"""What every result depends on; a backend's identity names more."""

Key = str


@cache
def versions() -> tuple[str, ...]:
    """Return the versions of the packages that every result depends on: ``"torch 2.13.0"``."""
    return tuple(filter(None, map(installed, PACKAGES)))


@dataclass
class Journal:
    """An append-only file of histories.

    Attributes:
        path: the file.
        entries: every seed that is known, from the file or from this run.
        ignored: how many entries of the file were corrupt or written by other versions.
        unwritten: why a seed could not be written down; empty while all could.
    """

    path: Path
    entries: dict[Key, History] = field(default_factory=dict)
    ignored: int = 0
    unwritten: str = ""
    lock: Lock = field(default_factory=Lock)

    @classmethod
    def start(cls, path: Path) -> "Journal":
        """Begin a journal; an earlier run's has been set aside (`harness.report.folder`)."""
        path.parent.mkdir(parents=True, exist_ok=True)
        return cls(path)

    @classmethod
    def resume(cls, path: Path) -> "Journal":
        """Go on with the journal of a run that was killed; an absent one is an empty one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        journal = cls(path)
        written = [
            other.read_bytes() for other in sorted(path.parent.glob(PATTERN)) if other.is_file()
        ]
        for line in b"\n".join(written).split(b"\n"):
            if not line:
                continue
            try:
                key, history = _decode(line)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                journal.ignored += 1
            else:
                journal.entries[key] = history
        return journal

    def add(self, key: Key, history: History) -> None:
        """Remember a finished seed and append it; one that crashed is trained anew by a resumption.

        It is on the disk once this returns. A seed that is known already stays as it is. A disk
        that takes no more costs what a resumption would save, not the run.
        """
        with self.lock:
            if key in self.entries:
                return
            if history.stopped is not Stop.CRASHED:
                try:
                    self._append(_encode(key, history))
                except OSError as error:
                    self.unwritten = f"{self.path}: {error.strerror}"
            self.entries[key] = history

    def _append(self, line: bytes) -> None:
        with self.path.open("ab") as stream:
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())


def _encode(key: Key, history: History) -> bytes:
    record = {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in asdict(history).items()
    }
    body = json.dumps(record)
    entry = {
        "key": key,
        "versions": list(versions()),
        "sha256": _checksum(key, body),
        "history": body,
    }
    return b"\n" + json.dumps(entry).encode()  # before, not after: a torn line ends alone


def _checksum(key: Key, body: str) -> str:
    return hashlib.sha256(f"{key}{body}".encode()).hexdigest()


def _decode(line: bytes) -> tuple[Key, History]:
    entry: dict[str, Any] = json.loads(line)
    if entry["versions"] != list(versions()):
        raise ValueError("written by other versions")
    if entry["sha256"] != _checksum(entry["key"], entry["history"]):
        raise ValueError("checksum")
    record: dict[str, Any] = json.loads(entry["history"])
    layers = tuple(record.pop("layers"))
    stopped = Stop(record.pop("stopped"))
    arrays = {k: np.array(v, np.float64) for k, v in record.items() if isinstance(v, list)}
    for name in ("gradient_norm", "update_ratio"):
        arrays[name] = arrays[name].reshape(len(arrays[name]), len(layers))
    if (guess := record.pop("guess", None)) is not None:
        record["guess"] = Guess(**guess)
    return entry["key"], History(layers=layers, stopped=stopped, **(record | arrays))
