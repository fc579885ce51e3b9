from pathlib import Path

import pytest

from harness.execution import progress
from harness.execution.progress import Doing, earliest, notes
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
