"""Git says which commit results were made at; nothing where there is none."""

import subprocess
from pathlib import Path

import pytest

from harness.results.revision import commit_date, revision


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("one", encoding="utf-8")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "file"], ["commit", "-qm", "one"], ["tag", "v1.2"]):
        subprocess.run([*git, *command], check=True)
    return tmp_path


def test_a_commit_has_its_hash_and_date_and_says_whether_files_differ(repository: Path) -> None:
    clean = revision(repository)
    assert set(clean) == {"commit", "committed"}
    assert len(clean["commit"]) == 40
    (repository / "new").touch()
    assert revision(repository) == clean, "a file that git does not know changes nothing"
    (repository / "file").write_text("two", encoding="utf-8")
    assert revision(repository) == clean | {"modified": "yes"}


def test_a_tag_and_a_commit_have_the_date_of_the_commit(repository: Path) -> None:
    known = revision(repository)
    assert commit_date("v1.2", repository) == known["committed"]
    assert commit_date(known["commit"][:10], repository) == known["committed"]


@pytest.mark.parametrize("name", ["v9", "--all", "", "a b", "HEAD:file", "\x00"])
def test_what_is_no_commit_has_no_date(repository: Path, name: str) -> None:
    assert commit_date(name, repository) is None


def test_outside_a_repository_and_without_git_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert revision(tmp_path) == {}
    monkeypatch.setenv("PATH", "")
    assert revision(tmp_path) == {}
    assert commit_date("HEAD", tmp_path) is None


def test_a_hook_of_another_checkout_does_not_answer_for_this_one(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = revision(repository)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "another" / ".git"))
    assert revision(repository) == known
