"""Causes that lie between output, loss and score."""

from dataclasses import replace

import numpy as np
import pytest

from harness.diagnosis import Observations, diagnose
from harness.diagnosis.observations import Layer, Loop, Loss, Reading
from tests.diagnosis.causes.trainings import (
    INPUTS,
    NUMBERS,
    RECORDS,
    drawn,
    healthy,
    stuck,
)


@pytest.mark.parametrize(
    ("loss", "cause"),
    [
        (Loss("cross_entropy", "softmax", output_shape=(30, 2)), "wrong_output_activation"),
        (Loss("cross_entropy", "linear", output_shape=(30, 2), negated=True), "wrong_loss"),
        (Loss("mse", "linear", broadcast=True, output_shape=(30, 1)), "shape_mismatch"),
    ],
)
def test_an_output_that_does_not_fit_its_loss_is_seen_in_the_shapes_and_functions(
    loss: Loss, cause: str
) -> None:
    assert diagnose(replace(healthy(), loss=loss)).primary == cause


def test_a_relu_that_is_shut_at_the_output_from_the_start_is_no_cut_graph() -> None:
    seen = stuck(np.full(200, 9.0))
    seen = replace(
        seen,
        loss=Loss("mse", "relu", output_shape=(30, 1), target_shape=(30, 1)),
        targets=NUMBERS - NUMBERS.min(),
        final_outputs=np.zeros((RECORDS, 1)),
        raw_outputs=np.zeros((RECORDS, 1)),
    )
    for moved, named in ((0.0, True), (1.0, False)):
        weights = tuple(replace(p, moved=moved, gradients=(0.0,)) for p in seen.parameters)
        causes = diagnose(replace(seen, parameters=weights)).causes
        assert ("wrong_output_activation" in causes[:1]) == named


def test_labels_of_zero_are_no_base_of_a_percentage() -> None:
    labels = np.arange(RECORDS) % 2
    asked = replace(
        stuck(), loss=Loss("other", "sigmoid", name="mape", output_shape=(30, 1)),
        targets=labels, final_outputs=np.ones((RECORDS, 1)),
    )  # fmt: skip
    assert diagnose(asked).primary == "wrong_loss"
    assert diagnose(replace(asked, targets=labels + 1)).primary != "wrong_loss"


def test_targets_below_zero_are_no_counts() -> None:
    counted = replace(
        stuck(), loss=Loss("other", "softmax", name="poisson", output_shape=(30, 1)),
        targets=NUMBERS, final_outputs=np.ones((RECORDS, 1)),
    )  # fmt: skip
    assert diagnose(counted).primary == "wrong_loss"
    assert diagnose(replace(counted, targets=np.round(np.exp(NUMBERS)))).primary != "wrong_loss"


def rounded(numbers: np.ndarray, sure: float) -> Observations:
    """A regression of class numbers, a share of whose answers are right when they are rounded."""
    answers = numbers + (np.arange(RECORDS) >= sure * RECORDS)
    return replace(
        healthy(),
        loss=Loss("mse", "linear", output_shape=(30,), target_shape=(30,)),
        targets=numbers,
        final_outputs=answers,
    )


def test_class_numbers_cost_a_regression_most_of_its_mistakes_and_ratings_do_not() -> None:
    names = np.arange(RECORDS) % 3
    apart = INPUTS[:, :3] + 5 * np.eye(3)[names]
    for sure, cause in ((0.8, "wrong_loss"), (0.93, "none")):
        assert diagnose(replace(rounded(names.astype(float), sure), inputs=apart)).primary == cause
    ratings = np.round(1 + 0.5 * drawn().standard_normal(RECORDS) + INPUTS[:, 0]).clip(0, 2)
    assert "wrong_loss" not in diagnose(rounded(ratings, 0.6)).causes


@pytest.mark.parametrize(("level", "cause"), [(40.0, "wrong_metric"), (0.0, "none")])
def test_targets_that_were_never_scaled_are_told_from_outputs_that_were(
    level: float, cause: str
) -> None:
    scaled = replace(
        healthy(),
        loss=Loss("mse", "linear", output_shape=(30, 1), target_shape=(30, 1)),
        targets=NUMBERS,
        final_outputs=NUMBERS,
        validation_outputs=NUMBERS + 0.1 * drawn().standard_normal((RECORDS, 1)),
        validation_targets=NUMBERS + level,
    )
    assert diagnose(scaled).primary == cause


def test_outputs_that_are_no_numbers_do_not_depend_on_other_records() -> None:
    exploded = replace(stuck(np.full(20, np.nan)), inputs=INPUTS[:, :, None])
    assert "shape_mismatch" in diagnose(replace(exploded, leak=1.0)).causes
    assert "shape_mismatch" not in diagnose(replace(exploded, leak=float("nan"))).causes


def test_a_generator_that_raises_its_critics_loss_is_no_forgotten_sign() -> None:
    raised = replace(healthy(), loss=replace(healthy().loss, negated=True))
    assert diagnose(raised).primary == "wrong_loss"
    assert diagnose(replace(raised, loop=Loop(interleaved=True))).primary == "none"


@pytest.mark.parametrize("share", [0.5, 1.5])
def test_a_sum_of_probabilities_may_be_taken_for_one(share: float) -> None:
    outputs = np.abs(np.tanh(NUMBERS)) * share
    seen = replace(healthy(), loss=Loss("bce", "linear"), outputs=outputs, output_targets=outputs)
    found = diagnose(seen).causes
    assert ("wrong_output_activation" in found) == (share > 1)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_logarithms_are_told_by_what_they_sum_to_and_not_by_how_they_were_made(
    scale: float,
) -> None:
    scores = scale * np.log(np.array([[0.2, 0.8], [0.6, 0.4]]))
    seen = replace(healthy(), loss=Loss("divergence", "linear"), outputs=scores)
    assert diagnose(seen).primary == ("none" if scale == 1 else "wrong_output_activation")


@pytest.mark.parametrize(("kind", "cause"), [("Embedding", "wrong_loss"), ("Dense", "none")])
def test_the_word_after_a_window_is_no_quantity_and_a_count_is_one(kind: str, cause: str) -> None:
    said = drawn().integers(0, 12, RECORDS + 5)
    windows = np.stack([said[at : at + 5] for at in range(RECORDS)])
    seen = replace(
        healthy(),
        loss=Loss("mse", "linear", output_shape=(30, 1), target_shape=(30,)),
        inputs=windows,
        targets=said[5:],
        final_outputs=said[5:, None] + 0.4,
        layers=(Layer("first", kind, 8),),
        in_order=True,
    )
    assert diagnose(seen).primary == cause


def test_a_decision_about_outputs_that_do_not_fit_their_loss_is_no_cause_beside_them() -> None:
    cut = Reading("accuracy", 0.5, 0.9, "logits are cut at 0.5, their threshold is 0")
    seen = replace(healthy(), readings=(cut,))
    assert diagnose(seen).primary == "wrong_metric"
    twice = replace(seen, loss=Loss("cross_entropy", "softmax", output_shape=(30, 2)))
    assert diagnose(twice).causes == ("wrong_output_activation",)


@pytest.mark.parametrize(("target", "told"), [((30, 1), True), ((30,), False)])
def test_shapes_that_only_the_loss_makes_different_are_said_to_be_its_own(
    target: tuple[int, ...], told: bool
) -> None:
    loss = Loss("mse", "linear", broadcast=True, output_shape=(30, 1), target_shape=target)
    found = diagnose(replace(healthy(), loss=loss)).findings[0]
    assert found.cause == "shape_mismatch"
    assert ("which it gives other shapes" in found.evidence) == told


@pytest.mark.parametrize(("leak", "cause"), [(4e-4, "shape_mismatch"), (1e-4, "none")])
def test_a_layer_along_the_records_is_told_from_rounding(leak: float, cause: str) -> None:
    assert diagnose(replace(healthy(), across="LSTM", leak=leak)).primary == cause
