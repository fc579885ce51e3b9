"""One run a report folder; what an earlier one left stays, out of the way."""

from pathlib import Path

import pytest
from filelock import FileLock

from harness.report import folder as module
from harness.report.folder import COMPLETE, EARLIER, KEPT, LOCK, FolderInUseError, alone, hold

FILES = ("journal.jsonl", "journal-gw1.jsonl", "results.json", "convergence.md")


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)


def ran(folder: Path, text: str = "of an earlier run") -> None:
    for name in FILES:
        (folder / name).write_text(text)


def test_a_second_run_is_refused_with_what_to_do(tmp_path: Path) -> None:
    held = hold(tmp_path, "first", resumes=False)
    with pytest.raises(FolderInUseError, match=r"going on \(process \d+\): wait for it, or give"):
        hold(tmp_path, "second", resumes=True)
    held.release()
    hold(tmp_path, "second", resumes=False).release()


def test_a_second_run_touches_nothing_of_the_first(tmp_path: Path) -> None:
    held = hold(tmp_path, "first", resumes=False)
    ran(tmp_path)
    with pytest.raises(FolderInUseError):
        hold(tmp_path, "second", resumes=False)
    assert {path.name for path in tmp_path.iterdir()} == {*FILES, ".lock", ".run"}
    held.release()


def test_processes_of_one_run_share_the_folder(tmp_path: Path) -> None:
    ran(tmp_path)
    controller = hold(tmp_path, "run", resumes=False)
    ran(tmp_path, "of this run")
    worker = hold(tmp_path, "run", resumes=False)
    assert worker.set_aside == controller.set_aside is not None
    assert (tmp_path / "journal.jsonl").read_text() == "of this run"
    controller.release()


def test_a_worker_that_replaces_the_first_one_sets_nothing_aside(tmp_path: Path) -> None:
    hold(tmp_path, "run", resumes=False).release()
    ran(tmp_path)
    hold(tmp_path, "run", resumes=False).release()
    assert not (tmp_path / EARLIER).exists()


def test_a_run_begins_with_an_empty_folder_and_the_earlier_one_can_go_on(tmp_path: Path) -> None:
    ran(tmp_path)
    held = hold(tmp_path, "run", resumes=False)
    assert not any((tmp_path / name).exists() for name in FILES)
    assert held.set_aside is not None
    assert {path.name for path in held.set_aside.iterdir()} == set(FILES)
    held.release()
    again = hold(held.set_aside, "another", resumes=True)
    assert (held.set_aside / "journal.jsonl").read_text() == "of an earlier run"
    again.release()


def test_a_run_that_resumes_leaves_what_is_there(tmp_path: Path) -> None:
    ran(tmp_path)
    held = hold(tmp_path, "run", resumes=True)
    assert held.set_aside is None
    assert all((tmp_path / name).exists() for name in FILES)
    held.release()


def test_a_few_earlier_runs_are_kept_and_one_that_goes_on(tmp_path: Path) -> None:
    ran(tmp_path, "0")
    first = hold(tmp_path, "0", resumes=False)
    first.release()
    assert first.set_aside is not None
    with FileLock(first.set_aside / LOCK):
        for number in range(1, KEPT + 2):
            ran(tmp_path, str(number))
            hold(tmp_path, str(number), resumes=False).release()
    kept = sorted((path / "results.json").read_text() for path in (tmp_path / EARLIER).iterdir())
    assert kept == ["0", "2", "3", "4"]


def test_no_number_of_selections_replaces_the_last_complete_run(tmp_path: Path) -> None:
    ran(tmp_path, "complete")
    (tmp_path / COMPLETE).touch()
    for number in range(KEPT + 3):
        hold(tmp_path, str(number), resumes=False).release()
        ran(tmp_path, f"selection {number}")
    kept = [(path / "results.json").read_text() for path in (tmp_path / EARLIER).iterdir()]
    assert "complete" in kept
    assert len(kept) == KEPT + 1


def test_what_a_killed_run_was_writing_is_swept(tmp_path: Path) -> None:
    left = [tmp_path / ".results.json.123", tmp_path / ".convergence.md.123"]
    for path in left:
        path.touch()
    hold(tmp_path, "run", resumes=True).release()
    assert not any(path.exists() for path in left)


def test_nothing_is_rendered_into_the_folder_of_a_run(tmp_path: Path) -> None:
    held = hold(tmp_path, "run", resumes=False)
    with pytest.raises(FolderInUseError, match="wait for it"), alone(tmp_path):
        pass
    held.release()
    with alone(tmp_path / "new"):
        pass
    assert list((tmp_path / "new").iterdir()) == []
