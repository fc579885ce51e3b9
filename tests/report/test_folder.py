"""One run a report folder; a complete one stays there until another one is complete."""

import json
from pathlib import Path

import pytest
from filelock import FileLock

from harness.report import folder as module
from harness.report import run_folders
from harness.report.folder import FolderInUseError, alone, hold
from harness.report.run_folders import (
    KEPT,
    LOCK,
    State,
    covers,
    forget_the_oldest,
    publish,
    set_aside,
    state,
)

FILES = ("journal.jsonl", "journal-gw1.jsonl", "results.json", "convergence.md")
DATE = "2026-01-02T03:04:05+00:00"
OF_THAT_DATE = "20260102-030405"


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)


@pytest.fixture
def latest(tmp_path: Path) -> Path:
    folder = tmp_path / "reports" / "latest"
    folder.mkdir(parents=True)
    return folder


def ran(folder: Path, what: State = "unfinished", text: str = "", date: str = DATE) -> Path:
    """Leave what a run writes, ``text`` in its journal."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (folder / name).write_text(text)
    results = {"environment": {"date": date, "run": what}, "cases": [{"node": "a.toml::train[b]"}]}
    (folder / "results.json").write_text(json.dumps(results))
    return folder


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name not in (".lock", ".run")}


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
    assert names(tmp_path) == set(FILES)
    held.release()


@pytest.mark.parametrize("what", ["complete", "unfinished"])
def test_processes_of_one_run_write_to_one_place(latest: Path, what: State) -> None:
    ran(latest, what)
    controller = hold(latest, "run", resumes=False)
    worker = hold(latest, "run", resumes=False)
    assert (worker.path, worker.left) == (controller.path, controller.left)
    controller.release()


def test_a_worker_that_replaces_the_first_one_puts_nothing_away(latest: Path) -> None:
    hold(latest, "run", resumes=False).release()
    ran(latest)
    assert hold(latest, "run", resumes=False).path == latest
    assert names(latest) == set(FILES)


def test_a_run_after_an_unfinished_one_begins_with_an_empty_folder_and_that_can_go_on(
    latest: Path,
) -> None:
    ran(latest, text="of an earlier run")
    held = hold(latest, "run", resumes=False)
    assert held.path == latest
    assert names(latest) == set()
    assert held.left == latest.parent / OF_THAT_DATE
    assert names(held.left) == set(FILES)
    held.release()
    again = hold(held.left, "another", resumes=True)
    assert (again.folder, again.path) == (held.left, held.left), "nothing is complete yet"
    assert (again.path / "journal.jsonl").read_text() == "of an earlier run"
    again.release()


def test_a_finished_selection_is_kept_and_nobody_is_told_to_go_on_with_it(latest: Path) -> None:
    ran(latest, "selection")
    held = hold(latest, "run", resumes=False)
    assert held.left is None
    assert names(latest.parent) == {"latest", OF_THAT_DATE}
    held.release()


def test_a_run_after_a_complete_one_writes_beside_it_until_it_is_complete(latest: Path) -> None:
    ran(latest, "complete", "first")
    held = hold(latest, "run", resumes=False)
    assert held.path.parent == latest.parent
    assert held.path.name > OF_THAT_DATE
    ran(held.path, text="second", date="2026-02-02T00:00:00+00:00")
    assert state(latest) == "complete"
    publish(held.folder, held.path)
    held.release()
    assert (latest / "journal.jsonl").read_text() == "second"
    assert (latest.parent / OF_THAT_DATE / "journal.jsonl").read_text() == "first"
    assert names(latest.parent) == {"latest", OF_THAT_DATE}


def test_a_folder_of_any_other_name_keeps_other_runs_within_itself(tmp_path: Path) -> None:
    folder = ran(tmp_path / "mine", "complete")
    held = hold(folder, "run", resumes=False)
    assert held.path.parent == folder
    assert names(tmp_path) == {"mine"}
    held.release()


def test_publishing_leaves_nothing_of_the_run_before(latest: Path) -> None:
    ran(latest, "complete")
    (latest / "journal-gw7.jsonl").touch()
    (latest / "notes.txt").touch()
    run = ran(latest.parent / "20260303-000000", "complete")
    publish(latest, run)
    assert names(latest) == {*FILES, "notes.txt"}, "but what is not ours"


def test_a_run_that_resumes_leaves_what_is_there(latest: Path) -> None:
    ran(latest)
    held = hold(latest, "run", resumes=True)
    assert (held.path, held.left) == (latest, None)
    assert names(latest) == set(FILES)
    held.release()


def test_a_run_resumes_the_newest_that_was_not_finished_after_the_complete_one(
    latest: Path,
) -> None:
    ran(latest, "complete")
    ran(latest.parent / "20251231-000000", "unfinished")
    ran(latest.parent / "20260103-000000", "unfinished")
    wanted = ran(latest.parent / "20260104-000000", "unfinished")
    ran(latest.parent / "20260105-000000", "selection")
    (latest.parent / "20260106-000000").mkdir()  # killed before its first seed
    held = hold(latest, "run", resumes=True)
    assert held.path == wanted
    held.release()
    assert hold(wanted, "that one by name", resumes=True).folder == latest


def test_a_run_resumes_with_the_seeds_of_a_complete_one_which_stays(latest: Path) -> None:
    ran(latest, "complete", "seeds")
    held = hold(latest, "run", resumes=True)
    assert held.path != latest
    assert (held.path / "journal-gw1.jsonl").read_text() == "seeds"
    assert names(held.path) == {"journal.jsonl", "journal-gw1.jsonl"}
    held.release()


def test_older_runs_are_forgotten_and_one_that_goes_on_is_not(latest: Path) -> None:
    ran(latest, "complete")
    for number in range(1, 7):
        ran(latest.parent / f"2026010{number}-000000", "complete")
        ran(latest.parent / f"2026010{number}-120000", "selection")
    with FileLock(latest.parent / "20260101-000000" / LOCK):
        forget_the_oldest(latest, 2)
    kept = names(latest.parent) - {"latest"}
    complete = {"20260101-000000", "20260105-000000", "20260106-000000"}
    assert {each for each in kept if each.endswith("-000000")} == complete
    assert len(kept - complete) == KEPT


def test_what_is_not_ours_is_never_deleted(latest: Path) -> None:
    ours = ran(latest.parent / "20260101-000000", "complete")
    (ours / "notes.txt").write_text("why")
    theirs = latest.parent / "20260101-photos"
    theirs.mkdir()
    ran(latest.parent / "20260102-000000", "complete")
    forget_the_oldest(latest, 1)
    assert names(ours) == {"notes.txt"}
    assert theirs.is_dir()


def test_a_file_of_the_users_own_stays_where_reports_come_and_go(latest: Path) -> None:
    ran(latest, "complete")
    (latest / "convergence.py").write_text("theirs")
    publish(latest, ran(latest.parent / "20990101-000000", "complete"))
    assert "convergence.py" in names(latest)
    set_aside(latest)
    assert "convergence.py" in names(latest)


def test_a_run_that_leaves_out_a_file_of_the_complete_one_does_not_cover_it(
    latest: Path, tmp_path: Path
) -> None:
    ran(latest, "complete")
    (tmp_path / "a.toml").touch()
    assert covers(latest, {"a.toml", "b.toml"}, tmp_path)
    assert not covers(latest, {"b.toml"}, tmp_path)
    (tmp_path / "a.toml").unlink()
    assert covers(latest, {"b.toml"}, tmp_path), "it is gone"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "1", '{"environment": 1}', '{"environment": {}, "cases": 1}', "\ud800"]
)
def test_a_folder_whose_results_cannot_be_read_is_unfinished(tmp_path: Path, text: str) -> None:
    (tmp_path / "results.json").write_text(text, errors="surrogatepass")
    assert state(tmp_path) == "unfinished"
    assert covers(tmp_path, set(), tmp_path)


def test_two_runs_of_a_second_have_folders_of_their_own(latest: Path) -> None:
    made = {run_folders.new_run_folder(latest).name for _ in range(3)}
    assert len(made) == 3
    assert all(map(run_folders.is_run_folder, (latest.parent / each for each in made)))


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
