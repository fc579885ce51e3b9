"""A claim is judged over its seeds: held, refuted, undecided, or held for the wrong reason."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from harness.history import History, Stop, crashed
from harness.scenario import Case, load
from harness.scenario.vocabulary import Diagnosis
from harness.verdict import Symptom, judge, needs_more
from harness.verdict.reason import SYMPTOMS

LOSS = np.array([0.7, 0.7, 0.2, 0.1, 0.1])
NORMS = np.zeros((4, 1))
NONE = np.full(5, np.nan)
GOOD = History(
    seed=0,
    stopped=Stop.CONVERGED,
    train_loss=LOSS,
    train_metric=np.array([0.5, 0.5, 0.9, 1.0, 1.0]),
    validation_loss=NONE,
    validation_metric=NONE,
    layers=("lstm.0",),
    gradient_norm=NORMS,
    update_ratio=NORMS,
    first_losses=LOSS,
    steps=4,
    seconds=0.5,
)
STUCK = replace(GOOD, stopped=Stop.BUDGET, train_loss=LOSS * 0 + 0.7, train_metric=np.full(5, 0.5))
DIVERGED = replace(
    STUCK, stopped=Stop.NON_FINITE, train_loss=np.array([0.7, 0.7, 9.0, 99.0, np.nan])
)


def case(folder: Path, lines: str) -> Case:
    path = folder / "case.toml"
    path.write_text(
        'question = "?"\n[data]\ntask = "first_value"\n[converged]\nat_least = 1.0\nhold = 2\n'
        f'[[case]]\nname = "a"\n{lines}\n'
    )
    return load(path, "case").cases[0]


@pytest.fixture
def converges(tmp_path: Path) -> Case:
    return case(tmp_path, 'expect = "converges"')


@pytest.fixture
def too_low(tmp_path: Path) -> Case:
    return case(tmp_path, 'expect = "fails"\ndiagnosis = "learning_rate_too_low"')


def test_a_claim_to_converge_holds_when_the_seeds_do(converges: Case) -> None:
    verdict = judge(converges, [GOOD] * 12)
    assert (verdict.result, verdict.converged, verdict.symptom) == ("pass", 12, None)
    assert verdict.sentence == "claimed to converge; 12 of 12 seeds converged"
    assert [phase.converged_at for phase in verdict.phases] == [3] * 12


def test_a_claim_to_converge_is_refuted_by_seeds_that_do_not(converges: Case) -> None:
    verdict = judge(converges, [STUCK] * 12)
    assert (verdict.result, verdict.converged) == ("fail", 0)
    assert verdict.symptom is Symptom.PLATEAUED
    assert verdict.sentence.endswith("refuted by the first 4 seeds")
    assert "0 of 12 seeds converged (12 plateaued)" in verdict.sentence


def test_a_claim_to_fail_holds_when_the_seeds_fail_as_stated(too_low: Case) -> None:
    verdict = judge(too_low, [STUCK] * 12)
    assert verdict.result == "pass"
    assert verdict.sentence.endswith("as learning_rate_too_low does")


def test_unexpected_success_fails(too_low: Case) -> None:
    verdict = judge(too_low, [GOOD] * 12)
    assert verdict.result == "fail"
    assert verdict.sentence.startswith("claimed to fail; 12 of 12 seeds converged")


def test_failing_for_another_reason_fails(too_low: Case) -> None:
    verdict = judge(too_low, [DIVERGED] * 12)
    assert (verdict.result, verdict.symptom) == ("fail", Symptom.DIVERGED)
    assert "not for the stated reason, since learning_rate_too_low shows as" in verdict.sentence
    assert "plateaued or still_improving" in verdict.sentence


@pytest.mark.parametrize(("fitting", "result"), [(6, "fail"), (7, "pass")])
def test_most_failed_seeds_have_to_show_the_stated_reason(
    too_low: Case, fitting: int, result: str
) -> None:
    histories = [STUCK] * fitting + [DIVERGED] * (12 - fitting)
    assert judge(too_low, histories).result == result


def test_a_claim_to_fail_without_a_reason_holds_however_it_fails(tmp_path: Path) -> None:
    assert judge(case(tmp_path, 'expect = "fails"'), [DIVERGED] * 12).result == "pass"


def test_too_few_seeds_are_inconclusive_and_ask_for_more(converges: Case) -> None:
    histories = [GOOD] * 11
    assert needs_more(converges, histories)
    verdict = judge(converges, histories)
    assert verdict.result == "inconclusive"
    assert "too close to call after 11 seeds" in verdict.sentence
    assert not needs_more(converges, [GOOD] * 12)


def test_a_seed_that_crashed_is_an_error_and_ends_the_case(converges: Case) -> None:
    histories = [GOOD] * 3 + [crashed(3, "ImportError: no such module")]
    verdict = judge(converges, histories)
    assert verdict.result == "error"
    assert verdict.sentence == "seed 3: ImportError: no such module"
    assert not needs_more(converges, histories)


def test_nan_is_a_failed_seed_and_never_a_converged_one(converges: Case) -> None:
    verdict = judge(converges, [DIVERGED] * 4)
    assert (verdict.result, verdict.symptom) == ("fail", Symptom.DIVERGED)


def test_every_cause_states_the_symptoms_that_it_can_show() -> None:
    assert set(get_args(Diagnosis)) == SYMPTOMS.keys()
    assert all(SYMPTOMS.values())
