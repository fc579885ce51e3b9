"""A user's own training under the gate, through the `convergence` fixture."""

import json
from typing import Any

import pytest

TRAINER = """
import random

SLOW = 1.0

def train(seed):
    '''A loss that halves every two epochs or so, and an accuracy that follows it.'''
    draws = random.Random(seed)
    loss = 1.0
    for epoch in range(40):
        loss *= 1 - SLOW * (0.25 + 0.1 * draws.random())
        yield {"loss": loss, "accuracy": 1 - loss}
"""

LEARNS = (
    TRAINER
    + """

def test_it_learns(convergence):
    outcome = convergence.check(train, at_least={"accuracy": 0.9}, hold=2)
    assert outcome.converged == 12
"""
)


class Project:
    """A project of the user's, in an empty folder."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester

    def write(self, text: str, name: str = "test_mine") -> None:
        (self.pytester.path / f"{name}.py").write_text(text, encoding="utf-8")

    def run(self, *arguments: str, workers: int = 1) -> pytest.RunResult:
        """Run here where the test process trains: in a process of its own only with workers."""
        given = [f"--convergence-workers={workers}", "-p", "no:cacheprovider", *arguments]
        if workers == 1:
            return self.pytester.runpytest_inprocess(*given)
        return self.pytester.runpytest_subprocess(*given)

    def cases(self) -> list[dict[str, Any]]:
        text = (self.pytester.path / "reports/latest/results.json").read_text(encoding="utf-8")
        cases: list[dict[str, Any]] = json.loads(text)["cases"]
        return cases


@pytest.fixture
def project(pytester: pytest.Pytester) -> Project:
    return Project(pytester)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_function_that_yields_metrics_is_trained_judged_and_reported(
    project: Project, workers: int
) -> None:
    project.write('"""Does mine learn?"""\n' + LEARNS)
    project.run(workers=workers).assert_outcomes(passed=1)
    (case,) = project.cases()
    assert (case["id"], case["backend"], case["outcome"]) == (
        "test_mine/test_it_learns",
        "own",
        "pass",
    )
    assert case["question"] == "Does mine learn?"
    assert all(5 < epochs < 12 for epochs in case["epochs_to_converge"])


def test_a_report_folder_that_cannot_be_used_is_told_without_a_traceback_of_ours(
    project: Project,
) -> None:
    project.write(LEARNS)
    (project.pytester.path / "taken").touch()
    result = project.run("--convergence-report-dir=taken")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["--convergence-report-dir: cannot write reports to taken: *"])
    result.stdout.no_fnmatch_line("*checks.py*")


def test_the_curve_of_a_failure_fits_80_columns_with_its_numbers(project: Project) -> None:
    project.write(
        """
def train(seed):
    for epoch in range(120):
        yield {"loss": 0.00123 / (epoch + 1 if seed % 2 else 10 ** (epoch / 10))}


def test_it_learns(convergence):
    convergence.check(train, at_most={"loss": 0.000000001})
"""
    )
    # under CI pytest's summary holds the whole message, so the line stands there once more
    (curve,) = {line for line in project.run().outlines if line.startswith("loss  ")}
    assert "120 epochs, converged at " in curve
    assert len(curve) <= 80


def test_workers_and_the_test_process_train_the_same_numbers(project: Project) -> None:
    project.write(LEARNS)
    project.run(workers=1)
    (here,) = project.cases()
    project.run(workers=2)
    (there,) = project.cases()
    assert [run["train_loss"] for run in here["runs"]] == [
        run["train_loss"] for run in there["runs"]
    ]


def test_a_claim_that_does_not_hold_fails_its_test_with_the_reason_and_no_traceback_of_ours(
    project: Project,
) -> None:
    project.write(LEARNS.replace("SLOW = 1.0", "SLOW = 0.05"))
    result = project.run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["0/12 seeds converged, though claimed to converge*"])
    result.stdout.no_fnmatch_line("*fixture.py*")
    result.stdout.fnmatch_lines(["loss    █* 0.9* to 0.*, 40 epochs"])


def test_a_crash_shows_the_users_own_traceback(project: Project) -> None:
    project.write(LEARNS.replace("loss *= 1", "loss *= missing"))
    result = project.run(workers=2)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*seed 0: NameError: name 'missing' is not defined*", '*test_mine.py", line *, in train']
    )
    result.stdout.no_fnmatch_line("*generator.py*")
    assert "test_mine.py" in project.cases()[0]["runs"][0]["traceback"]


def test_what_lies_in_a_closure_that_cannot_be_sent_is_trained_here_and_said_so(
    project: Project,
) -> None:
    project.write(
        TRAINER
        + """
import threading

def test_it_learns(convergence):
    lock = threading.Lock()
    def locked(seed):
        with lock:
            yield from train(seed)
    convergence.check(locked, at_least={"accuracy": 0.9})
"""
    )
    project.run(workers=2).assert_outcomes(passed=1)
    assert "Trained in the test process" in project.cases()[0]["note"]


def test_an_accepted_training_is_the_same_later_and_a_slower_one_is_refused(
    project: Project,
) -> None:
    project.write(LEARNS)
    project.run("--convergence-baseline=update").assert_outcomes(passed=1)
    assert (project.pytester.path / "__baselines__/test_mine.own-cpu.json").is_file()
    project.run().assert_outcomes(passed=1)
    assert project.cases()[0]["baseline"]["status"] == "same"
    project.write(LEARNS.replace("SLOW = 1.0", "SLOW = 0.8"))
    result = project.run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["trains * slower than accepted (*"])


def test_classes_parameters_and_several_checks_have_names_of_their_own(project: Project) -> None:
    project.write(
        TRAINER
        + """
import unittest
import pytest

class TestMine:
    @pytest.mark.parametrize("level", [0.5, 0.9])
    def test_it(self, convergence, level):
        convergence.check(train, at_least={"accuracy": level})
        convergence.check(train, at_most={"loss": level}, name="loss")

class TestOld(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _asked(self, convergence):
        self.convergence = convergence

    def test_old(self):
        self.convergence.check(train, at_least={"accuracy": 0.9})
"""
    )
    project.run().assert_outcomes(passed=3)
    assert [case["case"] for case in project.cases()] == [
        "TestMine.test_it-0.5",
        "TestMine.test_it-0.5-.loss",
        "TestMine.test_it-0.9",
        "TestMine.test_it-0.9-.loss",
        "TestOld.test_old",
    ]


def test_two_checks_of_one_name_are_refused(project: Project) -> None:
    project.write(LEARNS + "    convergence.check(train, at_most={'loss': 0.5})\n")
    result = project.run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*this test has checked * already: give each check a name*"])


def test_it_works_under_xdist(project: Project) -> None:
    project.write(LEARNS)
    project.write(LEARNS, "test_other")
    project.pytester.runpytest_subprocess("-n", "2", "-p", "no:cacheprovider").assert_outcomes(
        passed=2
    )
    assert sorted(case["id"] for case in project.cases()) == [
        "test_mine/test_it_learns",
        "test_other/test_it_learns",
    ]


def test_a_resumed_run_trains_no_finished_seed_again_unless_the_code_changed(
    project: Project,
) -> None:
    counted = LEARNS.replace(
        "    draws =", "    with open(f'trained-{seed}', 'a') as log: log.write('x')\n    draws ="
    )
    trained = project.pytester.path / "trained-0"
    project.write(counted)
    project.run()
    project.run("--convergence-resume").assert_outcomes(passed=1)
    assert trained.read_text() == "x"
    project.write(counted.replace("0.25", "0.26"))
    project.run("--convergence-resume").assert_outcomes(passed=1)
    assert trained.read_text() == "xx"


def test_neither_torch_nor_another_framework_is_imported_for_it_whether_it_learns_or_not(
    project: Project,
) -> None:
    project.write(
        LEARNS
        + """
    import sys
    import pytest

    with pytest.raises(pytest.fail.Exception, match="still improving"):
        convergence.check(train, at_least={"accuracy": 2.0}, seeds=2, name="fails")
    assert not {"torch", "jax", "keras"} & sys.modules.keys()
"""
    )
    project.pytester.runpytest_subprocess("--convergence-workers=1").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("42, at_least={'a': 1}", "train must be a function of a seed that yields metrics"),
        ("train", "give at_least or at_most"),
        ("train, at_least=0.9", "at_least must be a mapping"),
        ("train, at_least={'a': float('nan')}", "must be a finite number, got nan"),
        ("train, at_least={'a': 1}, hold=0", "hold must be a whole number from 1, got 0"),
        ("train, at_least={'a': 1}, hold=3, budget=2", "does not fit into a budget of 2"),
        ("train, at_least={'a': 1}, seeds=9, most_seeds=8", "must not be below seeds"),
        ("train, at_least={'a': 1}, expect='learns'", "expect must be one of converges, fails"),
        ("train, at_least={'a': 1}, rate=1", "rate must lie between 0.5 and 1"),
        ("train, at_least={'a': 1}, margin=-1", "margin must lie from 0 to below 1"),
    ],
)
def test_arguments_that_cannot_be_used_are_told_before_anything_is_trained(
    pytester: pytest.Pytester, arguments: str, told: str
) -> None:
    pytester.makepyfile(
        TRAINER + f"\n\ndef test_it(convergence):\n    convergence.check({arguments})\n"
    )
    result = pytester.runpytest("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    assert told in result.stdout.str()
