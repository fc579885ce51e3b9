"""`harness ci` as a user meets it: a small git project with a change in its optimizer's step."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.cli.exits import BAD_INPUT, OK, REGRESSION
from harness.cli.main import main
from harness.report import write
from tests.canned import outcome

ROOT = Path(__file__).parents[3]

PYPROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "mylib"
version = "1"
[tool.setuptools.packages.find]
where = ["src"]
"""

STEP = """
def step(weight, gradient):
    return weight - 0.5 * gradient
"""

LEARNS = """
import random
from mylib import step

def train(seed):
    draws, weight = random.Random(seed), 0.0
    target = 1 + draws.random()
    for epoch in range(60):
        weight = step(weight, weight - target + 0.01 * draws.gauss(0, 1))
        yield {"loss": (weight - target) ** 2}

def test_it_learns(convergence):
    convergence.check(train, at_most={"loss": 1e-3})

def test_of_something_else():
    raise AssertionError("ordinary tests are not run")
"""

Text = pytest.CaptureFixture[str]


class Project:
    """A git checkout with a library in ``src``, and a test that trains by its step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "main")
        self.commit({"src/mylib/__init__.py": STEP, "tests/test_learns.py": LEARNS})

    def git(self, *arguments: str) -> str:
        who = ["-c", "user.email=a@example.org", "-c", "user.name=a"]
        ran = subprocess.run(
            ["git", *who, *arguments], cwd=self.folder, check=True, capture_output=True, text=True
        )
        return ran.stdout

    def commit(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "change")

    def break_the_step(self) -> None:
        self.commit({"src/mylib/__init__.py": STEP.replace("0.5", "0.3")})


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Project(folder)


def left_over(project: Project) -> list[str]:
    trees = project.git("worktree", "list").splitlines()[1:]
    temporary = project.folder.parent / "temporary"
    return [*trees, *(str(each) for each in temporary.glob("harness-ci-*"))]


def test_outside_of_git_it_says_what_it_compares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Text
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["ci", "main"]) == BAD_INPUT
    assert "is in no git checkout" in capsys.readouterr().err


def test_an_unknown_revision_is_named(project: Project, capsys: Text) -> None:
    for name in ("nowhere", "HEAD:src", "HEAD~9"):
        assert main(["ci", name]) == BAD_INPUT
        assert capsys.readouterr().err == f"{name}: no such revision\n"
    assert left_over(project) == []


def test_a_shallow_clone_is_told_to_fetch(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Text
) -> None:
    project.break_the_step()
    project.git("clone", "-q", "--depth", "1", f"file://{project.folder}", str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    assert main(["ci", "HEAD~1"]) == BAD_INPUT
    assert "fetch-depth: 0" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_told_before_anything_is_trained(
    project: Project, capsys: Text
) -> None:
    assert main(["ci", "HEAD", "--markdown", "none/at/all.md"]) == BAD_INPUT
    assert capsys.readouterr().err == "--markdown none/at/all.md: No such file or directory\n"
    assert main(["ci", "HEAD", "--markdown", "."]) == BAD_INPUT
    assert capsys.readouterr().err == "--markdown .: is a folder\n"
    (project.folder / "taken").write_text("an earlier answer", encoding="utf-8")
    own = ["--report-dir", "taken", "--markdown", "taken"]
    assert main(["ci", "HEAD", *own]) == BAD_INPUT
    told = capsys.readouterr().err.splitlines()
    assert told[-1] == "--report-dir: cannot write reports to taken: File exists (taken)"
    assert (project.folder / "taken").read_text(encoding="utf-8") == "an earlier answer"


@pytest.mark.slow
def test_a_broken_step_is_a_regression_and_the_checkout_stays_as_it_is(
    project: Project, tmp_path: Path, capfd: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.break_the_step()
    draft = project.folder / "src/mylib/__init__.py"
    draft.write_text("not committed", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    assert main(["ci", "HEAD~1", "--json", "--markdown", str(tmp_path / "x.md")]) == REGRESSION
    out, err = capfd.readouterr()
    told = json.loads(out)
    assert [(case["case"], case["change"]) for case in told["cases"]] == [
        ("tests/test_learns/test_it_learns", "worse")
    ]
    assert "1 file with uncommitted changes" in err
    written = (tmp_path / "x.md").read_text(encoding="utf-8")
    assert written.startswith("# Convergence: HEAD (")
    assert (tmp_path / "summary.md").read_text(encoding="utf-8") == written
    assert draft.read_text(encoding="utf-8") == "not committed"
    assert project.git("status", "--porcelain").split() == ["M", "src/mylib/__init__.py"]
    assert left_over(project) == []


@pytest.mark.slow
def test_the_same_revision_twice_is_identical_in_a_subfolder_too(
    project: Project, monkeypatch: pytest.MonkeyPatch, capfd: Text, tmp_path: Path
) -> None:
    monkeypatch.chdir(project.folder / "tests")
    kept = tmp_path / "kept"
    write(kept / "HEAD", {"run": "complete", "date": "2026-01-01"}, [outcome()])
    assert main(["ci", "HEAD", "--report-dir", str(kept), "--", "test_learns.py"]) == OK
    assert capfd.readouterr().out.startswith("identical: 1 case trained bit for bit as in HEAD")
    assert (kept / "HEAD" / "convergence.html").is_file()


@pytest.mark.slow
def test_an_installed_editable_project_does_not_win_over_the_revision(
    project: Project, tmp_path: Path, capfd: Text
) -> None:
    """Both kinds: a path in a ``.pth`` file, and a finder of setuptools."""
    project.commit({"pyproject.toml": PYPROJECT})
    project.break_the_step()
    for mode in ("compat", "strict"):
        venv = tmp_path / mode
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
        python = venv / "bin" / "python"
        (packages,) = venv.glob("lib/*/site-packages")
        shared = [path for path in sys.path if path.endswith("site-packages")]
        (packages / "shared.pth").write_text("\n".join([*shared, str(ROOT)]), encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps"]
        options = ["--no-build-isolation", "--config-settings", f"editable_mode={mode}"]
        subprocess.run([*pip, *options, "-e", str(project.folder)], check=True)
        command = [str(python), "-m", "harness", "ci", "HEAD~1", "--json"]
        ran = subprocess.run(command, check=False, capture_output=True, text=True)
        assert ran.returncode == REGRESSION, ran.stderr
        assert json.loads(ran.stdout)["cases"][0]["change"] == "worse"


@pytest.mark.slow
def test_code_of_the_checkout_that_is_trained_all_the_same_is_refused(
    project: Project, capfd: Text
) -> None:
    elsewhere = f"import sys\nsys.path.insert(0, {str(project.folder / 'src')!r})\n"
    project.commit({"conftest.py": elsewhere})
    project.break_the_step()
    assert main(["ci", "HEAD~1"]) == BAD_INPUT
    assert "mylib was imported from your checkout, not from the revision" in capfd.readouterr().err


@pytest.mark.slow
def test_a_revision_without_a_convergence_test_is_named(project: Project, capfd: Text) -> None:
    project.commit({"tests/test_learns.py": "def test_of_something_else(): pass\n"})
    project.commit({"tests/test_learns.py": LEARNS})
    assert main(["ci", "HEAD~1"]) == BAD_INPUT
    assert "BASE HEAD~1 (" in (told := capfd.readouterr().err)
    assert "has no convergence test" in told
    project.commit({"tests/test_learns.py": "import nowhere\n"})
    assert main(["ci", "HEAD~1"]) == BAD_INPUT
    told = capfd.readouterr().err.splitlines()[-1]
    assert told.endswith("pytest ended with exit code 2 before it was done, see above")
    assert left_over(project) == []


@pytest.mark.slow
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_leaves_nothing_behind(
    project: Project, sent: signal.Signals, code: int
) -> None:
    project.commit(
        {"tests/test_learns.py": LEARNS.replace("yield", "__import__('time').sleep(9); yield")}
    )
    command = [sys.executable, "-m", "harness", "ci", "HEAD"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as ran:
        assert ran.stderr is not None
        while not left_over(project):
            time.sleep(0.1)
        time.sleep(1)
        ran.send_signal(sent)
        told = ran.stderr.read()
    assert ran.returncode == code
    assert "Traceback" not in told
    assert left_over(project) == []
