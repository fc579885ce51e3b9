"""The history, one SQLite file: complete runs, and what each of their cases did.

Its rollback journal and ``BEGIN IMMEDIATE`` let several processes write one after another. Unlike
a write-ahead log they leave one file, which can be copied, and work where a folder is mounted.
What belongs together is read in one transaction too: between two, another process may write.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal

from harness.trend.run import CaseRecord, HistoryError, RunRecord

FILE = "history.sqlite"
APPLICATION = 0x636F6E76
"""``conv``: SQLite's place for whose file it is."""

PATIENCE = 10.0
"""Seconds to wait for another process that writes; a run takes milliseconds to write."""

MIGRATIONS = (
    """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        checksum TEXT NOT NULL UNIQUE,
        date TEXT NOT NULL,
        commit_id TEXT NOT NULL,
        committed TEXT NOT NULL,
        modified INTEGER NOT NULL CHECK (modified IN (0, 1)),
        environment TEXT NOT NULL
    );
    CREATE TABLE cases (
        run INTEGER NOT NULL REFERENCES runs,
        id TEXT NOT NULL,
        backend TEXT NOT NULL,
        device TEXT NOT NULL,
        outcome TEXT NOT NULL,
        seeds INTEGER NOT NULL,
        converged INTEGER NOT NULL CHECK (converged BETWEEN 0 AND seeds),
        epochs REAL,
        metric REAL,
        seconds_per_step REAL,
        symptom TEXT,
        diagnosis TEXT,
        PRIMARY KEY (run, id, backend, device)
    ) WITHOUT ROWID;
    """,
)
"""What brings a file from each version, the place in this list, to the next; version 0 is empty."""

_COLUMNS = ", ".join(each.name for each in fields(CaseRecord))
_PLACES = ", ".join("?" * (1 + len(fields(CaseRecord))))
_AGAIN = "restore it from a copy, or move it away and import reports: harness history --import"


class HistoryFile:
    """An open history; made with `opened`."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    def add(self, runs: Sequence[RunRecord]) -> int:
        """Add runs, all or none; return how many were new.

        Raises:
            HistoryError: if they cannot be written.
        """
        with _explained(self._path), self._transaction("IMMEDIATE"):
            return sum(self._insert(run) for run in runs)

    def runs(self) -> list[RunRecord]:
        """Return all runs, the oldest commit first.

        Raises:
            HistoryError: if they cannot be read, or were changed or damaged.
        """
        with _explained(self._path), self._transaction("DEFERRED"):
            cases: dict[int, list[CaseRecord]] = {}
            for run, *values in self._connection.execute(f"SELECT run, {_COLUMNS} FROM cases"):  # noqa: S608  # our own names
                cases.setdefault(run, []).append(CaseRecord(*values))
            rows = self._connection.execute(
                "SELECT id, checksum, date, commit_id, committed, modified, environment FROM runs"
            )
            found = [self._run(row, cases.pop(row[0], [])) for row in rows]
        return sorted(found, key=lambda run: run.order)

    def _run(self, row: tuple[Any, ...], cases: list[CaseRecord]) -> RunRecord:
        _, checksum, date, commit, committed, modified, environment = row
        with suppress(ValueError, TypeError, RecursionError):
            known = json.loads(environment)
            run = RunRecord(date, commit, committed, bool(modified), known, tuple(cases))
            if run.checksum == checksum:
                return run
        raise HistoryError(
            f"{self._path} was changed or damaged since it was written, the checksum of the run of "
            f"{date} differs: {_AGAIN}"
        )

    def _insert(self, run: RunRecord) -> bool:
        known = (run.checksum, run.date, run.commit, run.committed, run.modified)
        added = self._connection.execute(
            "INSERT OR IGNORE INTO runs"
            " (checksum, date, commit_id, committed, modified, environment)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (*known, json.dumps(dict(run.environment), sort_keys=True)),
        )
        if added.rowcount == 0:
            return False
        self._connection.executemany(
            f"INSERT INTO cases (run, {_COLUMNS}) VALUES ({_PLACES})",  # noqa: S608  # our own names
            [(added.lastrowid, *case.row) for case in run.cases],
        )
        return True

    def migrate(self) -> None:
        """Bring an older file, or an empty one, to this version.

        Raises:
            HistoryError: if it is another program's, damaged or of a later version.
        """
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version == len(MIGRATIONS):
            return
        with self._transaction("IMMEDIATE"):
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            for migration in MIGRATIONS[version:]:  # another process may have come first
                for statement in filter(str.strip, migration.split(";")):
                    self._connection.execute(statement)
            self._connection.execute(f"PRAGMA application_id = {APPLICATION}")
            self._connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    def check(self) -> None:
        """Refuse what is no history of ours, or damaged.

        Raises:
            HistoryError: with what is wrong.
        """
        with self._transaction("DEFERRED"):
            (owner,) = self._connection.execute("PRAGMA application_id").fetchone()
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            (tables,) = self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if owner != APPLICATION and (tables or version):
            raise HistoryError(f"{self._path} is another program's database: name another file")
        if version > len(MIGRATIONS):
            raise HistoryError(
                f"{self._path} has version {version}, this harness reads up to {len(MIGRATIONS)}: "
                "upgrade the harness"
            )
        (found,) = self._connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise HistoryError(f"{self._path} is damaged ({found}): {_AGAIN}")

    @contextmanager
    def _transaction(self, kind: Literal["IMMEDIATE", "DEFERRED"]) -> Iterator[None]:
        self._connection.execute(f"BEGIN {kind}")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


@contextmanager
def opened(path: Path, *, make: bool) -> Iterator[HistoryFile]:
    """Open a history, of this version from then on.

    Args:
        path: of the file.
        make: whether it is made, with its folder, if there is none.

    Raises:
        HistoryError: if there is none, or it cannot be read or written.
    """
    if path.is_dir():
        raise HistoryError(f"{path} is a folder: name the file in it, such as {path / FILE}")
    if not path.is_file() and not make:
        raise HistoryError(
            f"{path} does not exist: complete runs of pytest write it, and reports can be "
            "imported: harness history --import reports/*/results.json"
        )
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
            history = HistoryFile(path, connection)
            history.check()
            history.migrate()
            yield history


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say into a sentence."""
    try:
        yield
    except OSError as error:
        raise HistoryError(f"{error.filename or path}: {error.strerror}") from None
    except sqlite3.Error as error:
        raise HistoryError(f"{path} {_reason(error)}") from None
    except UnicodeDecodeError:  # of what a damaged file makes SQLite say
        raise HistoryError(f"{path} is damaged: {_AGAIN}") from None


def _reason(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"is locked by another process, for more than {PATIENCE:g} s: try again once it ends"
    if code == sqlite3.SQLITE_NOTADB:
        return "is no history: it is not an SQLite database: name another file"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return f"cannot be opened to be written ({error}): is its folder writable?"
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return f"cannot be written ({error})"
    return f"is damaged ({error}): {_AGAIN}"
