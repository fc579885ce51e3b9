"""Claims about means, first looks and one-sided comparisons, as a user's tests make them."""

import pytest

from tests.pytest_plugin.runner import Runner
from tests.pytest_plugin.test_fixture import TRAINER, Project, project

__all__ = ["project"]

NOISY = """
import random

WORSE = 0.0

def train(seed):
    draws = random.Random(seed)
    for epoch in range(5):
        yield {"loss": 3.27 + WORSE + 0.01 * draws.gauss(0, 1)}
"""


def claiming(arguments: str) -> str:
    return f"{NOISY}\n\ndef test_it(convergence):\n    convergence.check(train, {arguments})\n"


def test_a_mean_within_its_bound_passes_and_every_seed_trains_its_whole_budget(
    project: Project,
) -> None:
    project.write(claiming('mean_at_most={"loss": 3.28}'))
    project.run().assert_outcomes(passed=1)
    (case,) = project.cases()
    assert case["sentence"].startswith("claimed a mean loss <= 3.28; 3.268")
    assert case["sentence"].endswith("confirmed by these first seeds")
    assert all(run["stopped"] == "budget" and run["steps"] == 5 for run in case["runs"])


def test_a_mean_beyond_its_bound_fails_its_test(project: Project) -> None:
    project.write(claiming('mean_at_most={"loss": 3.28}').replace("WORSE = 0.0", "WORSE = 0.05"))
    result = project.run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*claimed a mean loss <= 3.28; 3.3*refuted by these first*"])


def test_a_seed_that_turns_non_finite_refutes_a_claim_about_a_mean(project: Project) -> None:
    text = claiming('mean_at_most={"loss": 3.28}')
    project.write(text.replace('"loss": 3.27', '"loss": float("nan") if seed == 5 else 3.27'))
    result = project.run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*seed number 6 did not end its budget with a finite loss*"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("mean_at_most={'loss': 1, 'error': 2}", "bounds one metric, beside no other bound"),
        ("mean_at_most={'loss': 1}, at_least={'a': 2}", "bounds one metric, beside no other"),
        ("mean_at_most={'loss': 1}, hold=2", "hold says nothing of a mean"),
        ("mean_at_most={'loss': 1}, expect='fails'", "claim the opposite bound"),
        ("at_most={'loss': 1}, pairing='no'", "pairing must be one of seed, none"),
        ("at_most={'loss': 1}, direction='up'", "direction must be one of two-sided, slower"),
    ],
)
def test_statements_that_cannot_be_made_are_refused(
    project: Project, arguments: str, told: str
) -> None:
    project.write(claiming(arguments))
    result = project.run()
    result.assert_outcomes(failed=1)
    assert told in result.stdout.str()


LOOKED_AT = claiming("at_most={'loss': 4.0}")


def test_a_quick_look_trains_four_seeds_and_passes_what_contradicts_nothing(
    project: Project,
) -> None:
    project.write(LOOKED_AT)
    result = project.run("--convergence-quick")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["1 case: 1 consistent, not decided*"])
    (case,) = project.cases()
    assert (case["seeds"], case["outcome"]) == (4, "inconclusive")
    assert case["sentence"].endswith(
        "4 of 4 seeds converged: consistent with the claim so far, not decided"
    )


def test_a_quick_look_fails_what_contradicts_its_claim(project: Project) -> None:
    project.write(claiming("at_most={'loss': 1.0}"))
    result = project.run("--convergence-quick")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["0/4 seeds converged, though claimed to converge*"])


def test_a_quick_look_fails_a_regression(project: Project) -> None:
    check = (
        "\n\ndef test_it(convergence):\n    convergence.check(train, at_least={'accuracy': 0.9})\n"
    )
    text = TRAINER + check
    project.write(text)
    project.run("--convergence-baseline=update").assert_outcomes(passed=1)
    project.run("--convergence-quick").assert_outcomes(passed=1)
    project.write(text.replace("SLOW = 1.0", "SLOW = 0.5"))
    project.run("--convergence-quick").assert_outcomes(failed=1)


def test_too_few_seeds_are_told_of_before_anything_is_trained(project: Project) -> None:
    project.write(LOOKED_AT)
    result = project.run("--convergence-seeds=4")
    result.assert_outcomes(failed=1)
    lines = result.outlines
    told = next(n for n, line in enumerate(lines) if "cannot confirm every claim, 12 can" in line)
    failed = next(n for n, line in enumerate(lines) if "too few seeds to decide" in line)
    assert told < failed


def test_a_quick_look_at_a_number_of_seeds_is_refused(project: Project) -> None:
    project.write(LOOKED_AT)
    result = project.run("--convergence-seeds=4", "--convergence-quick")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


LEARNER = f"""{TRAINER}

def test_it(convergence):
    convergence.check(train, at_least={{"accuracy": 0.9}}, direction="slower")
"""


def test_what_is_required_to_be_exact_is_bit_for_bit_what_was_accepted(project: Project) -> None:
    project.write(LEARNER)
    project.run("--convergence-baseline=update").assert_outcomes(passed=1)
    project.run("--convergence-exact").assert_outcomes(passed=1)
    assert project.cases()[0]["baseline"]["answer"] == "identical"
    project.write(LEARNER.replace("loss *= 1 -", "loss *= 1 - 1e-15 -"))
    project.run().assert_outcomes(passed=1)
    assert project.cases()[0]["baseline"]["answer"] == "same"
    result = project.run("--convergence-exact")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["not bit for bit what was accepted; the same*"])


def test_what_has_no_baseline_is_not_exact(project: Project) -> None:
    project.write(LEARNER)
    project.run("--convergence-exact").assert_outcomes(failed=1)
    result = project.run("--convergence-exact", "--convergence-baseline=off")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_a_training_that_is_only_watched_for_slow_downs_may_become_faster(project: Project) -> None:
    project.write(LEARNER.replace("SLOW = 1.0", "SLOW = 0.7"))
    project.run("--convergence-baseline=update").assert_outcomes(passed=1)
    project.write(LEARNER)
    project.run().assert_outcomes(passed=1)
    assert project.cases()[0]["baseline"]["answer"] == "improved"


def test_a_file_and_its_cases_say_how_they_are_compared(runner: Runner) -> None:
    table = '[baseline]\npairing = "none"\nmargin = 0.2\n\n[model]'
    text = runner.quick.replace("[model]", table)
    runner.scenario(text + 'baseline.pairing = "seed"\nbaseline.direction = "slower"\n')
    runner("scenarios", "-k", "train", "--convergence-baseline=update").assert_outcomes(passed=2)
    runner("scenarios", "-k", "train").assert_outcomes(passed=2)
    learns, frozen = (case["baseline"] for case in runner.cases())
    assert (learns["paired"], learns["margin"], learns["direction"]) == (False, 0.2, "two-sided")
    assert (frozen["paired"], frozen["margin"], frozen["direction"]) == (True, 0.2, "slower")
    assert learns["answer"] == frozen["answer"] == "identical"


def test_a_scenario_claims_a_mean(runner: Runner) -> None:
    bound = 'metric = "loss"\nmean_at_most = 0.6'
    text = runner.quick.replace('metric = "accuracy"\nat_least = 1.0', bound)
    first = text.replace('remedies = "frozen"', "").rpartition("[[case]]")[0]
    runner.scenario(first)
    runner("scenarios", "-k", "train").assert_outcomes(passed=1)
    (case,) = runner.cases()
    assert case["sentence"].startswith("claimed a mean train loss <= 0.6; 0.")
    assert {run["stopped"] for run in case["runs"]} == {"budget"}
