"""Causes that lie in the network."""

from dataclasses import replace

import numpy as np
import pytest

from harness.diagnosis import Observations, diagnose
from harness.diagnosis.observations import Layer, Loss, Optimizer, Parameter
from tests.diagnosis.causes.trainings import (
    INPUTS,
    LABELS,
    RECORDS,
    healthy,
    logits,
    stuck,
)


def squeezed(targets: np.ndarray) -> Observations:
    """A network that gives back one of four columns, and no longer improves."""
    return replace(
        healthy(),
        losses=np.concatenate([np.linspace(1.0, 0.6, 60), np.full(140, 0.6)]),
        loss=Loss("mse", "linear", output_shape=(30, 4), target_shape=(30, 4)),
        layers=(Layer("code", "Linear", 1), Layer("out", "Linear", 4)),
        targets=targets,
        final_outputs=targets * [1.0, 0.0, 0.0, 0.0],
    )


def test_a_narrow_code_is_the_purpose_of_a_network_that_gives_its_inputs_back() -> None:
    assert "network_too_small" not in diagnose(squeezed(INPUTS)).causes
    assert "network_too_small" in diagnose(squeezed(INPUTS[:, ::-1])).causes


def test_frozen_layers_count_only_if_they_were_never_trained() -> None:
    idle = Parameter("body.weight", (64, 4), trainable=False, fresh=True, depth=0)
    head = Parameter("head.weight", (2, 8), gradients=(0.1,), weight=1.0, moved=0.5, depth=1)
    half = replace(healthy(), parameters=(idle, head), final_outputs=logits(0.64))
    assert diagnose(half).primary == "frozen_parameters"
    pretrained = replace(half, parameters=(replace(idle, fresh=False), head))
    assert diagnose(pretrained).primary == "none"


def test_layers_that_are_cut_off_count_if_they_are_still_random() -> None:
    first = Parameter("body.weight", (8, 4), gradients=(), moved=0.0, fresh=True, depth=0)
    head = Parameter("head.weight", (20, 8), gradients=(0.1,), weight=1.0, moved=0.5, depth=1)
    cut = replace(healthy(), parameters=(first, head), final_outputs=logits(0.9))
    assert diagnose(cut).primary == "broken_graph"
    pretrained = replace(cut, parameters=(replace(first, fresh=False), head))
    assert diagnose(pretrained).primary == "none"


def test_most_weights_without_a_gradient_are_cut_off_where_the_order_of_layers_is_not_known() -> (
    None
):
    first = Parameter("lstm.kernel", (40, 4), gradients=(), moved=0.0)
    head = Parameter("dense.kernel", (2, 8), gradients=(0.1,), weight=1.0, moved=0.5)
    assert diagnose(replace(stuck(), parameters=(first, head))).primary == "broken_graph"
    small = replace(first, shape=(1, 4))
    assert diagnose(replace(stuck(), parameters=(small, head))).primary != "broken_graph"


def test_weights_far_too_large_are_named_where_records_were_learnt_by_heart() -> None:
    wide = replace(healthy().parameters[0], spread=5.0)
    learnt = replace(healthy(), parameters=(wide,))
    assert diagnose(learnt).primary == "none"
    others = replace(learnt, validation_outputs=logits(0.4), validation_targets=LABELS)
    assert diagnose(others).primary == "poor_initialization"
    partly = replace(others, final_outputs=logits(0.8), validation_outputs=logits(0.1))
    assert diagnose(partly).primary == "poor_initialization"


def test_dropout_that_hides_most_of_the_signal_shows_in_the_loss_while_training() -> None:
    dropped = replace(
        healthy(),
        losses=np.linspace(0.7, 0.6, 200),
        inputs=None,
        final_outputs=logits(0.4),
        layers=(Layer("drop", "Dropout", dropout=0.85),),
    )
    assert diagnose(dropped).primary == "dropout_too_high"
    learnt = replace(dropped, losses=np.linspace(0.7, 0.3, 200), final_outputs=logits(0.64))
    assert diagnose(learnt).primary == "none"
    better = replace(learnt, inputs=INPUTS)  # a simple model is
    assert diagnose(better).primary == "dropout_too_high"


def test_dropout_costs_what_it_hides_though_something_is_learnt_behind_it() -> None:
    dropped = replace(
        healthy(),
        losses=np.linspace(0.7, 0.4, 200),
        inputs=None,
        final_outputs=logits(0.8),
        layers=(Layer("drop", "Dropout", dropout=0.8),),
    )
    assert diagnose(dropped).primary == "dropout_too_high"
    assert diagnose(replace(dropped, final_outputs=logits(0.98))).primary == "none"


def test_dropout_behind_the_output_layer_drops_the_answers_themselves() -> None:
    out, drop = Layer("out", "Dense", 2), Layer("drop", "Dropout", dropout=0.5)
    ended = replace(healthy(), losses=np.linspace(0.7, 0.45, 200), final_outputs=logits(0.98))
    ended = replace(ended, loss=replace(ended.loss, output_shape=(16, 2)))
    for layers, cause in (((out, drop), "dropout_too_high"), ((drop, out), "none")):
        assert diagnose(replace(ended, layers=layers)).primary == cause
    mild = replace(ended, layers=(out, drop), losses=np.linspace(0.7, 0.05, 200))
    assert diagnose(mild).primary == "none"


def test_many_classes_behind_two_units_are_a_network_that_is_too_small() -> None:
    classes = np.argsort(np.argsort(INPUTS[:, 0])) * 12 // RECORDS
    answers = np.eye(12)[np.where(np.arange(RECORDS) % 3, 0, classes)] * 2.0
    told = replace(
        healthy(), targets=classes, final_outputs=answers, losses=np.linspace(2.5, 2.1, 400)
    )
    for width in (2, 16):
        layers = (Layer("gru", "GRU", width), Layer("out", "Dense", 12))
        named = diagnose(replace(told, layers=layers)).causes
        assert ("network_too_small" in named[:1]) == (width == 2)


def test_zeros_behind_gates_that_large_inputs_shut_are_no_cut_graph() -> None:
    shut = Parameter("gru.kernel", (8, 4), layer="GRU", gradients=(0.0,), weight=2.0, moved=0.0)
    head = Parameter("out.kernel", (8, 2), gradients=(0.1,), weight=1.0, moved=0.5, depth=1)
    for size, cause in ((1e5, "unnormalized_inputs"), (1.0, "broken_graph")):
        seen = replace(
            stuck(), framework="keras", parameters=(shut, head), inputs=INPUTS + size * (size > 1)
        )
        assert diagnose(seen).primary == cause


@pytest.mark.parametrize("size", [1000.0, 1.0])
def test_a_huge_feature_is_put_before_the_activations_that_it_shuts(size: float) -> None:
    shut = Layer("tanh 0", "activation", 8, activation="tanh", saturated=(0.9, 0.95))
    seen = replace(
        healthy(),
        layers=(Layer("fc", "Linear", 8), shut, Layer("out", "Linear", 2)),
        inputs=INPUTS * [size, 1, 1, 1],
        final_outputs=logits(0.6),
    )
    first = "unnormalized_inputs" if size > 1 else "saturated_activation"
    assert diagnose(seen).primary == first


def test_what_follows_from_a_cut_graph_is_not_named_beside_it() -> None:
    slow = replace(stuck(), optimizer=Optimizer("adam", (1e-5,)))
    assert diagnose(slow).causes[0] == "learning_rate_too_low"
    idle = Parameter("fc.weight", (8, 4), gradients=(), weight=2.0, moved=0.0)
    cut = replace(slow, loop=replace(slow.loop, cut=True), parameters=(idle,))
    assert diagnose(cut).causes == ("broken_graph",)
