"""Causes that lie in the rate, the budget and the loop."""

from dataclasses import replace

import numpy as np
import pytest

from harness.diagnosis import diagnose
from harness.diagnosis.facts import Facts
from harness.diagnosis.observations import Layer, Loop, Loss, Optimizer, Parameter
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


def test_a_rate_that_looks_wrong_is_no_cause_where_training_went_well() -> None:
    for rate in (1e-6, 5.0):
        assert diagnose(replace(healthy(), optimizer=Optimizer("adam", (rate,)))).primary == "none"


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"optimizer": Optimizer("adam", (1e-6,))}, "learning_rate_too_low"),
        ({"optimizer": Optimizer("adam", (1.0,))}, "learning_rate_too_high"),
        ({"inputs": INPUTS * 3 + 300}, "unnormalized_inputs"),
        ({"layers": (Layer("drop", "Dropout", dropout=0.95),)}, "dropout_too_high"),
        ({"targets": drawn().permutation(LABELS)}, "no_signal"),
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


def test_turns_of_two_networks_are_not_judged_by_their_losses() -> None:
    assert diagnose(replace(stuck(), loop=Loop(interleaved=True))).primary == "none"


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


@pytest.mark.parametrize("fall", [0.05, 0.0])
def test_a_training_that_stops_within_a_plateau_that_falls_had_too_few_epochs(fall: float) -> None:
    noise = 0.01 * np.random.default_rng(2).standard_normal(100)
    noise[-10:] += 0.005  # so that the last tenth alone says nothing
    losses = 0.7 - fall * np.linspace(0, 1, 100) + noise
    found = diagnose(replace(stuck(losses), epochs=8)).primary
    assert (found == "too_few_epochs") == (fall > 0)


@pytest.mark.parametrize("epochs", [2, 25])
def test_a_steep_fall_at_the_end_of_few_epochs_is_too_few(epochs: int) -> None:
    half = replace(
        healthy(), inputs=None, final_outputs=logits(0.5), losses=np.linspace(2.0, 1.0, 200)
    )
    cause = "too_few_epochs" if epochs == 2 else "none"
    assert diagnose(replace(half, epochs=epochs)).primary == cause


@pytest.mark.parametrize(("every", "remedy"), [(1, "Step the schedule once an epoch"), (40, "")])
def test_a_schedule_that_is_stepped_after_each_batch_takes_the_rate_away(
    every: int, remedy: str
) -> None:
    rates = tuple(1e-2 * 0.5 ** (step // every) for step in range(200))
    found = diagnose(replace(stuck(), optimizer=Optimizer("adam", rates)))
    lowered = [each for each in found.findings if each.cause == "learning_rate_too_low"]
    assert [each.remedy.startswith(remedy) for each in lowered] == [True] * bool(remedy)


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


@pytest.mark.parametrize(("momentum", "cause"), [(0.97, True), (0.9, False)])
def test_momentum_adds_up_to_a_rate_beyond_the_usual(momentum: float, cause: bool) -> None:
    diverged = stuck(np.geomspace(1, 100, 200))
    seen = replace(diverged, optimizer=Optimizer("sgd", (0.3,), momentum=momentum))
    found = {f.cause: f.strength for f in diagnose(seen).findings}
    assert (found.get("learning_rate_too_high", 0) > 0.8) == cause


def test_a_training_that_is_unfinished_for_two_updates_an_epoch_has_too_large_batches() -> None:
    hard = INPUTS[drawn().permutation(RECORDS)]  # for a simple model
    short = replace(healthy(), losses=np.linspace(0.69, 0.4, 40), inputs=hard)
    short = replace(short, final_outputs=logits(0.5))
    whole = replace(short, epochs=20, loop=Loop(batch=120, records=RECORDS, shuffled=True))
    assert diagnose(whole).primary == "batch_too_large"
    small = replace(short, epochs=2, loop=Loop(batch=12, records=RECORDS, shuffled=True))
    assert diagnose(small).primary == "too_few_epochs"


@pytest.mark.parametrize(("reached", "named"), [(0.9, True), (0.99, False)])
def test_sorted_targets_cost_what_a_simple_model_does_better(reached: float, named: bool) -> None:
    order = np.argsort(NUMBERS[:, 0])
    x, y = INPUTS[order], NUMBERS[order]
    off = np.sqrt(1 - reached) * y.std() * np.random.default_rng(2).standard_normal(y.shape)
    seen = replace(
        healthy(),
        loss=Loss("mse", "linear", output_shape=(20, 1), target_shape=(20, 1)),
        loop=Loop(batch=20, records=RECORDS, shuffled=False),
        inputs=x,
        targets=y,
        final_outputs=y + off,
        batches=tuple(np.split(y, RECORDS // 20)),
    )
    assert ("not_shuffled" in diagnose(seen).causes) == named


def test_a_loss_above_a_guess_is_owed_to_weights_drawn_too_wide() -> None:
    wide = Parameter("fc.weight", (8, 4), gradients=(9.0, 9.0), weight=9.0, moved=1.0,
                     spread=4.0, usual=0.7)  # fmt: skip
    answers = 60 * logits(0.8)
    answers[-20:] = np.where(LABELS[-20:, None] == [0, 1], -200.0, 200.0)  # sure, and wrong
    seen = replace(healthy(), parameters=(wide,), final_outputs=answers)
    assert diagnose(seen).primary == "poor_initialization"
    assert diagnose(replace(seen, parameters=healthy().parameters)).primary == "none"


@pytest.mark.parametrize(("width", "told"), [(1, True), (3, False)])
def test_numbers_sorted_by_one_feature_are_no_series_and_windows_are(
    width: int, told: bool
) -> None:
    series = np.linspace(-3, 3, RECORDS + width - 1)
    windows = np.stack([series[at : at + width] for at in range(RECORDS)])
    targets = np.sin(windows[:, -1:])
    seen = replace(
        healthy(),
        loss=Loss("mse", "linear", output_shape=(30, 1), target_shape=(30, 1)),
        loop=Loop(batch=30, records=RECORDS, shuffled=False),
        inputs=windows,
        targets=targets,
        final_outputs=targets + np.sign(targets) * 0.45,
        batches=tuple(targets.reshape(-1, 30, 1)),
    )
    assert (diagnose(seen).primary == "not_shuffled") == told


@pytest.mark.parametrize(("behind", "cause"), [(0.5, "learning_rate_too_low"), (0.95, "none")])
def test_a_rate_that_is_gone_after_a_tenth_of_the_updates_is_named_where_more_could_be_learnt(
    behind: float, cause: str
) -> None:
    rates = (1e-3,) * 20 + (1e-9,) * 180
    seen = replace(healthy(), optimizer=Optimizer("adam", rates), final_outputs=logits(behind))
    assert diagnose(seen).primary == cause


@pytest.mark.parametrize(("stored", "cause"), [(True, "not_shuffled"), (False, "overfitting")])
def test_records_that_are_stored_by_class_are_not_to_be_cut_at_their_end(
    stored: bool, cause: str
) -> None:
    order = np.argsort(LABELS, kind="stable")[:180] if stored else np.arange(180)
    new = np.ones(60, int) if stored else LABELS[180:]
    seen = replace(
        healthy(),
        inputs=INPUTS[order],
        targets=LABELS[order],
        final_outputs=logits(1.0)[order],
        loop=Loop(batch=30, records=180, shuffled=True),
        in_order=True,
        validation_outputs=10.0 * (new[:, None] != [0, 1]),
        validation_targets=new,
    )
    assert diagnose(seen).primary == cause


@pytest.mark.parametrize(("sure", "ending"), [(0.001, "bad"), (1.0, "good")])
def test_decisions_that_are_hardly_any_are_not_learnt(sure: float, ending: str) -> None:
    losses = 0.693 - 0.005 * (1 - np.exp(-np.arange(200) / 8))
    seen = replace(healthy(), losses=losses, final_outputs=sure * logits(0.7))
    assert Facts(seen).ending == ending
    gone = Optimizer("adam", tuple(1e-3 * 0.9**step for step in range(200)))
    assert (diagnose(replace(seen, optimizer=gone)).primary == "none") == (ending == "good")


@pytest.mark.parametrize(("steps", "cause"), [(100, "too_few_epochs"), (300, "train_mode_missing")])
def test_running_statistics_that_lag_are_told_by_what_evaluation_mode_makes_of_training(
    steps: int, cause: str
) -> None:
    made = (Layer("norm", "BatchNormalization"), Layer("out", "Dense", 2))
    wrong = logits(1.0)[:, ::-1]
    lagging = replace(healthy(), framework="keras", layers=made, final_outputs=wrong)
    lagging = replace(lagging, losses=np.linspace(0.7, 0.1, steps), epochs=10)
    assert diagnose(lagging).primary == cause


@pytest.mark.parametrize("falling", [True, False])
def test_a_schedule_takes_the_rate_away_too_early_where_the_loss_was_still_falling(
    falling: bool,
) -> None:
    time = np.minimum(np.arange(200), 60)
    losses = 0.7 - 0.005 * time if falling else 0.4 + 0.3 * np.exp(-time / 8)
    rates = tuple(1e-2 * 0.5 ** (step // 10) for step in range(200))
    seen = replace(healthy(), optimizer=Optimizer("adam", rates), inputs=None, losses=losses)
    found = diagnose(replace(seen, final_outputs=logits(0.6))).primary
    assert found == ("learning_rate_too_low" if falling else "none")


def test_a_schedule_is_named_though_its_first_rate_was_low_already() -> None:
    rates = tuple(1e-4 * 0.1 ** (step // 8) for step in range(200))
    found = diagnose(replace(stuck(), optimizer=Optimizer("adam", rates))).findings[0]
    assert found.cause == "learning_rate_too_low"
    assert found.evidence.startswith("The schedule lowered the learning rate from 0.0001")
