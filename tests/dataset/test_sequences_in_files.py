"""Lengths, token ids and several targets in NPZ files, and what is wrong with them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.dataset import build, check_data, notes_of
from harness.dataset.padding import IGNORED
from harness.scenario import Case, ScenarioError, load
from tests.backends.small_cases import case_of

RECORDS, STEPS = 8, 4
RNG = np.random.default_rng(0)
X = RNG.normal(size=(RECORDS, STEPS, 2))
IDS = RNG.integers(0, 6, (RECORDS, STEPS))
LENGTHS = np.array([1, 2, 3, 4, 4, 3, 2, 1])
CLASSES = np.arange(RECORDS) % 2
TAGS = RNG.integers(0, 3, (RECORDS, STEPS))
LABELS = np.array([[0, 1, 1], [1, 0, 0]] * (RECORDS // 2))


def case(folder: Path, *lines: str, metric: str = "accuracy", **arrays: Any) -> Case:
    np.savez(folder / "d.npz", **arrays)
    path = folder / "case.toml"
    path.write_text(
        'question = "?"\n[data]\nvalidation_records = 2\nfile = "d.npz"\n'
        f'[converged]\nmetric = "{metric}"\nat_least = 0.9\n'
        '[[case]]\nname = "a"\nexpect = "converges"\n' + "\n".join(lines)
    )
    return load(path, "case").cases[0]


def told(folder: Path, *lines: str, metric: str = "accuracy", **arrays: Any) -> str:
    [message] = check_data(case(folder, *lines, metric=metric, **arrays))
    return message


STEP = 'data.targets = "each_step"'
EMBED = "model.embedding = 3"
BCE = 'training.loss = "bce"'


def test_lengths_end_records_and_their_targets(tmp_path: Path) -> None:
    made = case(tmp_path, STEP, x=X, y=TAGS, lengths=LENGTHS)
    assert check_data(made) == []
    data = build(made, 0)
    assert data.padded
    for x, y in zip(data.x, data.y, strict=True):
        there = ~np.isnan(x[:, 0])
        assert np.array_equal(y != IGNORED, there)
        row = np.flatnonzero((X[:, 0] == x[0]).all(axis=1))[0]
        assert there.sum() == LENGTHS[row]
        assert np.array_equal(x[there], X[row][there])


def test_what_lies_beyond_an_end_may_be_anything(tmp_path: Path) -> None:
    x, y = X.copy(), TAGS.copy()
    x[0, 1:], y[0, 1:] = np.nan, -7
    assert check_data(case(tmp_path, STEP, x=x, y=y, lengths=LENGTHS)) == []
    assert "x[0, 1, 0] is not finite" in told(tmp_path, STEP, x=x, y=TAGS)


def lengths(**changed: int) -> Any:
    found = LENGTHS.copy()
    for place, value in changed.items():
        found[int(place[1:])] = value
    return found


@pytest.mark.parametrize(
    ("lines", "arrays", "said"),
    [
        ((), {"lengths": lengths(_3=5)}, "lengths[3] is 5, beyond the 4 steps of the sequence"),
        ((), {"lengths": lengths(_2=0)}, "lengths[2] is 0: the record is empty, leave it out"),
        ((), {"lengths": lengths(_2=-1)}, "lengths[2] is -1: the record is empty"),
        ((), {"lengths": LENGTHS[:3]}, "lengths must have one number a record, 8, got 3"),
        ((), {"lengths": LENGTHS / 2}, "lengths holds float64, not whole numbers of steps"),
        (("data.lengths = [2, 4]",), {"lengths": LENGTHS}, "is 1; data.lengths allows 2 to 4"),
        (("data.lengths = [2, 4]",), {}, "has no array 'lengths'"),
        (
            (),
            {"x_validation": X, "y_validation": CLASSES, "lengths": LENGTHS},
            "has only one of lengths and lengths_validation",
        ),
        ((), {"x": IDS}, "are token ids: give model.embedding"),
        ((EMBED, "data.vocabulary = 5"), {"x": np.full_like(IDS, 5)}, "x[0, 0] is 5: token ids go"),
        ((EMBED,), {"x": -IDS - 1}, ": token ids go from 0 to"),
        ((EMBED,), {"x": X[..., :1]}, ": token ids are whole numbers"),
        ((EMBED,), {}, "token ids are one number a step; x has 2 features"),
        ((), {"y": LABELS}, "several labels need training.loss = 'bce'"),
        ((BCE,), {"y": LABELS * 2}, "each 0 or 1; one is 2"),
        ((BCE,), {"y": CLASSES * 2.0}, "loss 'bce' needs labels 0 and 1; there is a target 2"),
        (
            (BCE, "data.sort_by_label = true"),
            {"y": LABELS},
            "data.sort_by_label needs one label a record, and y [8, 3] holds several",
        ),
        (
            (BCE, "data.oversample = true"),
            {"y": LABELS},
            "data.oversample needs one label a record, and y [8, 3] holds several",
        ),
        (
            ('data.normalize_targets = "standard"',),
            {},
            "data.normalize_targets needs decimal numbers, and targets are integers",
        ),
        (
            ('training.class_weights = "balanced"', 'converged.metric = "rmse"'),
            {"y": X[:, 0, 0]},
            "training.class_weights needs classes, and targets are decimal numbers",
        ),
        (('converged.metric = "rmse"',), {"y": CLASSES * 0.0 + 3}, "its targets are all 3: there"),
        ((EMBED,), {"x": IDS * 1.0}, "got [8, 4] of float64; token ids are"),
        ((), {"lengths_validation": LENGTHS}, "has lengths_validation and no x_validation"),
        (
            ("training.stateful = true", "training.shuffle = false"),
            {"lengths": LENGTHS},
            "holds lengths, and training.stateful needs records of one length",
        ),
        (
            (),
            {"y": CLASSES * 1.0},
            "its targets are 0.0 and 1.0, which are values: save them as in",
        ),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(
    tmp_path: Path, lines: tuple[str, ...], arrays: dict[str, Any], said: str
) -> None:
    message = told(tmp_path, *lines, **{"x": X, "y": CLASSES, **arrays})
    assert message.startswith("d.npz: ")
    assert said in message
    assert "regression" not in message


def test_a_vocabulary_of_inputs_that_are_no_ids_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"case\.toml:11: .*data\.vocabulary: is of token ids"):
        case(tmp_path, "data.vocabulary = 9", x=X, y=CLASSES)


def test_all_that_does_not_fit_the_targets_is_told_at_once(tmp_path: Path) -> None:
    lines = ("data.sort_by_label = true", 'data.normalize_targets = "standard"', BCE)
    message = told(tmp_path, *lines, metric="rmse", x=X, y=LABELS)
    assert message.count("; ") == 2


def test_ids_are_embedded_by_the_vocabulary_or_the_largest_of_them(tmp_path: Path) -> None:
    assert build(case(tmp_path, EMBED, x=IDS, y=CLASSES), 0).features == IDS.max() + 1
    declared = case(tmp_path, EMBED, "data.vocabulary = 50", x=IDS, y=CLASSES)
    assert build(declared, 0).features == 50


def test_zeros_and_ones_as_decimal_numbers_are_labels_for_a_loss_of_labels(tmp_path: Path) -> None:
    made = case(tmp_path, BCE, x=X, y=CLASSES * 1.0)
    assert check_data(made) == []
    data = build(made, 0)
    assert (data.classes, data.outputs, str(data.y.dtype)) == (2, 1, "int64")


def test_several_labels_have_a_logit_each(tmp_path: Path) -> None:
    for y in (LABELS, LABELS * 1.0):
        data = build(case(tmp_path, BCE, x=X, y=y), 0)
        assert (data.classes, data.outputs, data.one_logit) == (2, 3, True)


def test_several_values_have_an_output_each(tmp_path: Path) -> None:
    data = build(case(tmp_path, metric="rmse", x=X, y=X[:, -1]), 0)
    assert (data.classes, data.outputs, data.width) == (0, 2, 2)


PADDED = np.where(np.arange(STEPS) < LENGTHS[:, None], IDS + 1, 0)


@pytest.mark.parametrize("pad", [0, 7])
def test_ids_that_end_in_padding_without_lengths_are_told_of(tmp_path: Path, pad: int) -> None:
    made = case(tmp_path, EMBED, x=np.where(PADDED, PADDED, pad), y=CLASSES)
    assert check_data(made) == []
    (note,) = notes_of(made)
    assert note.startswith(f"d.npz: 6 of 8 records end in id {pad}, which stands nowhere else")


@pytest.mark.parametrize("lengths", [{}, {"lengths": np.full(8, STEPS)}])
def test_ids_that_are_padded_in_front_are_told_of(tmp_path: Path, lengths: dict[str, Any]) -> None:
    (note,) = notes_of(case(tmp_path, EMBED, x=PADDED[:, ::-1], y=CLASSES, **lengths))
    assert note.startswith("d.npz: 6 of 8 records begin with id 0, which stands nowhere else")
    assert "pad at the end" in note


@pytest.mark.parametrize(
    "arrays",
    [
        {"x": PADDED, "lengths": LENGTHS},
        {"x": IDS},
        {"x": np.where(np.arange(STEPS) < STEPS - 1, IDS + 1, 0)},
        {"x": np.where(np.arange(STEPS) > 0, IDS + 1, 0)},
        {"x": IDS + 1},
        {"x": np.arange(8 * STEPS).reshape(8, STEPS)},
    ],
    ids=["with lengths", "0 is a word", "all end in one", "all begin with one", "no 0", "rare"],
)
def test_nothing_is_said_of_ids_that_need_be_no_padding(
    tmp_path: Path, arrays: dict[str, Any]
) -> None:
    assert notes_of(case(tmp_path, EMBED, y=CLASSES, **arrays)) == []


@pytest.mark.parametrize("name", ["length", "Lengths", "seq_len", "Sequence-Lengths", "mask"])
def test_lengths_of_another_name_are_a_mistake(tmp_path: Path, name: str) -> None:
    values: Any = np.arange(STEPS) < LENGTHS[:, None] if name == "mask" else LENGTHS
    arrays: dict[str, Any] = {"x": X, "y": CLASSES, name: values}
    message = told(tmp_path, **arrays)
    assert f"holds {name!r}, which is not read: " in message
    assert "an array 'lengths'" in message


@pytest.mark.parametrize("name", ["x_val", "X_valid", "x_dev"])
def test_held_out_records_of_another_name_are_a_mistake(tmp_path: Path, name: str) -> None:
    arrays: dict[str, Any] = {"x": X, "y": CLASSES, name: X}
    message = told(tmp_path, **arrays)
    assert f"holds {name!r}, which is not read: records that are held out are 'x_val" in message
    assert check_data(case(tmp_path, x=X, y=CLASSES, x_test=X)) == []


@pytest.mark.parametrize("values", [np.full(8, STEPS), np.ones(3), np.array(["a"] * RECORDS)])
def test_an_array_of_that_name_that_ends_no_record_is_left_alone(
    tmp_path: Path, values: Any
) -> None:
    assert check_data(case(tmp_path, x=X, y=CLASSES, length=values)) == []


def test_classes_and_ids_that_only_validation_has_are_told_of(tmp_path: Path) -> None:
    later: dict[str, Any] = {"x_validation": IDS + 1, "y_validation": CLASSES + 1}
    notes = notes_of(case(tmp_path, EMBED, x=IDS, y=CLASSES, **later))
    assert notes[0] == "d.npz: y_validation holds class 2, which no training record has"
    assert notes[1].startswith("d.npz: x_validation holds 1 token ids that no training record has")
    same: dict[str, Any] = {"x_validation": IDS, "y_validation": CLASSES}
    assert notes_of(case(tmp_path, EMBED, x=IDS, y=CLASSES, **same)) == []


def test_f1_of_three_classes_is_refused_with_the_way_out(tmp_path: Path) -> None:
    judged = {"metric": "f1", "at_least": 0.9}
    (of_task,) = check_data(case_of({"task": "tagging"}, {"embedding": 2}, converged=judged))
    assert of_task.startswith("metric 'f1' is of class 1 where there are two, and there are")
    message = told(tmp_path, metric="f1", x=X, y=np.arange(8) % 3)
    assert "metric 'f1' is of class 1 where there are two, and there are 3: macro_f1 is" in message


@pytest.mark.parametrize(("expect", "told_of"), [("converges", True), ("fails", False)])
def test_a_schedule_that_outlasts_its_training_is_told_of(expect: str, told_of: bool) -> None:
    training = {"schedule": "cosine", "epochs": 5, "schedule_epochs": 9}
    notes = notes_of(case_of(training=training).model_copy(update={"expect": expect}))
    assert notes == told_of * [
        "case: training.schedule_epochs = 9, and epochs = 5: training ends before 'cosine' does"
    ]
