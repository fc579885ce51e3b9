import io
import os
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.execution import progress
from harness.execution.journal import Journal
from harness.execution.progress import Doing, earliest, notes
from harness.execution.trainer import Trainer
from harness.pytest_plugin.status import ERASE, RESTORE, SAVE, StatusLine, _duration
from harness.scenario import Case, load
from tests.pytest_plugin.runner import QUICK


@pytest.fixture
def case(tmp_path: Path) -> Case:
    (tmp_path / "quick.toml").write_text(QUICK, encoding="utf-8")
    return load(tmp_path / "quick.toml", "quick").cases[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    return tmp_path / "notes"


def test_a_note_shows_the_seed_from_its_start_and_is_gone_at_its_end(
    case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "INTERVAL", 0)
    with notes(folder / "0", case, 4) as watch:
        assert earliest(folder) == Doing("quick/learns", 4, 0, 12)
        watch(5, 7)
        assert earliest(folder) == Doing("quick/learns", 5, 7, 12)
    assert earliest(folder) is None


def test_notes_are_written_no_oftener_than_a_person_reads(case: Case, folder: Path) -> None:
    with notes(folder / "0", case, 0) as watch:
        for epoch in range(1, 4):
            watch(0, epoch)
        assert earliest(folder) == Doing("quick/learns", 0, 0, 12)


def test_what_began_first_is_shown_so_that_the_line_stays_with_one_case(
    case: Case, folder: Path
) -> None:
    with notes(folder / "9", case, 1), notes(folder / "10", case, 2):
        assert earliest(folder) == Doing("quick/learns", 1, 0, 12)


def test_a_note_caught_while_it_is_written_is_none(folder: Path) -> None:
    (folder / "0").write_text("quick/lea")
    assert earliest(folder) is None


def test_on_a_machine_without_the_folder_training_goes_on_without_notes(
    case: Case, folder: Path
) -> None:
    with notes(folder / "elsewhere" / "0", case, 0) as watch:
        watch(0, 1)
    assert list(folder.iterdir()) == []


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
    fake = SimpleNamespace(pluginmanager=plugins, getoption=lambda name: capture)
    return cast("pytest.Config", fake)


@pytest.fixture
def trainer(tmp_path: Path) -> Any:
    trainer = Trainer(None, 1, Journal.start(tmp_path / "journal.jsonl"))
    yield trainer
    trainer.close()


def test_on_a_terminal_the_line_follows_what_pytest_wrote_and_is_wiped(
    trainer: Trainer, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.pytest_plugin.status.REFRESH", 0.01)
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    with notes(trainer.folder / "0", case, 3):
        status = StatusLine(config(stream), trainer)
        while "learns" not in stream.getvalue():
            os.sched_yield()
        status.pytest_sessionfinish()
    pieces = stream.getvalue().split(SAVE)
    assert f" quick/learns seed 3 epoch 0/12{ERASE}{RESTORE}" in pieces
    assert pieces[-1] == f"{ERASE}{RESTORE}"
    assert not status.thread.is_alive()


def test_the_line_is_cut_where_the_terminal_ends(trainer: Trainer) -> None:
    stream = Terminal()
    status = StatusLine(config(stream, column=40), trainer)
    status._write("x" * 100)
    assert stream.getvalue() == f"{SAVE} {'x' * 38}{ERASE}{RESTORE}"
    status.pytest_sessionfinish()


def test_nothing_is_shown_where_little_room_is_left(trainer: Trainer) -> None:
    stream = Terminal()
    status = StatusLine(config(stream, column=60), trainer)
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
    status = StatusLine(config(stream, capture), trainer)
    status._write("text")
    status.pytest_sessionfinish()
    assert not status.thread.is_alive()
    assert stream.getvalue() == ""


def test_the_debugger_has_the_terminal_to_itself(trainer: Trainer) -> None:
    status = StatusLine(config(Terminal()), trainer)
    status.pytest_enter_pdb()
    assert not status.thread.is_alive()


def test_the_line_says_how_many_seeds_are_done_and_how_long_the_others_take(
    trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = StatusLine(config(io.StringIO()), trainer)
    assert status.text() == "starting"
    status.doing = Doing("quick/learns", 3, 5, 12)
    assert status.text() == "quick/learns seed 3 epoch 5/12"
    monkeypatch.setattr(Trainer, "queued", 12)
    monkeypatch.setattr(Trainer, "finished", 4)
    status.started -= 100
    assert status.text() == "4/12 seeds, 3 min left; quick/learns seed 3 epoch 5/12"


@pytest.mark.parametrize(("seconds", "text"), [(8.6, "9 s"), (99, "99 s"), (150, "2 min")])
def test_durations_are_round(seconds: float, text: str) -> None:
    assert _duration(seconds) == text
