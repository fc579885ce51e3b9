"""What becomes of a finished run: the report folder, those beside it, and the history."""

import subprocess
from pathlib import Path

import pytest

from harness.report.run_folders import State, state
from harness.trend.database import FILE, opened
from harness.trend.run import RunRecord

TESTS = """
def train(seed):
    for epoch in range(3):
        yield {"loss": 0.1 / (1 + epoch)}


def test_one(convergence):
    convergence.check(train, at_most={"loss": 0.1})


def test_two(convergence):
    convergence.check(train, at_most={"loss": 0.1})
"""


class Project:
    """Two files with tests that train for no time."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.reports = pytester.path / "reports"
        for name in ("first", "second"):
            (pytester.path / f"test_{name}.py").write_text(TESTS, encoding="utf-8")

    def __call__(self, *arguments: str) -> pytest.RunResult:
        given = ("--convergence-workers=1", "-p", "no:cacheprovider", *arguments)
        return self.pytester.runpytest_inprocess(*given)

    def latest(self) -> str:
        return (self.reports / "latest/results.json").read_text(encoding="utf-8")

    def beside(self) -> list[State]:
        return sorted(state(path.parent) for path in self.reports.glob("2*/results.json"))

    def recorded(self, file: str = f"reports/{FILE}") -> list[RunRecord]:
        with opened(self.pytester.path / file, make=False) as history:
            return history.runs()


@pytest.fixture
def project(pytester: pytest.Pytester) -> Project:
    return Project(pytester)


def test_a_complete_run_replaces_the_one_before_which_is_kept_and_a_selection_does_not(
    project: Project,
) -> None:
    project()
    first = project.latest()
    project("-k", "one")
    assert project.latest() == first
    project()
    assert project.latest() != first
    assert project.beside() == ["complete", "selection"]
    assert first in [path.read_text(encoding="utf-8") for path in project.reports.glob("2*/*.json")]
    assert len(project.recorded()) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    "selection", [("-k", "one"), ("test_first.py",), ("test_first.py::test_one",)]
)
def test_a_selection_writes_beside_the_complete_run_and_is_not_recorded(
    project: Project, selection: tuple[str, ...]
) -> None:
    project()
    complete = project.latest()
    result = project(*selection)
    assert project.latest() == complete
    assert len(project.recorded()) == 1
    assert project.beside() == ["selection"]
    stays = "the last complete run stays in reports/latest"
    result.stdout.fnmatch_lines(["reports: *reports/2*/convergence.html *", stays])


@pytest.mark.slow
def test_a_run_that_was_stopped_replaces_no_complete_one_and_can_go_on(project: Project) -> None:
    project()
    complete = project.latest()
    broken = TESTS + "\n\ndef test_stops():\n    import pytest\n    pytest.exit('enough')\n"
    (project.pytester.path / "test_first.py").write_text(broken, encoding="utf-8")
    project()
    assert project.latest() == complete
    assert project.beside() == ["unfinished"]
    (project.pytester.path / "test_first.py").write_text(TESTS, encoding="utf-8")
    project("--convergence-resume")
    assert project.latest() != complete
    assert project.beside() == ["complete"]


@pytest.mark.slow
def test_until_a_run_was_complete_the_last_one_of_any_kind_lies_there(project: Project) -> None:
    project("-k", "one")
    assert state(project.reports / "latest") == "selection"
    project("-k", "two")
    assert "test_two" in project.latest()
    assert project.beside() == ["selection"]
    assert not (project.reports / FILE).exists()


@pytest.mark.slow
def test_as_many_complete_runs_are_kept_as_is_wanted(project: Project) -> None:
    project.pytester.makeini("[pytest]\nconvergence_keep_runs = 1\n")
    for _ in range(3):
        project()
    assert project.beside() == ["complete"]
    assert len(project.recorded()) == 3, "the history forgets none"


def test_a_run_is_recorded_with_its_commit(project: Project) -> None:
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org")
    for command in (("init", "-q"), ("add", "test_first.py"), ("commit", "-qm", "first")):
        subprocess.run([*git, *command], cwd=project.pytester.path, check=True)
    project()
    [run] = project.recorded()
    head = ("rev-parse", "HEAD")
    told = subprocess.check_output([*git, *head], cwd=project.pytester.path, text=True)
    assert (run.commit, run.modified) == (told.strip(), False)
    assert run.committed <= run.date
    (project.pytester.path / "test_first.py").write_text(TESTS + "\n", encoding="utf-8")
    project()
    assert [run.modified for run in project.recorded()] == [False, True]


def test_what_the_history_does_not_take_is_told_and_fails_nothing(project: Project) -> None:
    (project.pytester.path / "other.db").write_text("of somebody else", encoding="utf-8")
    result = project("--convergence-history=other.db")
    assert result.ret == pytest.ExitCode.OK
    told = "warning: this run is not in the history: *other.db is no history: *"
    result.stdout.fnmatch_lines([told])
    assert state(project.reports / "latest") == "complete"


@pytest.mark.slow
def test_no_history_is_kept_where_none_is_wanted(project: Project) -> None:
    project.pytester.makeini("[pytest]\nconvergence_history = off\n")
    project()
    assert {path.name for path in project.reports.iterdir()} == {"latest"}


@pytest.mark.slow
def test_a_report_folder_of_ones_own_gets_its_history_within(project: Project) -> None:
    project("--convergence-report-dir=mine")
    assert len(project.recorded(f"mine/{FILE}")) == 1
    assert not project.reports.exists()
    assert not list(project.pytester.path.glob("*.sqlite"))


def test_a_suite_that_trains_nothing_gets_no_file(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(): pass")
    pytester.runpytest_inprocess("-p", "no:cacheprovider")
    assert {path.suffix for path in Path(pytester.path).iterdir()} <= {".py", ""}
    assert not (pytester.path / "reports").exists()
