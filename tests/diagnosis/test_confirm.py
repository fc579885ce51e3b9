"""What reruns with a remedy decide, from runs that are only said to have ended so."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from harness.diagnosis.answer import Diagnosis, Finding
from harness.diagnosis.confirm import SECONDS, Experiments, confirm, last_answer, rerunning
from harness.diagnosis.edits.feature_scales import Scales, features
from harness.diagnosis.names import Cause
from harness.diagnosis.observations import Observations
from harness.diagnosis.rerun import Ended, Plan
from harness.diagnosis.trained import Trained, trained

GOOD, BAD = Trained("good", 0.95), Trained("bad", 0.02)
PARTIAL = Trained("partial", 0.6)


class Script:
    """Runs that end as they are told to.

    Args:
        ends: for each cause, ``None`` as it is written, how the runs with its remedy end.
    """

    def __init__(self, **ends: Trained | list[Trained] | None) -> None:
        self.ends = ends
        self.plans: list[Plan] = []

    def __call__(self, plan: Plan, seconds: float) -> Ended | None:
        assert seconds > 0
        self.plans.append(plan)
        told = self.ends.get(plan.cause or "written", BAD)
        told = told[plan.run] if isinstance(told, list) else told
        return None if told is None else Ended(made=True, crashed=False, trained=told)


def asked(
    script: Script, *strengths: tuple[Cause, float], seconds: float = 1.0, usual: bool = False
) -> Diagnosis:
    found = tuple(Finding(cause, strength, "E.", "R.") for cause, strength in strengths)
    written = script.ends.get("written", BAD)
    first = written[0] if isinstance(written, list) else written
    assert first is not None
    experiments = Experiments(
        script, Ended(made=True, crashed=False, trained=first), seconds, usual_rate=usual
    )
    return confirm(Diagnosis(found, "s."), experiments)


def test_a_remedy_that_works_in_all_seeds_confirms_its_cause() -> None:
    script = Script(unnormalized_inputs=GOOD)
    answer = asked(script, ("unnormalized_inputs", 0.8))
    finding = answer.findings[0]
    assert finding.tried is not None
    assert finding.tried.sentence == "standardising the inputs: 0 of 4 -> 4 of 4 seeds"
    assert (finding.confirmed, answer.runs) == (True, 8)
    with_edit, written = (
        sorted(plan.run for plan in script.plans if bool(plan.cause) is edited)
        for edited in (True, False)
    )
    assert (with_edit, written) == ([0, 1, 2, 3], [1, 2, 3])  # run 0 was the script's own


def test_where_two_causes_compete_the_one_whose_remedy_works_goes_first() -> None:
    script = Script(not_shuffled=GOOD)
    answer = asked(script, ("unnormalized_inputs", 0.82), ("not_shuffled", 0.7))
    assert answer.causes == ("not_shuffled", "unnormalized_inputs")
    assert [finding.confirmed for finding in answer.findings] == [True, False]


def test_what_a_remedy_in_vain_leaves_goes_before_it() -> None:
    answer = asked(Script(), ("unnormalized_inputs", 0.82), ("network_too_small", 0.6))
    assert answer.primary == "network_too_small"


def test_direct_evidence_is_not_put_behind_a_guess_whose_remedy_helps() -> None:
    script = Script(learning_rate_too_low=GOOD)
    answer = asked(script, ("frozen_parameters", 0.95), ("learning_rate_too_low", 0.62))
    assert answer.causes == ("frozen_parameters", "learning_rate_too_low")


def test_an_edit_that_helps_everywhere_is_tried_last_and_not_where_another_works() -> None:
    script = Script(unscaled_targets=GOOD, exploding_gradient=GOOD)
    answer = asked(script, ("exploding_gradient", 0.9), ("unscaled_targets", 0.85))
    assert answer.primary == "unscaled_targets"
    assert "exploding_gradient" not in [plan.cause for plan in script.plans]


def test_an_edit_that_need_not_work_rules_nothing_out() -> None:
    finding = asked(Script(), ("vanishing_gradient", 0.8)).findings[0]
    assert finding.tried is not None
    assert (finding.confirmed, finding.weight) == (None, 0.8)


@pytest.mark.parametrize(
    ("cause", "usual", "confirmed"),
    [
        ("learning_rate_too_low", False, True),
        ("learning_rate_too_low", True, None),
        ("learning_rate_too_high", True, True),
    ],
)
def test_a_higher_rate_than_a_usual_one_confirms_nothing(
    cause: Cause, confirmed: bool | None, *, usual: bool
) -> None:
    answer = asked(Script(**{cause: GOOD}), (cause, 0.7), usual=usual)
    assert answer.findings[0].confirmed is confirmed
    assert answer.findings[0].tried is not None


@pytest.mark.parametrize(
    ("written", "after", "confirmed"),
    [
        ([BAD, BAD, BAD, GOOD], [GOOD, GOOD, GOOD, GOOD], True),
        ([BAD, BAD, BAD, BAD], [GOOD, GOOD, BAD, BAD], False),
        ([BAD, GOOD, GOOD, GOOD], [GOOD, GOOD, GOOD, GOOD], None),
        ([BAD, GOOD, BAD, BAD], [GOOD, GOOD, BAD, BAD], False),
        ([GOOD, GOOD, GOOD, GOOD], [GOOD, GOOD, GOOD, GOOD], None),
    ],
)
def test_most_seeds_must_train_with_a_remedy_and_half_of_them_because_of_it(
    written: list[Trained], after: list[Trained], confirmed: bool | None
) -> None:
    answer = asked(Script(written=written, stale_gradients=after), ("stale_gradients", 0.9))
    assert answer.findings[0].confirmed is confirmed


def test_a_run_that_is_clearly_beaten_by_the_remedy_has_not_trained() -> None:
    script = Script(written=replace(GOOD, reached=0.6), stale_gradients=GOOD)
    assert asked(script, ("stale_gradients", 0.9)).findings[0].confirmed is True


@pytest.mark.parametrize(("written", "confirmed"), [(BAD, True), (PARTIAL, False)])
def test_a_remedy_may_leave_something_to_be_learnt_if_much_is_learnt_by_it(
    written: Trained, *, confirmed: bool
) -> None:
    script = Script(written=written, exploding_gradient=PARTIAL)
    assert asked(script, ("exploding_gradient", 0.9)).findings[0].confirmed is confirmed


def test_two_runs_in_vain_are_enough() -> None:
    script = Script()
    answer = asked(script, ("not_shuffled", 0.8))
    assert (answer.runs, answer.findings[0].confirmed) == (4, False)


def test_a_slow_script_is_run_with_fewer_seeds_and_the_answer_says_so() -> None:
    script = Script(not_shuffled=GOOD)
    answer = asked(script, ("not_shuffled", 0.8), ("stale_gradients", 0.7), seconds=SECONDS)
    assert [plan.cause for plan in script.plans] == ["not_shuffled"]
    assert answer.findings[0].tried is not None
    assert answer.findings[0].tried.sentence.endswith(
        "0 of 1 -> 1 of 1 seed (more would take too long)"
    )


@pytest.mark.parametrize("ends", [None, Trained("unknown", 0.9)])
def test_a_run_that_says_nothing_decides_nothing(ends: Trained | None) -> None:
    answer = asked(Script(not_shuffled=ends), ("not_shuffled", 0.8))
    assert (answer.findings[0].tried, answer.runs) == (None, 2)


def test_nothing_is_run_where_nobody_can_tell_how_the_script_itself_ended() -> None:
    script = Script(written=Trained("unknown", -math.inf))
    assert asked(script, ("not_shuffled", 0.8)).runs == 1


@pytest.mark.parametrize(("after", "confirmed", "runs"), [(0.9, True, 8), (0.3, None, 4)])
def test_of_a_loss_that_means_nothing_known_a_much_larger_fall_says_enough(
    after: float, *, confirmed: bool | None, runs: int
) -> None:
    written, edited = (Trained("unknown", fallen) for fallen in (0.2, after))
    answer = asked(Script(written=written, stale_gradients=edited), ("stale_gradients", 0.9))
    assert (answer.findings[0].confirmed, answer.runs) == (confirmed, runs)


def test_a_cause_without_an_edit_costs_no_run() -> None:
    assert asked(Script(), ("no_signal", 0.8)).runs == 1


def test_the_runs_stand_in_the_evidence_that_json_gives() -> None:
    said = asked(Script(), ("not_shuffled", 0.8)).as_json()["causes"][0]
    assert said["evidence"] == "E. Shuffling the records: 0 of 2 -> 0 of 2 seeds."
    assert said["confirmed"] is False


def test_plans_and_answers_are_lines_that_are_read_again(tmp_path: Path) -> None:
    known = features(np.arange(12.0).reshape(4, 3))
    plan = Plan(3, "not_shuffled", Scales(inputs=known, of_target=2))
    assert Plan.of_json(plan.as_json()) == plan
    told = Ended(made=True, crashed=False, trained=Trained("unknown", float("-inf")))
    assert last_answer(f"bye\n{told.as_json()}\n{{}}\n[\n") == told
    assert last_answer('{"made": 3\n{"made": {}}\n') is None
    assert last_answer(str(tmp_path)) is None


def test_of_trainings_of_one_kind_the_best_counts_and_all_kinds_must_train() -> None:
    target = np.random.default_rng(0).standard_normal((100, 1))

    def training(output: np.ndarray, framework: str) -> Observations:
        loss = replace(Observations(np.ones(50)).loss, kind="mse")
        return Observations(
            np.linspace(1, 0.9, 50), framework=framework, loss=loss, targets=target,
            final_outputs=output,
        )  # fmt: skip

    learnt, not_learnt = (training(value * target, "torch") for value in (1.0, 0.0))
    other = training(0 * target, "keras")
    assert trained([not_learnt, learnt]).ending == "good"
    assert trained([learnt, other]).ending == "bad"
    assert trained([]).ending == "unknown"


ENDLESS = "import sys, time\nsys.stdout.buffer.write(bytes([233, 10]))\ntime.sleep(60 * LONG)\n"


@pytest.mark.slow
@pytest.mark.parametrize("long", [0, 1])
def test_bytes_of_another_encoding_are_read_and_no_run_is_waited_for_without_end(
    tmp_path: Path, long: int
) -> None:
    path = tmp_path / "script.py"
    path.write_text(ENDLESS.replace("LONG", str(long)))
    told = rerunning(path, [])(Plan(0, "not_shuffled"), 8.0 if long else 100.0)
    assert (told is None) is bool(long)


def test_ctrl_c_among_further_runs_leaves_what_is_known() -> None:
    def stopped(plan: Plan, seconds: float) -> Ended | None:
        raise KeyboardInterrupt(plan, seconds)

    found = (Finding("unnormalized_inputs", 0.8, "E.", "R."),)
    runs = Experiments(stopped, Ended(made=True, crashed=False, trained=BAD), 1.0)
    answer = confirm(Diagnosis(found, "s."), runs)
    assert (answer.primary, answer.findings[0].confirmed) == ("unnormalized_inputs", None)
    assert runs.interrupted
