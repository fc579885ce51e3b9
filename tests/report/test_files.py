import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.report import add, check_writable, read, write
from harness.results.outcome import Outcome

Make = Callable[..., Outcome]
Cases = Callable[..., list[Outcome]]


def test_every_format_is_written(tmp_path: Path, learning_rate: Cases) -> None:
    write(tmp_path / "new" / "folder", {}, learning_rate())
    found = {
        path.relative_to(tmp_path / "new" / "folder").as_posix() for path in tmp_path.rglob("*.*")
    }
    assert found == {
        "results.json",
        "convergence.md",
        "convergence.csv",
        "convergence.html",
    }


def test_a_write_that_fails_half_way_leaves_the_old_files(
    tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {}, [make()])
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}

    def full(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path, {}, [make(note="changed"), make("other")])
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == before


def test_what_did_not_change_is_not_written_again(tmp_path: Path, make: Make) -> None:
    first = make()
    write(tmp_path, {}, [first])
    for path in tmp_path.rglob("*.*"):
        os.utime(path, (0, 0))
    write(tmp_path, {}, [first, make("second")])
    touched = {path.name for path in tmp_path.rglob("*.*") if path.stat().st_mtime > 0}
    assert touched == {
        "results.json",
        "convergence.md",
        "convergence.csv",
        "convergence.html",
    }


def test_written_files_can_be_read_by_others(tmp_path: Path, make: Make) -> None:
    reference = tmp_path / "reference"
    reference.touch()
    write(tmp_path, {}, [make()])
    assert (tmp_path / "results.json").stat().st_mode == reference.stat().st_mode


def test_a_place_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    reason = check_writable(tmp_path / "file" / "reports")
    assert reason is not None
    assert reason.startswith(f"cannot write reports to {tmp_path}/file/reports: Not a directory")
    assert "\n" not in reason


def test_only_a_folder_in_the_place_of_a_report_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "v1.2").mkdir()
    assert check_writable(tmp_path) is None
    (tmp_path / "convergence.md").mkdir()
    assert check_writable(tmp_path) == (
        f"cannot write reports to {tmp_path}: convergence.md is a folder"
    )


def test_a_place_that_can_be_written_is_left_empty(tmp_path: Path) -> None:
    assert check_writable(tmp_path / "reports") is None
    assert [path.name for path in tmp_path.rglob("*")] == ["reports"]


def test_reporting_imports_no_torch_and_no_scipy() -> None:
    code = "import sys, harness.report; print({'torch', 'scipy'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_cases_that_finished_since_the_last_writing_are_read_too(
    tmp_path: Path, make: Make
) -> None:
    first, second = make(), make("second")
    write(tmp_path, {"cores": 2}, [first])
    add(tmp_path, second)
    with (tmp_path / "finished.jsonl").open("a") as file:
        file.write('{"cases": {"scen')  # killed while it wrote
    assert read(tmp_path) == ({"cores": 2}, [first, second])
    write(tmp_path, {"cores": 2}, [first, second])
    assert not (tmp_path / "finished.jsonl").exists()
