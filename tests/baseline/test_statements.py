"""What a comparison can be asked: other seeds, one direction, a mean, the very same bits."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from harness.baseline import (
    Differences,
    Terms,
    accept,
    compare,
    control_false_discoveries,
    record,
)
from harness.baseline.comparison import compare_seeds
from harness.baseline.files import render
from harness.history import Stop
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome
from harness.results.seed_run import digest
from harness.scenario.criterion import Criterion
from tests.baseline.canned import ENVIRONMENT, outcome, run, seed_record, times
from tests.verdict.test_symptom import FALLING
from tests.verdict.test_symptom import run as history

ACCEPTED = times(12)


def settled(found: Differences | Comparison, rate: float = 0.01) -> Comparison:
    (comparison,) = control_false_discoveries([found], rate)
    return comparison


def against(new: Outcome, accepted: Outcome) -> Comparison:
    return settled(compare(new, accept(accepted)))


def slower(factor: float, **changes: Any) -> Outcome:
    return outcome([factor * at for at in ACCEPTED], **changes)


def with_digests(made: Outcome, digests: Sequence[str]) -> Outcome:
    pairs = zip(made.runs, digests, strict=True)
    return replace(made, runs=tuple(replace(run, curves=each) for run, each in pairs))


# Three answers


def test_equal_curves_are_identical_and_one_other_bit_is_the_same() -> None:
    digests = [f"{seed:016x}" for seed in range(12)]
    accepted = with_digests(outcome(ACCEPTED), digests)
    found = against(accepted, accepted)
    assert (found.answer, found.status) == ("identical", "same")
    assert found.sentence.startswith("identical, bit for bit: epochs until")
    other = against(with_digests(outcome(ACCEPTED), [*digests[:-1], "f" * 16]), accepted)
    assert (other.answer, other.identical) == ("same", False)
    assert other.sentence.startswith("the same within what rounding and seeds explain: epochs")


def test_what_was_accepted_without_digests_is_the_same_but_not_known_to_be_identical() -> None:
    found = against(outcome(ACCEPTED), outcome(ACCEPTED))
    assert (found.answer, found.identical) == ("same", None)


@pytest.mark.parametrize(
    ("factor", "answer", "words"),
    [(1.2, "regressed", "regressed: epochs"), (0.8, "improved", "improved, refresh the baseline:")],
)
def test_a_change_beyond_the_margin_regressed_or_improved(
    factor: float, answer: str, words: str
) -> None:
    found = against(slower(factor), outcome(ACCEPTED))
    assert found.answer == answer
    assert found.sentence.startswith(words)
    assert "95 % interval" in found.sentence


def test_what_could_not_be_compared_has_no_answer() -> None:
    assert Comparison("none").answer is None
    assert against(outcome(ACCEPTED, fingerprint="0" * 16), outcome(ACCEPTED)).answer is None


def test_a_digest_covers_the_last_bit_of_every_curve_and_no_time() -> None:
    made = history(FALLING)
    assert digest(made) == digest(history(FALLING, seconds=9.0))
    assert digest(made) != digest(history(np.nextafter(FALLING, 1)))
    assert digest(made) != digest(history(FALLING, first_losses=np.ones(1)))


def test_the_sign_of_a_nan_is_no_difference() -> None:
    one, other = (history(np.array([0.7, value])) for value in (np.nan, -np.nan))
    assert digest(one) == digest(other)


# Other seeds


def test_another_order_of_draws_differs_paired_and_is_the_same_unpaired() -> None:
    drawn = [replace(r, first_losses=(0.9,) * 20) for r in outcome(times(12, draw=1)).runs]
    drawn_anew = outcome(ACCEPTED, runs=tuple(drawn))
    paired = against(drawn_anew, outcome(ACCEPTED))
    unpaired = against(replace(drawn_anew, pairing="none"), outcome(ACCEPTED))
    assert (paired.answer, paired.paired) == ("changed", True)
    assert (unpaired.answer, unpaired.paired) == ("same", False)
    assert unpaired.first_losses_differ_by is None


# One direction


@pytest.mark.parametrize(
    ("direction", "factor", "status", "regressed"),
    [
        ("slower", 1.2, "slower", True),
        ("slower", 0.8, "faster", False),
        ("slower", 1.02, "changed", False),
        ("faster", 1.2, "slower", False),
        ("faster", 0.8, "faster", True),
        ("two-sided", 0.8, "faster", True),
        ("two-sided", 1.02, "changed", True),
    ],
)
def test_only_the_direction_that_was_asked_for_fails(
    direction: str, factor: float, status: str, regressed: bool
) -> None:
    found = against(slower(factor, direction=direction), outcome(ACCEPTED))
    assert (found.status, found.regressed) == (status, regressed)


def test_one_direction_sees_more_than_two() -> None:
    noisy, accepted = outcome(times(12, draw=3)), outcome(times(12, draw=4))
    two, one = (
        against(replace(noisy, pairing="none", direction=direction), accepted)
        for direction in ("two-sided", "slower")
    )
    assert one.detectable is not None
    assert two.detectable is not None
    assert one.detectable < two.detectable


BERT_4608 = [2626560, 2833920, 2787840, 2949120, 2880000, 2810880, 2880000, 3041280, 2787840]
BERT_4608 += [2833920, 2741760, 2810880, 2649600, 2718720, 2488320, 2603520, 2833920, 2787840]
BERT_4608 += [2810880, 3018240]
"""Samples until convergence of MLPerf's BERT reference at batch size 4,608, training 2.0
(github.com/mlcommons/logging, rcp_checker/training_2.0.0/rcps_bert.json)."""


@pytest.mark.parametrize(
    ("factor", "refused"), [(1.0, False), (0.99, False), (1.1, False), (0.92, True), (0.9, True)]
)
def test_mlperfs_rule_is_one_such_setting(factor: float, refused: bool) -> None:
    """N runs of a submission against 2N of the reference; only faster fails, p = .05."""
    from scipy.stats import ttest_ind  # noqa: PLC0415  # their test, beside ours

    submitted = [factor * samples for samples in BERT_4608[::2]]
    reference = [seed_record(n, at, 10**7) for n, at in enumerate(BERT_4608)]
    new = [seed_record(100 + n, at, 10**7) for n, at in enumerate(submitted)]
    terms = Terms(margin=0.0, pairing="none", direction="faster")
    found = settled(compare_seeds(new, reference, [], terms), rate=0.05)
    theirs = ttest_ind(submitted, BERT_4608, alternative="less").pvalue <= 0.05
    assert (found.regressed, bool(theirs)) == (refused, refused)


# Means at a budget

OF_MEAN = Criterion("loss", "validation", mean_at_most=3.28)
PERFECT = Criterion("accuracy", "validation", mean_at_least=0.9)


def ended(values: Sequence[float], criterion: Criterion = OF_MEAN, **changes: Any) -> Outcome:
    runs = tuple(
        replace(
            run(seed, None, 5),
            stopped=Stop.BUDGET,
            validation_metric=(None, *[4.0] * 4, value),
            first_losses=(),
        )
        for seed, value in enumerate(values)
    )
    return outcome([], runs=runs, criterion=criterion, **changes)


def losses(mean: float = 3.27, draw: int = 0) -> list[float]:
    drawn = np.random.default_rng(draw).normal(size=12)
    return [float(mean + 0.02 * value) for value in drawn]


@pytest.mark.parametrize("pairing", ["seed", "none"])
@pytest.mark.parametrize(("factor", "status"), [(1.0, "same"), (1.1, "slower"), (0.9, "faster")])
def test_means_are_compared_by_their_relative_change(
    pairing: str, factor: float, status: str
) -> None:
    new = ended([factor * value for value in losses(draw=int(pairing == "none"))], pairing=pairing)
    found = against(new, ended(losses()))
    assert (found.status, found.measure) == (status, "metric")
    assert "mean at the end of the budget: " in found.sentence
    assert "would see a change of the mean of" in found.sentence


def test_a_lower_accuracy_is_worse() -> None:
    new, accepted = ([mean + x for x in losses(0.0)] for mean in (0.8, 0.95))
    assert against(ended(new, PERFECT), ended(accepted, PERFECT)).status == "slower"
    assert against(ended(accepted, PERFECT), ended(new, PERFECT)).status == "faster"


def test_seeds_that_end_without_a_number_are_worse() -> None:
    some = ended(losses())
    lost = tuple(
        replace(r, stopped=Stop.NON_FINITE, validation_metric=(None,)) if r.seed < 4 else r
        for r in some.runs
    )
    assert against(replace(some, runs=lost), some).status == "slower"


def test_the_test_of_two_means_is_welchs() -> None:
    from scipy.stats import ttest_ind  # noqa: PLC0415  # its definition

    one, other = losses(3.3, 1), losses(3.27, 2)[:9]
    found = compare(ended(one, pairing="none", margin=0.0), accept(ended(other)))
    assert isinstance(found, Differences)
    assert found.measures[0].p_slower == pytest.approx(
        ttest_ind(one, other, equal_var=False, alternative="greater").pvalue
    )


def test_an_older_baseline_is_written_again_as_it_was() -> None:
    older = record([outcome(ACCEPTED)], "", ENVIRONMENT)
    newer = record([with_digests(outcome(ACCEPTED), ["0" * 16] * 12)], "", ENVIRONMENT)
    assert "curves" not in render(older)
    assert render(newer).count('"curves": "0000000000000000"') == 12
