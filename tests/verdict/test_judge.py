"""A claim is judged over its seeds: held, refuted, undecided, or held for the wrong reason."""

from typing import get_args

import pytest

from harness.scenario.vocabulary import Diagnosis
from harness.verdict import Claim, Symptom, judge, needs_more
from harness.verdict.reason import SYMPTOMS

GOOD, STUCK, DIVERGED = None, Symptom.PLATEAUED, Symptom.DIVERGED
CONVERGES = Claim(expect="converges")
TOO_LOW = Claim(expect="fails", stated="learning_rate_too_low")


def test_a_claim_to_converge_holds_when_the_seeds_do() -> None:
    verdict = judge(CONVERGES, [GOOD] * 12)
    assert verdict.result == "pass"
    assert verdict.sentence == "claimed to converge; 12 of 12 seeds converged"


def test_a_claim_to_converge_is_refuted_by_seeds_that_do_not() -> None:
    verdict = judge(CONVERGES, [STUCK] * 12)
    assert verdict.result == "fail"
    assert verdict.sentence.endswith("refuted by the first 4 seeds")
    assert "0 of 12 seeds converged (12 plateaued)" in verdict.sentence


def test_a_claim_to_fail_holds_when_the_seeds_fail_as_stated() -> None:
    verdict = judge(TOO_LOW, [STUCK] * 12)
    assert verdict.result == "pass"
    assert verdict.sentence.endswith("as learning_rate_too_low does")


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
    assert needs_more(CONVERGES, [GOOD] * 11)
    verdict = judge(CONVERGES, [GOOD] * 11)
    assert verdict.result == "inconclusive"
    assert "too close to call after 11 seeds" in verdict.sentence
    assert not needs_more(CONVERGES, [GOOD] * 12)


def test_a_seed_that_crashed_is_an_error_and_ends_the_case() -> None:
    symptoms = [GOOD, GOOD, GOOD, Symptom.CRASHED]
    verdict = judge(CONVERGES, symptoms, "seed 3: ImportError: no such module")
    assert (verdict.result, verdict.sentence) == ("error", "seed 3: ImportError: no such module")
    assert not needs_more(CONVERGES, symptoms)


def test_every_cause_states_the_symptoms_that_it_can_show() -> None:
    assert set(get_args(Diagnosis)) == SYMPTOMS.keys()
    assert all(SYMPTOMS.values())
