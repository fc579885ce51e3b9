"""The history keeps what it was given, or says in a sentence why it cannot."""

import json
import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import cast

import pytest

from harness.trend import database
from harness.trend.database import MIGRATIONS, HistoryFile, opened
from harness.trend.run import HistoryError, RunRecord
from tests.trend.canned import case, run, runs

EVIL = "a'b\"; DROP TABLE runs; -- <script>\x00"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


def add(path: Path, *records: RunRecord) -> int:
    with opened(path, make=True) as history:
        return history.add(records)


def read(path: Path) -> list[RunRecord]:
    with opened(path, make=False) as history:
        return history.runs()


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(statement)


def test_what_is_read_is_what_was_written(path: Path) -> None:
    bare = run(2, case(epochs=None, metric=None, seeds=0), commit="", committed="", environment={})
    written = [run(0, case(EVIL, symptom="diverged", diagnosis=EVIL), case()), run(1), bare]
    add(path, *written)
    assert read(path) == written


def test_a_run_is_kept_once_however_often_it_is_added(path: Path) -> None:
    assert add(path, run(0), run(1), run(0)) == 2
    assert add(path, run(1), run(2)) == 1
    assert len(read(path)) == 3


def test_runs_are_in_the_order_of_their_commits_and_then_of_their_dates(path: Path) -> None:
    tried_late = replace(run(5), committed=run(0).date)
    add(path, run(1), tried_late, run(0))
    assert read(path) == [run(0), tried_late, run(1)]


def test_of_several_runs_all_are_added_or_none(path: Path) -> None:
    add(path, run(0))
    impossible = run(2, case(converged=13))
    with pytest.raises(HistoryError):
        add(path, run(1), impossible)
    assert read(path) == [run(0)]


def write(path: Path, first: int) -> None:
    for day in range(first, first + 20):
        add(path, run(day))


def test_two_that_write_at_once_lose_nothing(path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, (path, path), (0, 20)))
    assert len(read(path)) == 40


class Interrupted:
    """A connection before one of whose statements another process writes a run, if it can."""

    def __init__(self, path: Path, connection: sqlite3.Connection, before: str) -> None:
        self._path = path
        self._connection = connection
        self._before = before

    def execute(self, statement: str) -> sqlite3.Cursor:
        if self._before in statement:
            with closing(sqlite3.connect(self._path, timeout=0, isolation_level=None)) as other:
                history = HistoryFile(self._path, other)
                with suppress(sqlite3.OperationalError, HistoryError):  # locked: it would wait
                    history.migrate()
                    history.add([run(1)])
        return self._connection.execute(statement)


@contextmanager
def interrupted(path: Path, before: str) -> Iterator[HistoryFile]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield HistoryFile(path, cast("sqlite3.Connection", Interrupted(path, connection, before)))


def test_a_file_that_another_process_makes_meanwhile_is_a_history(path: Path) -> None:
    with interrupted(path, "user_version") as history:
        history.check()


def test_a_run_that_another_process_adds_meanwhile_is_read_whole_or_not_at_all(path: Path) -> None:
    add(path, run(0))
    with interrupted(path, "FROM runs") as history:
        assert history.runs() == [run(0)]


@pytest.mark.slow
def test_two_processes_that_write_at_once_lose_nothing(path: Path) -> None:
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        list(pool.map(write, (path, path), (0, 20)))
    assert len(read(path)) == 40


def test_an_older_file_is_brought_up_to_date_and_keeps_its_runs(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(path, *runs([18.0, 19.0]))
    later = (
        *MIGRATIONS,
        "ALTER TABLE runs ADD COLUMN branch TEXT; CREATE TABLE notes (text TEXT);",
    )
    monkeypatch.setattr(database, "MIGRATIONS", later)
    assert add(path, run(5)) == 1
    assert len(read(path)) == 3
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(later),)
        assert connection.execute("SELECT branch FROM runs").fetchall() == [(None,)] * 3


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(path, run(0))
    broken = (*MIGRATIONS, "CREATE TABLE notes (text TEXT); ALTER TABLE nothing ADD COLUMN a TEXT;")
    before = path.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(database, "MIGRATIONS", broken)
        with pytest.raises(HistoryError):
            read(path)
    assert path.read_bytes() == before
    assert read(path) == [run(0)]


def test_a_file_of_a_later_version_is_refused_and_stays(path: Path) -> None:
    add(path, run(0))
    change(path, "PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(HistoryError, match=r"has version 99, this harness reads up to 1: upgrade"):
        add(path, run(1))
    assert path.read_bytes() == before


def test_what_is_no_database_is_refused_and_stays(path: Path) -> None:
    path.write_text("date,commit\n" * 100, encoding="utf-8")
    with pytest.raises(HistoryError, match=r"history\.sqlite is no history: it is not an SQLite"):
        add(path, run(0))
    assert path.read_text(encoding="utf-8").startswith("date,commit")


def test_the_database_of_another_program_is_refused_and_stays(path: Path) -> None:
    change(path, "CREATE TABLE theirs (id INTEGER)")
    before = path.read_bytes()
    with pytest.raises(HistoryError, match="is another program's database"):
        add(path, run(0))
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_history(path: Path) -> None:
    path.touch()
    assert add(path, run(0)) == 1


def test_a_history_that_is_not_there_is_not_made_by_reading(path: Path) -> None:
    with pytest.raises(HistoryError, match="does not exist: complete runs of pytest write it"):
        read(path)
    assert not path.exists()


def test_flipped_bytes_are_never_taken_for_results(path: Path) -> None:
    written = [run(day, *(case(f"rate/{n:02}") for n in range(9))) for day in range(20)]
    add(path, *written)
    content, noticed = path.read_bytes(), 0
    for first in range(0, len(content), 509):
        flipped = bytes(each ^ 0xFF for each in content[first : first + 8])
        path.write_bytes(content[:first] + flipped + content[first + 8 :])
        with suppress(HistoryError):
            assert read(path) == written, "unless they lay where nothing was written"
            noticed -= 1
        noticed += 1
    assert noticed > 20


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases SET epochs = 17 WHERE run = 1",
        "UPDATE cases SET id = x'00ff' WHERE run = 1",
        "UPDATE cases SET outcome = CAST(x'ff' AS TEXT) WHERE run = 1",
        "UPDATE runs SET environment = '[' WHERE id = 1",
        "UPDATE runs SET date = 5 WHERE id = 1",
        "DELETE FROM cases WHERE run = 1",
    ],
)
def test_a_value_that_was_changed_is_noticed(path: Path, statement: str) -> None:
    add(path, run(0), run(1))
    change(path, statement)
    with pytest.raises(HistoryError, match="damaged"):
        read(path)


def test_a_file_that_was_cut_off_is_refused(path: Path) -> None:
    add(path, *runs([18.0] * 40))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(HistoryError, match="damaged"):
        read(path)


def test_a_history_that_another_process_holds_is_told_after_a_while(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    add(path, run(0))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(
            HistoryError, match=r"is locked by another process, for more than 0\.05"
        ):
            add(path, run(1))
        other.execute("ROLLBACK")
    assert add(path, run(1)) == 1


def test_a_folder_in_which_nothing_can_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HistoryError, match=r"file: (File exists|Not a directory)"):
        add(tmp_path / "file" / "history.sqlite", run(0))
    with pytest.raises(HistoryError, match="is a folder: name the file in it"):
        add(tmp_path, run(0))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_takes_no_file_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(HistoryError, match="cannot be opened to be written"):
        add(tmp_path / "history.sqlite", run(0))
    tmp_path.chmod(0o700)


def test_it_is_plain_sqlite_for_whoever_asks(path: Path) -> None:
    add(path, run(0))
    query = (
        "SELECT json_extract(environment, '$.torch'), epochs FROM runs JOIN cases ON run = runs.id"
    )
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(query).fetchall() == [("2.13.0", 18.0)]
        (known,) = connection.execute("SELECT environment FROM runs").fetchone()
    assert json.loads(known) == run(0).environment
