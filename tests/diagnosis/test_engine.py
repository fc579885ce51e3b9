from dataclasses import replace

import numpy as np
import pytest

from harness.diagnosis import CAUSES, Observations, diagnose
from harness.diagnosis.learnable import learnable
from harness.diagnosis.names import TITLES
from harness.diagnosis.observations import Layer, Loop, Loss, NonFinite, Optimizer, Parameter
from harness.diagnosis.session import choose
from harness.diagnosis.watch.pairing import alternatives
from harness.diagnosis.windows import overlap

RECORDS = 240
MAKER = np.random.default_rng(0)
INPUTS = MAKER.standard_normal((RECORDS, 4))
LABELS = (INPUTS[:, 0] > 0).astype(np.int64)
NUMBERS = INPUTS[:, :1] + 0.5 * INPUTS[:, 1:2]


def logits(share: float) -> np.ndarray:
    """Answers of a network that is right about a share of the records and unsure of the rest."""
    made = np.zeros((RECORDS, 2))
    known = int(share * RECORDS)
    made[np.arange(known), LABELS[:known]] = 6.0
    return made


def healthy() -> Observations:
    weights = Parameter("fc.weight", (8, 4), gradients=(0.1, 0.1), weight=2.0, moved=1.0,
                        spread=0.5, usual=0.7)  # fmt: skip
    return Observations(
        losses=np.linspace(0.7, 0.02, 200),
        epochs=25,
        loss=Loss("cross_entropy", "linear", output_shape=(30, 2), target_shape=(30,)),
        optimizer=Optimizer("adam", (1e-3,)),
        loop=Loop(batch=30, records=RECORDS, shuffled=True),
        parameters=(weights,),
        layers=(Layer("fc", "Linear", 8),),
        inputs=INPUTS,
        targets=LABELS,
        final_outputs=logits(1.0),
    )


def stuck(losses: np.ndarray | None = None) -> Observations:
    flat = np.full(200, 0.69) if losses is None else losses
    return replace(healthy(), losses=flat, final_outputs=logits(0.02))


def test_a_training_that_learnt_is_not_accused() -> None:
    assert diagnose(healthy()).primary == "none"


def test_a_rate_that_looks_wrong_is_no_cause_where_training_went_well() -> None:
    for rate in (1e-6, 5.0):
        assert diagnose(replace(healthy(), optimizer=Optimizer("adam", (rate,)))).primary == "none"


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


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"optimizer": Optimizer("adam", (1e-6,))}, "learning_rate_too_low"),
        ({"optimizer": Optimizer("adam", (1.0,))}, "learning_rate_too_high"),
        ({"inputs": INPUTS * 3 + 300}, "unnormalized_inputs"),
        ({"layers": (Layer("drop", "Dropout", dropout=0.95),)}, "dropout_too_high"),
        ({"targets": MAKER.permutation(LABELS)}, "no_signal"),
    ],
)
def test_a_training_that_is_stuck_names_what_differs(change: dict[str, object], cause: str) -> None:
    assert diagnose(replace(stuck(), **change)).primary == cause  # type: ignore[arg-type] # the table mixes fields


@pytest.mark.parametrize(
    ("loop", "cause"),
    [
        (Loop(stale=1.0), "stale_gradients"),
        (Loop(carried=1.0, shuffled=True), "stale_state"),
        (Loop(in_eval=0.9, eval_then_train=True), "train_mode_missing"),
    ],
)
def test_a_mistake_in_the_loop_is_named_whatever_the_outcome(loop: Loop, cause: str) -> None:
    assert diagnose(replace(healthy(), loop=loop)).primary == cause


def test_state_that_is_carried_over_records_in_order_is_no_mistake() -> None:
    kept = Loop(carried=1.0, shuffled=False, batch=30, records=RECORDS)
    assert diagnose(replace(healthy(), loop=kept)).primary == "none"


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


def test_nan_before_the_first_update_is_in_the_data_and_after_it_is_not() -> None:
    broken = replace(stuck(np.full(20, np.nan)), non_finite=NonFinite(0, "input", "record 3"))
    assert diagnose(broken).primary == "non_finite_data"
    later = replace(broken, non_finite=NonFinite(9, "loss"), optimizer=Optimizer("sgd", (9.0,)))
    assert diagnose(later).primary == "learning_rate_too_high"


def test_labels_one_record_late_are_told_from_labels_without_signal() -> None:
    late = replace(stuck(), targets=np.roll(LABELS, 1), in_order=True)
    found = diagnose(late).findings[0]
    assert found.cause == "labels_misaligned"
    assert "-1 records" in found.evidence


def test_frozen_layers_count_only_if_they_were_never_trained() -> None:
    idle = Parameter("body.weight", (64, 4), trainable=False, fresh=True, depth=0)
    head = Parameter("head.weight", (2, 8), gradients=(0.1,), weight=1.0, moved=0.5, depth=1)
    half = replace(healthy(), parameters=(idle, head), final_outputs=logits(0.7))
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


def test_dropout_that_hides_most_of_the_signal_shows_in_the_loss_while_training() -> None:
    dropped = replace(
        healthy(),
        losses=np.linspace(0.7, 0.6, 200),
        inputs=None,
        final_outputs=logits(0.4),
        layers=(Layer("drop", "Dropout", dropout=0.85),),
    )
    assert diagnose(dropped).primary == "dropout_too_high"
    assert diagnose(replace(dropped, losses=np.linspace(0.7, 0.3, 200))).primary == "none"


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


def test_turns_of_two_networks_are_not_judged_by_their_losses() -> None:
    assert diagnose(replace(stuck(), loop=Loop(interleaved=True))).primary == "none"


def test_targets_far_from_an_untrained_output_are_named_for_a_regression() -> None:
    far = replace(
        stuck(np.linspace(9e4, 8.9e4, 200)),
        loss=Loss("mse", "linear", output_shape=(30, 1), target_shape=(30, 1)),
        targets=300 + 20 * NUMBERS,
        final_outputs=np.zeros((RECORDS, 1)),
    )
    assert diagnose(far).primary == "unscaled_targets"


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
    ratings = np.round(1 + 0.5 * MAKER.standard_normal(RECORDS) + INPUTS[:, 0]).clip(0, 2)
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
        validation_outputs=NUMBERS + 0.1 * MAKER.standard_normal((RECORDS, 1)),
        validation_targets=NUMBERS + level,
    )
    assert diagnose(scaled).primary == cause


def test_without_an_update_nothing_is_named() -> None:
    assert diagnose(Observations(losses=np.zeros(0))).primary == "none"


def test_the_json_object_keeps_its_contract() -> None:
    said = diagnose(replace(healthy(), loop=Loop(stale=1.0))).as_json()
    assert said["schema"] == 1
    assert said["runs"] == 1
    assert said["primary"] == said["causes"][0]["cause"]
    assert set(said["causes"][0]) == {"cause", "evidence", "remedy", "confirmed"}


def test_every_cause_has_a_title() -> None:
    assert set(TITLES) == set(CAUSES)


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
    words = (MAKER.integers(0, 3, (RECORDS, 1)) + np.arange(8)) % 3
    hidden = MAKER.random(words.shape) < 0.2
    seen = each_step(np.where(hidden, words, -100))
    for stands, named in ((3, False), (MAKER.integers(0, 3, words.shape), True)):
        shown = np.where(hidden, stands, words)
        filled = replace(seen, inputs=shown, loss=replace(seen.loss, ignored=-100))
        assert ("labels_misaligned" in diagnose(filled).causes) == named


def test_a_rare_class_among_targets_at_each_step_is_looked_up_by_record() -> None:
    targets = np.full((RECORDS, 4), 2)
    targets[::2, -1] = MAKER.integers(0, 2, RECORDS // 2)
    assert diagnose(each_step(targets)).primary in CAUSES


def test_rows_of_records_that_end_early_are_paired_with_no_record_at_all() -> None:
    rows = np.repeat(LABELS, 3)[: 2 * RECORDS + 1]
    assert learnable(INPUTS[:, :, None], rows, classes=True) is None


@pytest.mark.parametrize(
    ("losses", "told"),
    [
        (np.full(12, 0.69), "12 updates, too early to tell whether the loss was still falling"),
        (np.linspace(0.69, 0.6, 12), "12 updates while the loss was still falling"),
    ],
)
def test_few_updates_are_not_said_to_lower_a_loss_that_stands_still(
    losses: np.ndarray, told: str
) -> None:
    found = {each.cause: each.evidence for each in diagnose(stuck(losses)).findings}
    assert told in found["too_few_epochs"]


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


@pytest.mark.parametrize("epochs", [2, 25])
def test_a_steep_fall_at_the_end_of_few_epochs_is_too_few(epochs: int) -> None:
    half = replace(
        healthy(), inputs=None, final_outputs=logits(0.5), losses=np.linspace(2.0, 1.0, 200)
    )
    cause = "too_few_epochs" if epochs == 2 else "none"
    assert diagnose(replace(half, epochs=epochs)).primary == cause


def test_a_language_model_is_not_held_against_its_arrays_in_other_roles() -> None:
    text = MAKER.integers(0, 2, (RECORDS, 9))
    x, y = text[:, :-1], text[:, 1:]
    model = replace(healthy(), inputs=x, targets=y, final_outputs=None, alternatives=(("", y, x),))
    assert "labels_misaligned" not in diagnose(model).causes


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


@pytest.mark.parametrize(("every", "remedy"), [(1, "Step the schedule once an epoch"), (40, "")])
def test_a_schedule_that_is_stepped_after_each_batch_takes_the_rate_away(
    every: int, remedy: str
) -> None:
    rates = tuple(1e-2 * 0.5 ** (step // every) for step in range(200))
    found = diagnose(replace(stuck(), optimizer=Optimizer("adam", rates)))
    lowered = [each for each in found.findings if each.cause == "learning_rate_too_low"]
    assert [each.remedy.startswith(remedy) for each in lowered] == [True] * bool(remedy)


def test_what_follows_from_a_cut_graph_is_not_named_beside_it() -> None:
    slow = replace(stuck(), optimizer=Optimizer("adam", (1e-5,)))
    assert diagnose(slow).causes[0] == "learning_rate_too_low"
    idle = Parameter("fc.weight", (8, 4), gradients=(), weight=2.0, moved=0.0)
    cut = replace(slow, loop=replace(slow.loop, cut=True), parameters=(idle,))
    assert diagnose(cut).causes == ("broken_graph",)


@pytest.mark.parametrize("level", [True, False])
def test_two_epochs_are_not_too_few_where_the_loss_has_come_to_a_level(level: bool) -> None:
    time = np.linspace(0, 1, 200)
    falling = np.exp(-time * (60 if level else 1)) - 1e-4 * time
    seen = replace(healthy(), epochs=2, final_outputs=logits(0.62), losses=falling)
    assert (diagnose(seen).primary == "too_few_epochs") == (not level)


@pytest.mark.parametrize(
    ("rate", "back", "cause"),
    [(0.5, 0.4, "learning_rate_too_high"), (0.5, 0.0, "none"), (0.01, 0.4, "none")],
)
def test_a_loss_that_is_thrown_back_at_a_rate_beyond_the_usual_is_owed_to_it(
    rate: float, back: float, cause: str
) -> None:
    losses = np.concatenate([np.linspace(2.0, 0.1, 100), np.linspace(0.1, 0.1 + back, 100)])
    seen = replace(healthy(), optimizer=Optimizer("adam", (rate,)), losses=losses)
    assert diagnose(replace(seen, final_outputs=logits(0.8))).primary == cause


@pytest.mark.parametrize(
    ("rate", "first", "cause"),
    [(0.2, 7.0, "learning_rate_too_high"), (0.2, 1.0, "none"), (0.02, 7.0, "none")],
)
def test_a_loss_that_is_thrown_far_above_a_guess_is_owed_to_a_rate_beyond_the_usual(
    rate: float, first: float, cause: str
) -> None:
    losses = np.concatenate([[0.7, first], np.linspace(0.5, 0.3, 198)])
    seen = replace(healthy(), optimizer=Optimizer("adam", (rate,)), losses=losses)
    assert diagnose(replace(seen, final_outputs=logits(0.8))).primary == cause


@pytest.mark.parametrize(("epochs", "silent"), [(2, False), (25, True)])
def test_few_records_met_a_few_times_show_no_signal_and_no_lack_of_one(
    epochs: int, silent: bool
) -> None:
    few = replace(
        stuck(),
        epochs=epochs,
        inputs=MAKER.standard_normal((100, 4)),
        targets=MAKER.integers(0, 2, 100),
        final_outputs=np.zeros((100, 2)),
    )
    assert ("no_signal" in diagnose(few).causes) == silent


def test_sequences_in_each_others_roles_are_no_other_pairing() -> None:
    words = MAKER.integers(0, 9, (60, 6))
    arrays = {"x": words, "y": words[:, ::-1].copy()}
    assert not any(
        name == "y with x" for name, _, _ in alternatives(words, arrays["y"], arrays, [])
    )


def test_what_stands_elsewhere_in_a_record_is_asked_where_its_neighbours_say_little() -> None:
    words = MAKER.integers(0, 6, (300, 6))
    told = learnable(words, words[:, ::-1].copy(), classes=True)
    assert told is not None
    assert told.skill > 0.9


@pytest.mark.parametrize(("momentum", "cause"), [(0.97, True), (0.9, False)])
def test_momentum_adds_up_to_a_rate_beyond_the_usual(momentum: float, cause: bool) -> None:
    diverged = stuck(np.geomspace(1, 100, 200))
    seen = replace(diverged, optimizer=Optimizer("sgd", (0.3,), momentum=momentum))
    found = {f.cause: f.strength for f in diagnose(seen).findings}
    assert (found.get("learning_rate_too_high", 0) > 0.8) == cause


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


def validated_on(share: float, hits: float) -> Observations:
    """Classes drawn evenly for training, validated where the second has a share of records."""
    labels = (np.arange(1000) < share * 1000).astype(np.int64)
    right = np.where(np.random.default_rng(1).random(1000) < hits, labels, 1 - labels)
    return replace(healthy(), validation_outputs=6.0 * np.eye(2)[right], validation_targets=labels)


def test_a_class_that_is_rarer_in_validation_is_no_overfitting() -> None:
    assert diagnose(validated_on(0.05, 0.93)).primary == "none"
    assert diagnose(validated_on(0.05, 0.6)).primary == "overfitting"


def test_targets_moved_by_a_record_say_nothing_where_inputs_quote_the_record_before() -> None:
    change = MAKER.standard_normal(RECORDS + 3)
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
    met = MAKER.standard_normal(INPUTS.shape)
    assert bool(alternatives(met, LABELS, {"x": INPUTS, "y": LABELS}, [], beside)) == tried


def test_more_records_that_can_be_learnt_are_no_other_pairing_of_a_few() -> None:
    few = replace(
        healthy(),
        inputs=MAKER.standard_normal((24, 4)),
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
    drawn = np.random.default_rng(2).standard_normal((3, 4000))
    outputs = along * drawn[0] + drawn[1]
    return replace(
        stuck(),
        inputs=MAKER.standard_normal((RECORDS, 4)),
        validation_outputs=outputs,
        validation_targets=(drawn[0] > 0).astype(np.float64),
        loss=Loss("bce_logits", "linear"),
        final_outputs=np.zeros(RECORDS),
        targets=MAKER.integers(0, 2, RECORDS).astype(np.float64),
    )


def test_a_faint_signal_that_new_records_show_is_a_signal() -> None:
    assert "no_signal" in diagnose(unforeseen(0.0)).causes
    assert "no_signal" not in diagnose(unforeseen(0.2)).causes


@pytest.mark.parametrize(("apart", "cause"), [(3.0, True), (0.8, False)])
def test_a_rare_class_that_nobody_could_recognise_is_no_imbalance(
    apart: float, cause: bool
) -> None:
    labels = (np.arange(2000) < 160).astype(np.int64)
    inputs = np.random.default_rng(3).standard_normal((2000, 3)) + apart * labels[:, None] * [
        1,
        0,
        0,
    ]
    never = np.tile([3.0, 0.0], (2000, 1))
    order = np.random.default_rng(4).permutation(2000)
    seen = replace(healthy(), inputs=inputs[order], targets=labels[order], final_outputs=never)
    assert ("class_imbalance" in diagnose(seen).causes) == cause


def test_a_stage_is_asked_only_if_what_came_of_it_failed() -> None:
    stage = replace(stuck(), continued=True, optimizer=Optimizer("adam", (1e-6,)))
    last = replace(healthy(), loss=Loss("mse", "linear"), targets=NUMBERS, final_outputs=NUMBERS)
    answers = [(each, diagnose(each)) for each in (stage, last)]
    assert choose(answers).primary == "none"
    alone = [(each, diagnose(each)) for each in (replace(stage, continued=False), last)]
    assert choose(alone).primary == "learning_rate_too_low"
