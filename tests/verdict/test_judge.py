"""A claim is judged over its seeds: held, refuted, undecided, or held for the wrong reason."""

from typing import get_args

import pytest

from harness.scenario.vocabulary import Diagnosis
from harness.verdict import CONSISTENT, Claim, Symptom, judge, seeds_to_decide
from harness.verdict.expected_symptoms import SYMPTOMS

GOOD, STUCK, DIVERGED = None, Symptom.PLATEAUED, Symptom.DIVERGED
CONVERGES = Claim(expect="converges")
TOO_LOW = Claim(expect="fails", stated="learning_rate_too_low")


def test_a_claim_to_converge_holds_when_the_seeds_do() -> None:
    verdict = judge(CONVERGES, [GOOD] * 12)
    assert verdict.result == "pass"
    assert verdict.sentence == (
        "claimed to converge; 12 of 12 seeds converged: confirmed by the first 12 seeds"
    )


def test_a_pass_says_which_seeds_decided_it() -> None:
    symptoms = [*[GOOD] * 3, STUCK, *[GOOD] * 12, *[STUCK] * 5, *[GOOD] * 3]
    verdict = judge(CONVERGES, symptoms)
    assert verdict.result == "pass"
    assert "18 of 24 seeds converged (6 plateaued)" in verdict.sentence
    assert verdict.sentence.endswith("confirmed by the first 16 seeds")


def test_a_claim_to_converge_is_refuted_by_seeds_that_do_not() -> None:
    verdict = judge(CONVERGES, [STUCK] * 12)
    assert verdict.result == "fail"
    assert verdict.sentence.endswith("refuted by the first 4 seeds")
    assert "0 of 12 seeds converged (12 plateaued)" in verdict.sentence


def test_a_claim_to_fail_holds_when_the_seeds_fail_as_stated() -> None:
    verdict = judge(TOO_LOW, [STUCK] * 12)
    assert verdict.result == "pass"
    assert verdict.sentence.endswith(
        "as learning_rate_too_low does (its diagnosis is undecided, so only the symptom was "
        "checked): confirmed by the first 12 seeds"
    )


def test_the_cause_that_was_found_decides_and_not_the_symptom() -> None:
    for symptom in (STUCK, DIVERGED):
        for cause, result in (("learning_rate_too_low", "pass"), ("no_signal", "fail")):
            verdict = judge(TOO_LOW, [symptom] * 12, found=cause)
            assert verdict.result == result
    assert verdict.sentence.endswith("learning_rate_too_low: its diagnosis is no_signal")


def test_a_cause_that_was_found_fails_no_claim_that_states_none() -> None:
    assert judge(Claim(expect="fails"), [STUCK] * 12, found="no_signal").result == "pass"
    assert judge(CONVERGES, [GOOD] * 12, found="no_signal").result == "pass"


def test_unexpected_success_fails() -> None:
    verdict = judge(TOO_LOW, [GOOD] * 12)
    assert verdict.result == "fail"
    assert verdict.sentence.startswith("claimed to fail; 12 of 12 seeds converged")


def test_failing_for_another_reason_fails() -> None:
    verdict = judge(TOO_LOW, [DIVERGED] * 12)
    assert verdict.result == "fail"
    assert "not for the stated reason, since learning_rate_too_low shows as" in verdict.sentence
    assert "plateaued or still_improving" in verdict.sentence


@pytest.mark.parametrize(("fitting", "result"), [(6, "fail"), (7, "pass")])
def test_most_failed_seeds_have_to_show_the_stated_reason(fitting: int, result: str) -> None:
    symptoms = [STUCK] * fitting + [DIVERGED] * (12 - fitting)
    assert judge(TOO_LOW, symptoms).result == result


def test_a_claim_to_fail_without_a_reason_holds_however_it_fails() -> None:
    assert judge(Claim(expect="fails"), [DIVERGED] * 12).result == "pass"


def test_too_few_seeds_are_inconclusive_and_ask_for_more() -> None:
    assert seeds_to_decide(CONVERGES, [GOOD] * 11) == 1
    verdict = judge(CONVERGES, [GOOD] * 11)
    assert verdict.result == "inconclusive"
    assert verdict.sentence.endswith("too few seeds to decide: 12 are needed")
    assert not seeds_to_decide(CONVERGES, [GOOD] * 12)


@pytest.mark.parametrize(("good", "bad", "needed"), [(4, 0, 12), (4, 1, 16)])
def test_too_few_seeds_say_how_many_would_do(good: int, bad: int, needed: int) -> None:
    verdict = judge(CONVERGES, [GOOD] * good + [STUCK] * bad)
    assert verdict.sentence.endswith(f"too few seeds to decide: {needed} are needed")
    assert judge(CONVERGES, [GOOD] * needed).result == "pass"
    confirmed = [GOOD] * good + [STUCK] * bad + [GOOD] * (needed - good - bad)
    assert judge(CONVERGES, confirmed).result == "pass"
    assert judge(CONVERGES, confirmed[:-1]).result == "inconclusive"


@pytest.mark.parametrize(
    ("good", "bad", "wanted"), [(11, 1, 4), (23, 1, 0), (9, 3, 3), (0, 0, 4), (0, 3, 1), (0, 4, 0)]
)
def test_no_more_seeds_are_wanted_than_can_decide(good: int, bad: int, wanted: int) -> None:
    symptoms = [GOOD] * good + [STUCK] * bad
    assert seeds_to_decide(CONVERGES, symptoms) == wanted
    ends = [judge(CONVERGES, symptoms + [end] * wanted).result for end in (GOOD, STUCK)]
    assert ends != ["inconclusive"] * 2
    early = [judge(CONVERGES, symptoms + [end] * (wanted - 1)).result for end in (GOOD, STUCK)]
    assert wanted == 0 or early == ["inconclusive"] * 2


def test_enough_seeds_that_point_both_ways_are_too_close_to_call() -> None:
    verdict = judge(CONVERGES, [GOOD, GOOD, GOOD, STUCK] * 3)
    assert verdict.sentence.endswith("too close to call after 12 seeds")


def test_a_first_look_is_consistent_or_refuted() -> None:
    assert judge(CONVERGES, [GOOD] * 4, quick=True).sentence.endswith(CONSISTENT)
    assert judge(CONVERGES, [STUCK] * 4, quick=True).result == "fail"


@pytest.mark.parametrize(
    ("stated", "result"),
    [
        ("exploding_gradient", "fail"),
        ("learning_rate_too_high", "fail"),
        ("non_finite_data", "pass"),
        ("poor_initialization", "pass"),
    ],
)
def test_a_loss_that_never_was_finite_is_no_training_that_blew_up(
    stated: Diagnosis, result: str
) -> None:
    claim = Claim(expect="fails", stated=stated)
    verdict = judge(claim, [Symptom.NON_FINITE_AT_START] * 12, detail="seed 0: inputs")
    assert verdict.result == result
    assert "at step 0, before any update (seed 0: inputs)" in verdict.sentence


def test_a_seed_that_crashed_is_an_error_and_ends_the_case() -> None:
    symptoms = [GOOD, GOOD, GOOD, Symptom.CRASHED]
    verdict = judge(CONVERGES, symptoms, "seed 3: ImportError: no such module")
    assert (verdict.result, verdict.sentence) == ("error", "seed 3: ImportError: no such module")
    assert not seeds_to_decide(CONVERGES, symptoms)


def test_every_cause_states_the_symptoms_that_it_can_show() -> None:
    assert set(get_args(Diagnosis)) == SYMPTOMS.keys()
    assert all(SYMPTOMS.values())
