"""Causes that lie in the data: scales, signal, pairing, rare classes."""

from dataclasses import replace

import numpy as np
import pytest

from harness.diagnosis import CAUSES, Observations, diagnose
from harness.diagnosis.facts import Facts
from harness.diagnosis.learnable import learnable
from harness.diagnosis.observations import Loss, NonFinite, Optimizer
from harness.diagnosis.watch.pairing import alternatives
from harness.diagnosis.windows import overlap
from tests.diagnosis.causes.trainings import (
    INPUTS,
    LABELS,
    NUMBERS,
    RECORDS,
    drawn,
    healthy,
    logits,
    stuck,
)


def test_nan_before_the_first_update_is_in_the_data_and_after_it_is_not() -> None:
    broken = replace(stuck(np.full(20, np.nan)), non_finite=NonFinite(0, "input", "record 3"))
    assert diagnose(broken).primary == "non_finite_data"
    later = replace(broken, non_finite=NonFinite(9, "loss"), optimizer=Optimizer("sgd", (9.0,)))
    assert diagnose(later).primary == "learning_rate_too_high"


def test_a_loss_that_is_no_number_is_owed_to_what_it_cannot_take_before_the_data() -> None:
    shut = Loss("nll", "relu", output_shape=(30, 2), takes="probabilities")
    for place, cause in (("loss", "wrong_output_activation"), ("input", "non_finite_data")):
        broken = replace(stuck(np.full(20, np.nan)), loss=shut, non_finite=NonFinite(0, place))
        assert diagnose(broken).primary == cause


def test_labels_one_record_late_are_told_from_labels_without_signal() -> None:
    late = replace(stuck(), targets=np.roll(LABELS, 1), in_order=True)
    found = diagnose(late).findings[0]
    assert found.cause == "labels_misaligned"
    assert "-1 records" in found.evidence


def test_targets_far_from_an_untrained_output_are_named_for_a_regression() -> None:
    far = replace(
        stuck(np.linspace(9e4, 8.9e4, 200)),
        loss=Loss("mse", "linear", output_shape=(30, 1), target_shape=(30, 1)),
        targets=300 + 20 * NUMBERS,
        final_outputs=np.zeros((RECORDS, 1)),
    )
    assert diagnose(far).primary == "unscaled_targets"


def each_step(targets: np.ndarray) -> Observations:
    """A loss that met a target at each of four steps as rows, most of them a class of their own."""
    rows = targets.ravel()
    answers = np.zeros((rows.size, 3))
    answers[:, 2] = 6.0
    return replace(stuck(), inputs=INPUTS[:, :, None], targets=rows, final_outputs=answers)


def test_targets_at_each_step_are_held_against_the_record_they_belong_to() -> None:
    targets = np.full((RECORDS, 4), 2)
    targets[:, -1] = LABELS
    inputs = INPUTS[:, :, None]
    found = learnable(inputs, targets.ravel(), classes=True)
    assert found is not None
    assert found.found


def test_hidden_words_between_their_neighbours_are_not_moved_along_the_steps() -> None:
    words = (drawn().integers(0, 3, (RECORDS, 1)) + np.arange(8)) % 3
    hidden = drawn().random(words.shape) < 0.2
    seen = each_step(np.where(hidden, words, -100))
    for stands, named in ((3, False), (drawn().integers(0, 3, words.shape), True)):
        shown = np.where(hidden, stands, words)
        filled = replace(seen, inputs=shown, loss=replace(seen.loss, ignored=-100))
        assert ("labels_misaligned" in diagnose(filled).causes) == named


def test_a_rare_class_among_targets_at_each_step_is_looked_up_by_record() -> None:
    targets = np.full((RECORDS, 4), 2)
    targets[::2, -1] = drawn().integers(0, 2, RECORDS // 2)
    assert diagnose(each_step(targets)).primary in CAUSES


def test_rows_of_records_that_end_early_are_paired_with_no_record_at_all() -> None:
    rows = np.repeat(LABELS, 3)[: 2 * RECORDS + 1]
    assert learnable(INPUTS[:, :, None], rows, classes=True) is None


def test_a_language_model_is_not_held_against_its_arrays_in_other_roles() -> None:
    text = drawn().integers(0, 2, (RECORDS, 9))
    x, y = text[:, :-1], text[:, 1:]
    model = replace(healthy(), inputs=x, targets=y, final_outputs=None, alternatives=(("", y, x),))
    assert "labels_misaligned" not in diagnose(model).causes


@pytest.mark.parametrize(("epochs", "silent"), [(2, False), (25, True)])
def test_few_records_met_a_few_times_show_no_signal_and_no_lack_of_one(
    epochs: int, silent: bool
) -> None:
    few = replace(
        stuck(),
        epochs=epochs,
        inputs=drawn().standard_normal((100, 4)),
        targets=drawn().integers(0, 2, 100),
        final_outputs=np.zeros((100, 2)),
    )
    assert ("no_signal" in diagnose(few).causes) == silent


def test_the_same_numbers_for_every_record_say_nothing_of_their_targets() -> None:
    zeros = replace(stuck(), inputs=np.zeros((RECORDS, 20), np.int64))
    assert diagnose(zeros).primary == "no_signal"
    for other in (replace(zeros, partly=True), replace(zeros, targets=np.ones(RECORDS, np.int64))):
        assert "no_signal" not in diagnose(other).causes


def test_sequences_in_each_others_roles_are_no_other_pairing() -> None:
    words = drawn().integers(0, 9, (60, 6))
    arrays = {"x": words, "y": words[:, ::-1].copy()}
    assert not any(
        name == "y with x" for name, _, _ in alternatives(words, arrays["y"], arrays, [])
    )


def test_what_stands_elsewhere_in_a_record_is_asked_where_its_neighbours_say_little() -> None:
    words = drawn().integers(0, 6, (300, 6))
    told = learnable(words, words[:, ::-1].copy(), classes=True)
    assert told is not None
    assert told.skill > 0.9


def validated_on(share: float, hits: float) -> Observations:
    """Classes drawn evenly for training, validated where the second has a share of records."""
    labels = (np.arange(1000) < share * 1000).astype(np.int64)
    right = np.where(np.random.default_rng(1).random(1000) < hits, labels, 1 - labels)
    return replace(healthy(), validation_outputs=6.0 * np.eye(2)[right], validation_targets=labels)


def test_a_class_that_is_rarer_in_validation_is_no_overfitting() -> None:
    assert diagnose(validated_on(0.05, 0.93)).primary == "none"
    assert diagnose(validated_on(0.05, 0.6)).primary == "overfitting"


def test_targets_moved_by_a_record_say_nothing_where_inputs_quote_the_record_before() -> None:
    change = drawn().standard_normal(RECORDS + 3)
    quoted = np.stack([change[2:-1], change[1:-2] * 3 + 1], 1)
    assert overlap(quoted)
    assert not overlap(INPUTS)


@pytest.mark.parametrize(("beside", "tried"), [("other", True), ("chances", False)])
def test_chances_that_classes_were_drawn_from_are_no_other_pairing(
    beside: str, tried: bool
) -> None:
    arrays = {"x": INPUTS, "other": LABELS[::-1].copy(), "chances": np.where(LABELS, 0.6, 0.4)}
    found = alternatives(INPUTS, LABELS, {"x": INPUTS, beside: arrays[beside]}, [])
    assert bool(found) == tried


@pytest.mark.parametrize(("beside", "tried"), [((), True), ((INPUTS[::-1],), False)])
def test_what_else_the_network_is_given_is_no_other_pairing(
    beside: tuple[np.ndarray, ...], tried: bool
) -> None:
    met = drawn().standard_normal(INPUTS.shape)
    assert bool(alternatives(met, LABELS, {"x": INPUTS, "y": LABELS}, [], beside)) == tried


def test_more_records_that_can_be_learnt_are_no_other_pairing_of_a_few() -> None:
    few = replace(
        healthy(),
        inputs=drawn().standard_normal((24, 4)),
        targets=np.arange(24) % 2,
        final_outputs=None,
        validation_outputs=logits(0.0),
        validation_targets=LABELS,
        alternatives=(("others", INPUTS, LABELS),),
    )
    assert "labels_misaligned" not in diagnose(few).causes


def test_labels_of_some_nodes_are_paired_with_no_record() -> None:
    assert learnable(INPUTS, LABELS[:80], classes=True) is None


def unforeseen(along: float) -> Observations:
    """Outputs that go along a little with the targets of a large validation."""
    noise = np.random.default_rng(2).standard_normal((3, 4000))
    outputs = along * noise[0] + noise[1]
    return replace(
        stuck(),
        inputs=drawn().standard_normal((RECORDS, 4)),
        validation_outputs=outputs,
        validation_targets=(noise[0] > 0).astype(np.float64),
        loss=Loss("bce_logits", "linear"),
        final_outputs=np.zeros(RECORDS),
        targets=drawn().integers(0, 2, RECORDS).astype(np.float64),
    )


def test_a_faint_signal_that_new_records_show_is_a_signal() -> None:
    assert "no_signal" in diagnose(unforeseen(0.0)).causes
    assert "no_signal" not in diagnose(unforeseen(0.2)).causes


@pytest.mark.parametrize(("size", "cause"), [(1e-3, True), (1.0, False)])
def test_targets_far_smaller_than_an_untrained_output_are_not_scaled(
    size: float, cause: bool
) -> None:
    seen = replace(
        stuck(np.linspace(1e-2, 1e-5, 200)),
        loss=Loss("mse", "linear", output_shape=(30, 1), target_shape=(30, 1)),
        targets=size * NUMBERS,
        final_outputs=np.zeros((RECORDS, 1)),
    )
    assert ("unscaled_targets" in diagnose(seen).causes) == cause


@pytest.mark.parametrize(("low", "cause"), [(0.0, True), (-1.0, False)])
def test_a_margin_between_labels_of_zero_and_one_is_none(low: float, cause: bool) -> None:
    labels = np.where(LABELS == 1, 1.0, low)
    loss = Loss("margin", "linear", name="soft_margin_loss")
    seen = replace(healthy(), loss=loss, targets=labels, final_outputs=6 * labels - 1)
    assert ("wrong_loss" in diagnose(seen).causes) == cause


@pytest.mark.parametrize(("apart", "cause"), [(2.2, True), (1.2, False)])
def test_a_rare_class_of_which_some_is_told_is_left_out_where_its_score_tells_more(
    apart: float, cause: bool
) -> None:
    rare = np.arange(2000) % 20 == 0
    score = np.random.default_rng(5).standard_normal(2000) + apart * (rare - 0.5)
    cut = np.quantile(score[rare], 0.6)  # four in ten are recognised
    answers = np.stack([np.zeros(2000), score - cut], 1)
    inputs = np.random.default_rng(6).standard_normal((2000, 3))
    seen = replace(healthy(), inputs=inputs, targets=rare.astype(int), final_outputs=answers)
    assert ("class_imbalance" in diagnose(seen).causes) == cause


def test_a_class_of_a_handful_of_records_is_no_imbalance() -> None:
    labels = (np.arange(RECORDS) % 80 == 0).astype(int)
    never = np.tile([3.0, 0.0], (RECORDS, 1))
    seen = replace(healthy(), targets=labels, final_outputs=never)
    assert "class_imbalance" not in diagnose(seen).causes


@pytest.mark.parametrize(
    ("apart", "scored", "cause"), [(3.0, 0.0, True), (0.8, 0.0, False), (0.8, 2.0, True)]
)
def test_a_rare_class_that_nobody_could_recognise_is_no_imbalance(
    apart: float, scored: float, cause: bool
) -> None:
    labels = (np.arange(2000) < 160).astype(np.int64)
    maker = np.random.default_rng(3)
    inputs = maker.standard_normal((2000, 3)) + apart * labels[:, None] * [1, 0, 0]
    never = np.tile([4.0, 0.0], (2000, 1))
    never[:, 1] += scored * labels + maker.uniform(-1, 1, 2000)
    order = np.random.default_rng(4).permutation(2000)
    seen = replace(healthy(), inputs=inputs[order], targets=labels[order])
    seen = replace(seen, final_outputs=never[order])
    assert ("class_imbalance" in diagnose(seen).causes) == cause


def test_each_of_several_inputs_has_to_be_scaled_and_says_something() -> None:
    beside = (np.zeros((RECORDS, 3)), 1000 * INPUTS + 5000)
    lost = replace(stuck(), inputs=drawn().standard_normal((RECORDS, 2)), partly=True)
    assert diagnose(replace(lost, beside=(INPUTS,))).primary != "unnormalized_inputs"
    assert diagnose(replace(lost, beside=beside)).primary == "unnormalized_inputs"
    simple = Facts(replace(lost, beside=beside)).learnable
    assert simple is not None
    assert simple.found


def test_targets_that_their_own_record_holds_once_moved_are_no_better_pairing() -> None:
    series = drawn().standard_normal((RECORDS + 1, 4))
    ahead = Loss("mse", "linear", output_shape=(30, 1), target_shape=(30, 1))
    next_one = replace(stuck(), loss=ahead, inputs=series[:-1], targets=series[1:, :1])
    seen = replace(next_one, final_outputs=np.zeros((RECORDS, 1)), in_order=True)
    assert diagnose(seen).primary == "no_signal"


@pytest.mark.parametrize(("other", "tried"), [(INPUTS[::-1] * 3, True), (INPUTS * 3 + 1, False)])
def test_inputs_before_they_were_scaled_are_no_other_pairing(
    other: np.ndarray, tried: bool
) -> None:
    found = alternatives(INPUTS, LABELS, {"x": INPUTS, "raw": other, "y": LABELS}, [])
    assert any(name.startswith("raw") for name, _, _ in found) == tried
