import json
import xml.etree.ElementTree as ET

import pytest

from tests.pytest_plugin.runner import Runner


def test_true_claims_pass_and_the_reports_are_written(runner: Runner) -> None:
    runner.scenario()
    result = runner("scenarios")
    result.assert_outcomes(passed=3)
    folder = runner.pytester.path / "reports/latest"
    written = {path.name for path in folder.iterdir()}
    assert {"results.json", "convergence.md", "convergence.csv", "convergence.html"} <= written
    assert [(c["id"], c["outcome"], c["converged"]) for c in runner.cases()] == [
        ("quick/learns", "pass", 12),
        ("quick/frozen", "pass", 0),
    ]
    result.stdout.fnmatch_lines(["*frozen 0/12 -> learns 12/12*"])


def test_a_tampered_claim_fails_with_a_readable_reason(runner: Runner) -> None:
    runner.scenario(
        runner.quick.replace('"fails"\ndiagnosis = "learning_rate_too_low"', '"converges"')
    )
    result = runner("scenarios")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["0/12 seeds converged, though claimed to converge*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_failing_for_another_reason_than_the_stated_one_fails(runner: Runner) -> None:
    runner.scenario(runner.quick.replace("learning_rate_too_low", "overfitting"))
    result = runner("scenarios", "-k", "frozen")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "fails as claimed, but not for the stated reason overfitting: learning_rate_too_low",
            "why     The learning rate is too low (learning_rate_too_low)",
            "seen    The learning rate is *",
            "edit    training.epochs = *, training.learning_rate = *",
            "tried   case learns: 0 of 4 -> 4 of 4 seeds",
        ]
    )


def test_seeds_trains_exactly_that_many_and_says_when_they_cannot_decide(runner: Runner) -> None:
    runner.scenario()
    result = runner("scenarios", "-k", "train and learns", "--convergence-seeds=5")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*too few seeds to decide: 12 are needed*"])
    assert runner.cases()[0]["seeds"] == 5


def test_time_a_step_is_measured_and_reaches_every_case_of_its_workload(runner: Runner) -> None:
    runner.scenario()
    runner("scenarios", "--benchmark-json=b.json").assert_outcomes(passed=3)
    first, second = (case["seconds_per_step"] for case in runner.cases())
    assert first == second > 0
    [benchmark] = json.loads((runner.pytester.path / "b.json").read_text())["benchmarks"]
    assert benchmark["extra_info"]["steps"] == 2


@pytest.mark.parametrize(
    ("option", "outcomes"),
    [
        ("--benchmark-skip", {"passed": 2, "skipped": 1}),
        ("--benchmark-only", {"passed": 1, "skipped": 2}),
        ("--benchmark-disable", {"passed": 2, "skipped": 1}),
    ],
)
def test_the_options_of_pytest_benchmark_keep_working(
    runner: Runner, option: str, outcomes: dict[str, int]
) -> None:
    runner.scenario()
    runner("scenarios", option).assert_outcomes(**outcomes)


def test_what_training_raises_is_the_case_s_error_and_the_others_go_on(runner: Runner) -> None:
    runner.pytester.makepyfile(
        models="def broken(features, outputs):\n    raise ValueError('no')\n"
    )
    runner.pytester.syspathinsert()
    runner.scenario(
        runner.quick.replace(
            "learning_rate = 1e-9", 'epochs = 1\n[case.model]\nfactory = "models:broken"', 1
        )
        .replace("training.epochs = 2\n", "")
        .replace("training.epochs = 1", "training.learning_rate = 1e-9")
    )
    result = runner("scenarios", "-k", "train")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["seed 0: ValueError: no*"])
    assert [case["outcome"] for case in runner.cases()] == ["pass", "error"]


def test_x_stops_at_the_first_failure_and_the_report_holds_every_case(runner: Runner) -> None:
    runner.scenario(
        runner.quick.replace('"fails"\ndiagnosis = "learning_rate_too_low"', '"converges"')
    )
    runner.scenario(name="z")
    result = runner("scenarios", "-x", "-k", "frozen")
    result.assert_outcomes(failed=1)
    told = [(case["id"], case["outcome"], case["not_judged"]) for case in runner.cases()]
    assert told == [
        ("quick/frozen", "fail", ""),
        ("z/frozen", "error", "not run: stopping after 1 failures"),
    ]


def test_last_failed_runs_only_what_failed(runner: Runner) -> None:
    runner.scenario(
        runner.quick.replace('"fails"\ndiagnosis = "learning_rate_too_low"', '"converges"')
    )
    runner("scenarios", "-k", "train")
    runner("scenarios", "-k", "train", "--lf").assert_outcomes(failed=1)


def test_junitxml_names_the_cases(runner: Runner) -> None:
    runner.scenario()
    runner("scenarios", "-k", "train", "--junitxml=j.xml")
    names = [case.get("name") for case in ET.parse(runner.pytester.path / "j.xml").iter("testcase")]  # noqa: S314  # our own file
    assert names == ["train[learns]", "train[frozen]"]


@pytest.mark.slow
def test_results_are_the_same_on_worker_processes_under_xdist_and_in_this_process(
    runner: Runner,
) -> None:
    runner.scenario()
    runner("scenarios", "--convergence-report-dir=one", "-k", "train").assert_outcomes(passed=2)
    runner.alone(
        "scenarios", "--convergence-report-dir=many", "-k", "train", workers="2"
    ).assert_outcomes(passed=2)
    result = runner.alone("scenarios", "--convergence-report-dir=xdist", "-n2", "-Wignore")
    result.assert_outcomes(passed=2, skipped=1)

    def essence(folder: str) -> list[tuple[str, list[int | None]]]:
        return [(c["id"], c["epochs_to_converge"]) for c in runner.cases(folder)]

    assert essence("one") == essence("many") == essence("xdist")
    assert all(case["seconds_per_step"] is None for case in runner.cases("xdist"))


@pytest.mark.slow
def test_xdist_says_what_it_resumes(runner: Runner) -> None:
    runner.scenario()
    runner.alone("scenarios", "-k", "train")
    result = runner.alone("scenarios", "-k", "train", "-n2", "-Wignore", "--convergence-resume")
    seeds = 12 + 12 + 4, "of both cases, and of the remedy that diagnosis tried"
    result.stdout.fnmatch_lines([f"resumed: {seeds[0]} seeds were trained by an earlier run"])


def test_under_xdist_timing_says_that_it_was_not_measured(runner: Runner) -> None:
    runner.scenario()
    result = runner.alone("scenarios", "-n1", "-k", "time", "-rs", "-Wignore")
    result.stdout.fnmatch_lines(["*not measured: pytest-benchmark is disabled*"])


@pytest.mark.slow
def test_a_worker_that_dies_costs_its_case_and_nothing_else(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner.pytester.makepyfile(
        models="import os, signal\ndef deadly(**sizes):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    text = (
        runner.quick
        + '\n[[case]]\nname = "deadly"\nexpect = "converges"\nmodel.factory = "models:deadly"\n'
    )
    runner.scenario(text)
    monkeypatch.setenv("PYTHONPATH", str(runner.pytester.path))
    result = runner.alone("scenarios", "-k", "train", workers="2")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["seed 0: its worker failed twice*"])


def test_resuming_trains_only_what_the_journal_lacks(runner: Runner) -> None:
    runner.scenario()
    runner("scenarios", "-k", "learns and train")
    journal = runner.pytester.path / "reports/latest/journal.jsonl"
    kept = journal.read_bytes().split(b"\n")[:8]
    journal.write_bytes(b"\n".join([*kept, b'{"key": "torn', b"\xff"]))
    result = runner("scenarios", "-k", "learns and train", "--convergence-resume")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["warning: *journal.jsonl: ignored 2 corrupt or foreign entries*"])
    assert journal.read_bytes().count(b'"sha256"') == 12


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--convergence-backend=eagre"], "*unknown backend 'eagre'; did you mean 'eager'?*"),
        (
            ["--convergence-device=cuda"],
            "*backend eager: PyTorch * finds no cuda device on this machine*",
        ),
        (["--convergence-device=tpu"], "*backend eager: torch.device takes no 'tpu'*"),
        (["--convergence-workers=0"], "*must be a whole number from 1, got '0'*"),
        (
            ["-n2", "--convergence-workers=2"],
            "*--convergence-workers 2 cannot be used under xdist*leave out -n*",
        ),
        (
            ["-n2", "--convergence-executor=dask=tcp://a:1"],
            "*--convergence-executor dask=tcp://a:1 cannot be used under*",
        ),
        (["--convergence-seeds=none"], "*must be a whole number from 1, got 'none'*"),
        (["--convergence-executor=dusk"], "*unknown executor 'dusk'; did you mean 'dask'?*"),
        (["--convergence-report-dir=scenarios/quick.toml/x"], "*--convergence-report-dir: *"),
    ],
)
def test_an_option_that_cannot_be_used_is_a_usage_error_before_anything_is_trained(
    runner: Runner, options: list[str], message: str
) -> None:
    runner.scenario()
    result = runner.pytester.runpytest_inprocess("scenarios", *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])
    assert not (runner.pytester.path / "reports").exists()
