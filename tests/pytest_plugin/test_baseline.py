from pathlib import Path

import pytest
import torch

from harness.baseline import Baseline, BaselineError, files
from harness.cli.main import main
from harness.pytest_plugin import run
from tests.pytest_plugin.runner import Runner

QUICKLY = ("-k", "train and learns", "--convergence-probes=off")
SLOWER = """
import pytest, torch

@pytest.fixture(autouse=True, scope="session")
def slower_adam():
    step = torch.optim.Adam.step
    def faulty(self, closure=None):
        for group in self.param_groups:
            group["lr"] = 0.024
        return step(self, closure)
    torch.optim.Adam.step = faulty
    yield
    torch.optim.Adam.step = step
"""


class StepClock:
    """A clock that only optimizer steps move: what they take no other load changes."""

    seconds = 0.0
    a_step = 1e-3


def step_clock() -> float:
    """Return the time of the clock, for pytest-benchmark."""
    return StepClock.seconds


TIMED = f"--benchmark-timer={__name__}.step_clock"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[StepClock]:
    step = torch.optim.Adam.step

    def timed(optimizer: torch.optim.Adam, closure: None = None) -> object:
        StepClock.seconds += StepClock.a_step
        return step(optimizer, closure)

    monkeypatch.setattr(torch.optim.Adam, "step", timed)
    monkeypatch.setattr(StepClock, "a_step", StepClock.a_step)
    monkeypatch.setattr(run, "calibrate", lambda: 1e-3)
    return StepClock


@pytest.fixture
def accepted(runner: Runner) -> Path:
    runner.scenario()
    runner("scenarios", *QUICKLY, "--convergence-baseline=update").assert_outcomes(passed=1)
    return runner.folder / "__baselines__/quick.eager-cpu.json"


def test_an_accepted_result_is_checked_from_then_on(runner: Runner, accepted: Path) -> None:
    runner("scenarios", *QUICKLY).assert_outcomes(passed=1)
    assert accepted.exists()
    assert runner.cases()[0]["baseline"]["status"] == "same"


def test_a_scenario_has_one_name_wherever_pytest_s_root_lies(runner: Runner) -> None:
    runner.scenario(name="deep/quick")
    runner("scenarios", *QUICKLY, "--convergence-baseline=update").assert_outcomes(passed=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(runner.folder)  # without an ini file, pytest's root too
        runner("deep/quick.toml", *QUICKLY, "--convergence-baseline=require").assert_outcomes(
            passed=1
        )


def test_training_again_without_timing_keeps_the_accepted_timing(runner: Runner) -> None:
    runner.scenario()
    quickly = (
        "-k",
        "learns",
        "--convergence-probes=off",
        "--convergence-baseline=update",
        "--convergence-reason=again",
    )
    path = runner.folder / "__baselines__/quick.eager-cpu.json"
    runner("scenarios", *quickly)
    timed = files.load(path).cases["learns"].timing
    assert len(timed) == 5
    runner("scenarios", *quickly, "--benchmark-disable")
    assert files.load(path).cases["learns"].timing == timed


def test_the_report_says_what_the_comparison_could_have_seen(
    runner: Runner, accepted: Path
) -> None:
    result = runner("scenarios", *QUICKLY)
    said = "against the baseline: 1 identical; the median one would see a slow-down of * %"
    result.stdout.fnmatch_lines([said])
    assert (
        "against the baseline"
        in (runner.pytester.path / "reports/latest/convergence.md").read_text()
    )


def test_a_silent_fault_in_the_optimizer_fails_the_check(runner: Runner, accepted: Path) -> None:
    (runner.folder / "conftest.py").write_text(SLOWER, encoding="utf-8")
    result = runner("scenarios", *QUICKLY)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "trains * than accepted (*",
            "loss    *, converged at *",
            "before  * 0.*, accepted",
        ]
    )
    assert runner.cases()[0]["baseline"]["status"] in ("slower", "changed")


def test_an_existing_baseline_changes_only_with_a_reason(runner: Runner, accepted: Path) -> None:
    before = accepted.read_bytes()
    result = runner(
        "scenarios", *QUICKLY, "--convergence-baseline=update", "--convergence-reason= "
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*quick.eager-cpu.json*say why with --convergence-reason*"])
    assert accepted.read_bytes() == before


def test_a_truncated_baseline_fails_its_case_and_is_not_overwritten(
    runner: Runner, accepted: Path
) -> None:
    accepted.write_bytes(accepted.read_bytes()[:200])
    result = runner("scenarios", *QUICKLY)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*quick.eager-cpu.json: is truncated or not JSON*"])
    update = runner(
        "scenarios", *QUICKLY, "--convergence-baseline=update", "--convergence-reason=x"
    )
    assert update.ret == pytest.ExitCode.USAGE_ERROR
    assert accepted.stat().st_size == 200


def test_a_required_baseline_that_is_missing_fails(runner: Runner) -> None:
    runner.scenario()
    result = runner("scenarios", *QUICKLY, "--convergence-baseline=require")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["no accepted baseline*"])


def test_a_case_that_failed_is_never_accepted(runner: Runner) -> None:
    runner.scenario(
        runner.quick.replace('"fails"\ndiagnosis = "learning_rate_too_low"', '"converges"')
    )
    runner(
        "scenarios",
        "-k",
        "train and frozen",
        "--convergence-probes=off",
        "--convergence-baseline=update",
    )
    assert not (runner.folder / "__baselines__").exists()


def test_a_changed_scenario_is_not_comparable(runner: Runner, accepted: Path) -> None:
    runner.scenario(runner.quick.replace("3e-2", "4e-2"))
    runner("scenarios", *QUICKLY).assert_outcomes(passed=1)
    assert runner.cases()[0]["baseline"]["status"] == "not_comparable"


def test_an_orphan_is_listed_and_removed_by_an_update(runner: Runner, accepted: Path) -> None:
    orphan = accepted.with_name("gone.eager-cpu.json")
    orphan.write_bytes(accepted.read_bytes())
    result = runner("scenarios", *QUICKLY)
    result.stdout.fnmatch_lines(["orphaned baseline: *gone.eager-cpu.json*"])
    runner("scenarios", *QUICKLY, "--convergence-baseline=update", "--convergence-reason=tidy")
    assert accepted.exists()
    assert not orphan.exists()


def test_a_step_that_takes_far_longer_fails_its_timing_and_its_case(
    runner: Runner, clock: type[StepClock]
) -> None:
    options = ("-k", "learns", "--convergence-probes=off", TIMED)
    runner.scenario()
    runner("scenarios", *options, "--convergence-baseline=update").assert_outcomes(passed=2)
    runner("scenarios", *options, "--convergence-resume").assert_outcomes(passed=2)
    clock.a_step = 0.2
    result = runner("scenarios", *options, "--convergence-resume")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["1 case: 1 fail"])
    result.stdout.fnmatch_lines(["quick*learns: a step takes * x the accepted time*slower beyond*"])
    assert runner.cases()[0]["timing"]["comparison"]["status"] == "slower"


def test_compare_takes_a_report_and_a_baseline_in_either_order(
    runner: Runner, accepted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for pair in (("reports/latest", str(accepted)), (str(accepted), "reports/latest")):
        assert main(["compare", *pair]) == 0
        assert "same" in capsys.readouterr().out


@pytest.mark.slow
def test_xdist_refuses_to_change_a_baseline_without_a_reason(
    runner: Runner, accepted: Path
) -> None:
    before = accepted.read_bytes()
    result = runner.alone("scenarios", *QUICKLY, "--convergence-baseline=update", "-n2", "-Wignore")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*quick.eager-cpu.json*say why with --convergence-reason*"])
    assert accepted.read_bytes() == before


def test_a_folder_that_takes_no_baseline_is_named_before_anything_is_trained(
    runner: Runner,
) -> None:
    runner.scenario()
    (runner.folder / "__baselines__").write_text("a file where the folder belongs")
    result = runner("scenarios", *QUICKLY, "--convergence-baseline=update")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["*-baseline=update: *quick.eager-cpu.json: cannot be written (Not a directory)*"]
    )
    assert not (runner.pytester.path / "reports/latest/results.json").exists()


def test_one_baseline_that_cannot_be_written_leaves_the_others_accepted(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        runner.scenario(name=name)
    write = files.write

    def full(path: Path, baseline: Baseline) -> None:
        if path.name.startswith("a."):
            raise BaselineError(f"{path}: cannot be written (No space left on device)")
        write(path, baseline)

    monkeypatch.setattr(files, "write", full)
    result = runner("scenarios", *QUICKLY, "--convergence-baseline=update")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines(["*b.eager-cpu.json: accepted 1 case", "ERROR: *a.eager-cpu.json*"])
    assert [path.name for path in runner.folder.glob("__baselines__/*")] == ["b.eager-cpu.json"]
