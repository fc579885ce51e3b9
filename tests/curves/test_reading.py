"""Recordings are read in every format, and refused by file and line."""

from pathlib import Path

import numpy as np
import pytest

from harness.curves import CurveError, read_recording
from tests.curves.canned import FORMATS, Writer, events, falling, golden, json_lines

VALUES = [0.5, 0.25, 0.125]
RECORDED = Path(__file__).parent / "recorded"


def refusal(path: Path, metric: str = "loss") -> str:
    """Return what is said of a recording that cannot be accepted, its folder left out."""
    with pytest.raises(CurveError) as error:
        read_recording(path).reference_curves(metric)
    return str(error.value).replace(f"{path.parent}/", "")


@pytest.mark.parametrize("write", FORMATS, ids=lambda write: write.__name__)
def test_every_format_gives_the_same_curve(tmp_path: Path, write: Writer) -> None:
    [curve] = read_recording(write(tmp_path / "run", VALUES)).reference_curves("loss")
    assert curve.steps.tolist() == [1, 2, 3]
    assert curve.values.tolist() == VALUES


def test_an_event_file_of_the_tensorboard_package_is_read() -> None:
    path = RECORDED / "events.out.tfevents.by-tensorboard-2.21"
    recording = read_recording(path)
    assert recording.metrics == ["double", "loss", "train/accuracy"], "three weights are no scalar"
    for metric, expected in (
        ("loss", 1 / np.arange(1, 6)),
        ("train/accuracy", 0.5 + 0.05 * np.arange(1, 6)),
        ("double", 0.5 + 0.05 * np.arange(1, 6)),
    ):
        [curve] = recording.reference_curves(metric)
        assert curve.steps.tolist() == [1, 2, 3, 4, 5]
        np.testing.assert_allclose(curve.values, expected, rtol=1e-7)


def test_event_files_of_one_folder_follow_each_other(tmp_path: Path) -> None:
    first = events(tmp_path / "1", VALUES)
    again = first.with_name("events.out.tfevents.2")
    again.write_bytes(first.read_bytes().replace(b"\x10\x01", b"\x10\x01"))
    assert "begins at step 1" in refusal(tmp_path)
    assert "own folder" in refusal(tmp_path)


@pytest.mark.parametrize("cut", [1, 5, 11, 13, 40])
def test_an_event_file_that_is_cut_off_names_its_record(tmp_path: Path, cut: int) -> None:
    path = events(tmp_path / "run", VALUES)
    path.write_bytes(path.read_bytes()[:-cut])
    assert "is cut off in record" in refusal(path)


@pytest.mark.parametrize("at", [3, 9, 20, -2])
def test_an_event_file_with_a_flipped_bit_is_refused(tmp_path: Path, at: int) -> None:
    path = events(tmp_path / "run", VALUES)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    assert "is damaged, at byte" in refusal(path)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.jsonl", "", "a.jsonl: is empty"),
        ("a.jsonl", '{"step": 1, "loss": 1}\n{"step": 2, "lo', "a.jsonl:2: is broken or cut-off"),
        ("a.jsonl", '{"step": 1, "loss": 1}\n[1]', "a.jsonl:2: is no JSON object"),
        ("a.jsonl", '{"loss": 1}', "a.jsonl:1: has no step: call it one of step, "),
        ("a.jsonl", '{"step": 1, "loss": 1}\n{"loss": 1}', "a.jsonl:2: has no 'step'"),
        ("a.jsonl", '{"step": 1, "loss": 1, "loss": 2}', "a.jsonl:1: two values are called 'loss'"),
        ("a.jsonl", '{"step": 1.5, "loss": 1}', "a.jsonl:1: the step is '1.5': it must be a whole"),
        ("a.jsonl", '{"step": true, "loss": 1}', "a.jsonl:1: the step is 'True'"),
        ("a.jsonl", '{"step": -1, "loss": 1}', "a.jsonl:1: the step is '-1'"),
        ("a.jsonl", '{"step": 1e99, "loss": 1}', "a.jsonl:1: the step is '1e+99'"),
        ("a.jsonl", '{"step": 1, "loss": "low"}', "a.jsonl:1: loss is 'low', not a number"),
        ("a.jsonl", '{"step": 1, "loss": true}', "a.jsonl:1: loss is 'True', not a number"),
        ("a.jsonl", '{"step": 1, "loss": NaN}', "a.jsonl:1: loss is nan at step 1"),
        ("a.jsonl", '{"step": 1, "loss": 1e999}', "a.jsonl:1: loss is inf at step 1"),
        ("a.jsonl", "{" + '"a":{' * 9999, "a.jsonl:1: "),
        (
            "a.jsonl",
            '{"step": 1, "loss": 1}\n\n{"step": 1, "loss": 1}',
            "a.jsonl:3: loss: step 1 comes twice (see line 1)",
        ),
        (
            "a.jsonl",
            '{"step": 2, "loss": 1}\n{"step": 1, "loss": 1}',
            "a.jsonl:2: loss: step 1 comes after step 2 (see line 1)",
        ),
        ("a.jsonl", '{"step": 1, "x": 1}', "a.jsonl: the run a has no metric 'loss'"),
        ("a.csv", "step,loss,loss\n1,2,3\n", "a.csv:1: 2 columns are called 'loss'"),
        ("a.csv", "step,loss\n1,2\n2\n", "a.csv:3: has 1 cells where the header has 2"),
        ("a.csv", "step,loss\n1,2\n,3\n", "a.csv:3: the step is 'None'"),
        ("a.csv", "loss\n1\n", "a.csv:1: has no step"),
        ("a.csv", 'step,loss\n1,"2', "a.csv:2: is broken CSV"),
        ("a.csv", "step,loss\n1,x\n", "a.csv:2: loss is 'x', not a number"),
        ("a.json", '{"loss": {"values": {"1": 2', "a.json:1: is broken or cut-off JSON"),
        ("a.json", '{"loss": {"values": 3}}', "a.json:1: loss: holds no values"),
        ("a.json", '{"loss": {"values": [3]}}', "a.json:1: loss: needs start_step"),
        ("a.csv", "step,loss\n", "a.csv: the run a has no value of 'loss'"),
        ("a.csv", "step,loss,val\n1,,2\n", "a.csv: the run a has no value of 'loss'"),
        (
            "a.json",
            '{\n"loss": {\n"values": {\n"1": 2,\n"1": 3\n}\n}\n}',
            "a.json:5: two entries are called '1'",
        ),
        ("a.txt", "1 0.5\n1 0.4\n", "a.txt:2: loss: step 1 comes twice"),
        ("a.txt", "1 0.5\n2", "a.txt:2: is cut off: the file ends within this line"),
        ("a.txt", "step: 1  loss: 2\nstep: 2  lo", "a.txt:2: is cut off: the file ends within"),
        (
            "a.txt",
            "step: 1  loss: 2  norm: 1\nstep: 2  loss: 1  no",
            "a.txt:2: is cut off: the file ends within",
        ),
        ("a.txt", "step: 1  loss: 2\nstep: 2  loss: low\n", "a.txt:2: loss is 'low', not a"),
        ("a.txt", "step: 1  loss: 2\nstep: 2  loss:  lr: 3\n", "a.txt:2: loss is '', not a"),
        ("a.txt", "step: 1  loss: 2  loss: 3\n", "a.txt:1: loss: step 1 comes twice"),
        ("a.txt", "notes\n", "a.txt: is in no known format: JSON lines, "),
        ("a.toml", "[a]\n", "a.toml: is in no known format: JSON lines, "),
    ],
)
def test_bad_input_is_refused_by_file_and_line(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert refusal(path).startswith(message)


def test_what_a_log_says_beside_its_numbers_is_no_metric(tmp_path: Path) -> None:
    path = tmp_path / "train.log"
    line = "step: {0}  loss: {0}.5  memory:  0.90GiB(0.95%)  tps: 1,773"
    text = "\n".join([line.format(1), "step: 1 saved a checkpoint", line.format(2)])
    path.write_text(text, encoding="utf-8")
    recording = read_recording(path)
    assert recording.metrics == ["loss"]
    assert recording.reference_curves("loss")[0].values.tolist() == [1.5, 2.5]


def test_a_golden_value_that_is_not_finite_is_named_by_its_line(tmp_path: Path) -> None:
    path = golden(tmp_path / "a", VALUES)
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines, 1) if '"nan"' in line)
    assert refusal(path, "iteration-time").startswith(
        f"a.json:{at}: iteration-time is nan at step 1"
    )


def test_what_is_not_utf_8_is_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"step": 1, "loss": 1}\n\xff')
    assert refusal(path) == "a.jsonl:2: is not UTF-8"


def test_a_byte_order_mark_and_windows_line_ends_are_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfstep,loss\r\n1,0.5\r\n")
    assert read_recording(path).reference_curves("loss")[0].values.tolist() == [0.5]


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.truncate(2**30)  # sparse
    assert refusal(path).startswith("a.jsonl: is 1024 MiB, more than the 256 MiB")


def test_empty_cells_and_rows_of_other_metrics_are_no_points(tmp_path: Path) -> None:
    path = tmp_path / "metrics.csv"
    path.write_text("epoch,step,loss,val\n0,1,0.5,\n0,1,,0.6\n1,2,0.4,\n", encoding="utf-8")
    recording = read_recording(path)
    assert recording.reference_curves("loss")[0].steps.tolist() == [1, 2]
    assert recording.reference_curves("val")[0].steps.tolist() == [1]


def test_a_folder_is_one_run_a_file(tmp_path: Path) -> None:
    for seed in range(3):
        json_lines(tmp_path / f"seed{seed}", falling(seed))
    (tmp_path / ".hidden").write_text("notes", encoding="utf-8")
    curves = read_recording(tmp_path).reference_curves("loss")
    assert [curve.run for curve in curves] == ["seed0", "seed1", "seed2"]


def test_a_folder_of_folders_is_one_run_a_folder(tmp_path: Path) -> None:
    for seed in "01":
        (tmp_path / f"seed{seed}").mkdir()
        events(tmp_path / f"seed{seed}" / "run", VALUES)
    assert [run.name for run in read_recording(tmp_path).runs] == ["seed0", "seed1"]


def test_a_folder_of_mixed_formats_is_refused(tmp_path: Path) -> None:
    for name, text in (("a.csv", "step,loss\n1,2\n"), ("b.jsonl", '{"step": 1, "loss": 1}')):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert "mixes formats: a is CSV, b is JSON lines" in refusal(tmp_path)


def test_event_files_among_others_are_refused(tmp_path: Path) -> None:
    events(tmp_path / "run", VALUES)
    json_lines(tmp_path / "b", VALUES)
    assert "holds event files and b.jsonl: one format a folder" in refusal(tmp_path)


def test_runs_of_unequal_length_are_refused_by_their_step(tmp_path: Path) -> None:
    json_lines(tmp_path / "a", VALUES)
    json_lines(tmp_path / "b", VALUES[:2])
    assert refusal(tmp_path).endswith("a has 3, b 2; a has step 3, b lacks it")


def test_an_empty_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    assert "holds no curves; known are JSON lines" in refusal(tmp_path)
    assert refusal(tmp_path / "gone") == "gone: no such file or folder"


def test_a_folder_within_a_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "seed" / "deeper").mkdir(parents=True)
    assert "must hold the one file, or the event files, of one run" in refusal(tmp_path)
