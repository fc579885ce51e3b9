"""What a failed case says on the terminal: once, the answer first, and how to go on."""

import shlex

from tests.pytest_plugin.runner import WRONG, Runner

AGAIN = "'scenarios/quick.toml::train[[]{}[]]'"
TOLD = "0/12 seeds converged, though claimed to converge"


def test_a_failure_begins_with_its_headline_then_the_curve_and_what_trains_it_again(
    runner: Runner,
) -> None:
    runner.scenario(runner.quick + WRONG)
    result = runner("scenarios", "-k", "wrong and train", "--convergence-backend=ensemble")
    result.stdout.fnmatch_lines(
        [
            "*___ train[[]wrong[]] ___*",
            f"{TOLD}*",
            "",
            "loss    ███ 0.* to 0.*, 2 epochs",
            f"again   pytest {AGAIN.format('wrong')} --convergence-backend=ensemble",
        ]
    )
    told = [line for line in result.outlines if "0/12 seeds converged" in line]
    assert len(told) == 2, "the failure and pytest's summary"
    # under CI pytest's summary holds the whole message, so the command stands there once more
    [again] = {line.split(maxsplit=1)[1] for line in result.outlines if line.startswith("again ")}
    repeated = runner(*shlex.split(again)[1:])
    repeated.assert_outcomes(failed=1)


def test_without_pytests_failures_the_table_is_followed_by_the_headline(runner: Runner) -> None:
    runner.scenario(runner.quick + WRONG)
    result = runner("scenarios", "-k", "wrong and train", "--tb=no")
    result.stdout.fnmatch_lines(["FAIL  wrong *", "quick/wrong", f"  fail: {TOLD}*"])


def test_what_fails_by_its_baseline_says_how_to_accept_it(runner: Runner) -> None:
    runner.scenario()
    result = runner("scenarios", "-k", "learns and train", "--convergence-baseline=require")
    result.stdout.fnmatch_lines(
        [
            "no accepted baseline: *",
            f"accept  pytest {AGAIN.format('learns')} --convergence-baseline=update *-reason=WHY",
        ]
    )


def test_the_answer_comes_before_the_table_of_timings(runner: Runner) -> None:
    runner.scenario()
    lines = runner("scenarios", "-k", "learns").outlines
    (answer,) = [place for place, line in enumerate(lines) if "= convergence =" in line]
    (timings,) = [place for place, line in enumerate(lines) if "- benchmark: 1 tests -" in line]
    assert answer < timings


def test_the_mark_of_a_case_is_in_colour_only_where_colour_is_wanted(runner: Runner) -> None:
    runner.scenario()
    shown = ["scenarios", "-k", "learns and train"]
    assert "\x1b[32mpass\x1b[0m  learns" in runner(*shown, "--color=yes").stdout.str()
    assert "\x1b" not in runner(*shown, "--color=no").stdout.str()
