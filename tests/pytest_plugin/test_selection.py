"""Checks of the fixture under the ways in which people select, distribute and write their tests."""

import pytest

from tests.pytest_plugin.test_fixture import TRAINER, Project, project

__all__ = ["project"]

SEVERAL = (
    (
        TRAINER
        + """
import pytest, unittest

def check(convergence, slow=1.0, **claim):
    convergence.check(lambda seed: train(seed, slow), seeds=2, rate=0.6, **claim)

def test_good(convergence):
    check(convergence, at_least={"accuracy": 0.9})

def test_bad(convergence):
    check(convergence, slow=1e-4, at_least={"accuracy": 0.9})

class TestMine:
    @pytest.mark.parametrize("level", [0.5, 0.9])
    def test_it(self, convergence, level):
        check(convergence, at_least={"accuracy": level})

class TestOld(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _asked(self, convergence):
        self.convergence = convergence

    def test_levels(self):
        for level in (0.5, 0.9):
            with self.subTest(level=level):
                check(self.convergence, at_least={"accuracy": level}, name=f"level-{level}")
"""
    )
    .replace("def train(seed):", "def train(seed, slow=1.0):")
    .replace("1 - SLOW *", "1 - slow *")
)


def names(project: Project) -> list[str]:
    return sorted(case["case"] for case in project.cases())


def test_the_last_failed_alone_run_again(project: Project) -> None:
    project.write(SEVERAL)
    project.pytester.runpytest_inprocess("--convergence-workers=1", "-k", "good or bad")
    again = project.pytester.runpytest_inprocess("--convergence-workers=1", "--lf")
    again.assert_outcomes(failed=1)
    assert names(project) == ["test_bad"]


def test_a_class_and_a_parameter_are_selected_by_name(project: Project) -> None:
    project.write(SEVERAL)
    project.run("-k", "TestMine and 0.9").assert_outcomes(passed=1, deselected=4)
    assert names(project) == ["TestMine.test_it-0.9"]


def test_a_check_in_a_subtest_is_reported_once(project: Project) -> None:
    project.write(SEVERAL)
    assert project.run("-k", "TestOld").ret is pytest.ExitCode.OK
    assert names(project) == ["TestOld.test_levels.level-0.5", "TestOld.test_levels.level-0.9"]


def test_all_that_passes_fails_or_has_subtests_crosses_the_processes_of_xdist(
    project: Project,
) -> None:
    project.write(SEVERAL)
    result = project.pytester.runpytest_subprocess("-n", "2", "-p", "no:cacheprovider")
    assert result.ret is pytest.ExitCode.TESTS_FAILED
    outcomes = {case["case"]: case["outcome"] for case in project.cases()}
    assert outcomes == {
        "test_good": "pass",
        "test_bad": "fail",
        "TestMine.test_it-0.5": "pass",
        "TestMine.test_it-0.9": "pass",
        "TestOld.test_levels.level-0.5": "pass",
        "TestOld.test_levels.level-0.9": "pass",
    }
