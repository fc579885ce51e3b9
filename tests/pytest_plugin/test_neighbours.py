"""The plugin in other people's suites: one that never asks for it must not notice it."""

import re
import sys

import pytest

from tests.pytest_plugin.runner import Runner

PLAIN_OPTIONS = """
def pytest_addoption(parser):
    parser.addoption("--device", default=None, action="store", help="Device to be emulated.")
    parser.addoption("--backend", default="postgres")
    parser.addoption("--seeds", type=int, default=7)
    parser.addoption("--workers", default="gevent")
    parser.addoption("--executor", default="k8s")
    parser.addoption("--resume", action="store_true")
    parser.addoption("--baseline", default="main")
    parser.addoption("--reason", default="")
    parser.addoption("--probes", default="liveness")
    parser.addoption("--report-dir", default="html")
"""
"""`--device` is declared as pytest-playwright 0.9 declares it."""

FOREIGN_TESTS = """
import unittest

class TestTheirs(unittest.TestCase):
    def test_theirs(self):
        self.assertTrue(True)
"""

QUIZ = 'question = "What is two and two?"\n[[case]]\nanswer = 4\n'
HEAVY = "'torch', 'numpy', 'scipy', 'pydantic', 'loky', 'tabulate', 'jinja2'"


def test_options_of_others_with_our_plain_names_keep_their_values_beside_ours(
    runner: Runner,
) -> None:
    runner.scenario()
    runner.pytester.makeconftest(PLAIN_OPTIONS)
    runner.pytester.makepyfile(
        "def test_theirs(pytestconfig):\n"
        "    assert pytestconfig.getoption('device') == 'iPhone 13'\n"
        "    assert pytestconfig.getoption('seeds') == 7\n"
    )
    own = ("--device=iPhone 13", "--backend=sqlite", "--resume", "--report-dir=theirs")
    ours = ("--convergence-device=cpu", "--convergence-seeds=12", "--convergence-report-dir=ours")
    result = runner(".", "scenarios", *own, *ours, "-k", "theirs or train and frozen")
    result.assert_outcomes(passed=2)
    assert [case["seeds"] for case in runner.cases("ours")] == [12]


def test_a_project_that_never_asks_sees_the_same_output_and_pays_no_import(runner: Runner) -> None:
    runner.pytester.makepyfile(test_theirs=FOREIGN_TESTS)
    runner.pytester.makepyprojecttoml('[tool.pytest.ini_options]\naddopts = ""\n')
    (runner.pytester.path / "quiz.toml").write_text(QUIZ, encoding="utf-8")
    (runner.folder / "load.toml").write_text('[model]\nkind = "users"\n', encoding="utf-8")
    strict = "'--strict-markers', '--strict-config', '-Werror'"
    command = f"import sys, pytest; code = pytest.main(['.', '-v', {strict}, *sys.argv[1:]])"
    seen = f"; print('heavy:', sorted({{{HEAVY}}} & sys.modules.keys())); sys.exit(code)"

    def lines(*options: str) -> list[str]:
        result = runner.pytester.run(sys.executable, "-c", command + seen, *options)
        assert result.ret == pytest.ExitCode.OK
        assert "heavy: []" in result.outlines
        return [re.sub(r"in \d+\.\d+s", "", line) for line in result.outlines]

    with_us, without = lines(), lines("-p", "no:harness")
    assert [line for line in with_us if not line.startswith("plugins:")] == [
        line for line in without if not line.startswith("plugins:")
    ]
    assert not (runner.pytester.path / "reports").exists()


def test_a_mark_of_our_name_on_another_s_test_begins_nothing(runner: Runner) -> None:
    runner.pytester.makepyfile(
        "import pytest\n@pytest.mark.convergence\ndef test_theirs():\n    pass\n"
    )
    runner().assert_outcomes(passed=1)
    assert not (runner.pytester.path / "reports").exists()


def test_without_pytest_benchmark_cases_are_trained_and_only_not_timed(runner: Runner) -> None:
    runner.scenario()
    result = runner("scenarios", "-p", "no:benchmark", "-k", "frozen or time", "-rs")
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["*not measured: pytest-benchmark is not in use*"])


@pytest.mark.slow
def test_without_capture_terminal_or_cache_a_scenario_still_runs(runner: Runner) -> None:
    runner.scenario()
    without = [
        word for name in ("capture", "terminal", "cacheprovider") for word in ("-p", f"no:{name}")
    ]
    result = runner.alone("scenarios", "-k", "frozen", *without)
    assert result.ret == pytest.ExitCode.OK
    assert [case["outcome"] for case in runner.cases()] == ["pass"]


def test_every_option_is_an_ini_key_that_the_command_line_overrides(runner: Runner) -> None:
    runner.scenario()
    runner.pytester.makeini(
        """
        [pytest]
        convergence_backend = ensemble
        convergence_device = cpu
        convergence_seeds = 13
        convergence_workers = 1
        convergence_executor = local
        convergence_resume = false
        convergence_baseline = require
        convergence_reason = because
        convergence_probes = off
        convergence_report_dir = named/in/ini
        """
    )
    options = ("scenarios", "-k", "frozen", "--convergence-baseline=off")
    runner.pytester.runpytest_inprocess(*options).assert_outcomes(passed=1)
    [case] = runner.cases("named/in/ini")
    assert (case["backend"], case["seeds"], case["probes"]) == ("ensemble", 13, [])
    runner.pytester.runpytest_inprocess(*options, "--convergence-seeds=12")
    assert [case["seeds"] for case in runner.cases("named/in/ini")] == [12]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("convergence_seeds", "none", "must be *, got 'none'"),
        ("convergence_probes", "some", "must be *, got 'some'"),
        ("convergence_backend", "", "is empty: *"),
        ("convergence_report_dir", "", "is empty: *"),
    ],
)
def test_an_ini_value_that_no_option_takes_is_a_usage_error_that_names_the_file(
    runner: Runner, key: str, value: str, told: str
) -> None:
    runner.pytester.makeini(f"[pytest]\n{key} = {value}\n")
    result = runner.pytester.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*tox.ini: {key}: {told}"])


def test_an_ini_value_that_cannot_be_used_here_stops_scenarios_and_nothing_else(
    runner: Runner,
) -> None:
    runner.scenario()
    runner.pytester.makeini("[pytest]\nconvergence_device = cuda:7\n")
    runner.pytester.makepyfile("def test_theirs():\n    pass\n")
    runner.pytester.runpytest_inprocess("-k", "theirs").assert_outcomes(passed=1)
    result = runner("scenarios", "-k", "train")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*backend eager: PyTorch * finds no cuda:7 device*"])


def test_under_xdist_the_ini_file_counts_too(runner: Runner) -> None:
    runner.scenario()
    runner.pytester.makeini("[pytest]\nconvergence_seeds = 13\nconvergence_report_dir = theirs\n")
    options = ("scenarios", "-k", "frozen", "-n1", "-Wignore")
    runner.pytester.runpytest_subprocess(*options).assert_outcomes(passed=1)
    assert [case["seeds"] for case in runner.cases("theirs")] == [13]
