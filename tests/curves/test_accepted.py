"""An accepted record holds what was read, whole or not at all."""

from pathlib import Path

import pytest

from harness.curves import CurveError, accepts, read_recording
from tests.curves.canned import falling, json_lines


@pytest.fixture
def record(tmp_path: Path) -> Path:
    run = json_lines(tmp_path / "run", falling(0))
    path = tmp_path / "accepted" / "loss.json"
    accepts(path, {"loss": read_recording(run).reference_curves("loss")})
    return path


def test_a_record_gives_back_every_bit(record: Path) -> None:
    recording = read_recording(record)
    [curve] = recording.reference_curves("loss")
    assert recording.accepted
    assert curve.run == "run"
    assert curve.values.tolist() == falling(0).tolist()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"run"', '"ran"', "was edited by hand or damaged, its checksum differs"),
        ("[1, 2, 3,", "[1, 2, 4,", "was edited by hand or damaged, its checksum differs"),
        ("}\n}\n", "", "is cut off or malformed"),
        ('"accepted_curves": 1', '"accepted_curves": 2', "was written by a later version"),
        ('"checksum"', '"sum"', "is cut off or malformed"),
    ],
)
def test_a_record_that_is_not_as_written_is_refused(
    record: Path, old: str, new: str, message: str
) -> None:
    text = record.read_text(encoding="utf-8")
    assert old in text
    record.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CurveError, match=message):
        read_recording(record)


def test_a_record_that_cannot_be_replaced_stays_whole(record: Path) -> None:
    before = record.read_bytes()
    curves = {"loss": read_recording(record).reference_curves("loss")}
    with pytest.raises(CurveError, match="cannot be written"):
        accepts(record / "below.json", curves)
    assert record.read_bytes() == before


def test_what_is_no_record_is_left_as_it_is(tmp_path: Path, record: Path) -> None:
    curves = {"loss": read_recording(record).reference_curves("loss")}
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CurveError, match="is there, and is no accepted record"):
        accepts(tmp_path / "other.json", curves)
    assert (tmp_path / "other.json").read_text(encoding="utf-8") == "{}"


def test_line_ends_that_version_control_changed_are_no_edit(record: Path) -> None:
    record.write_bytes(record.read_bytes().replace(b"\n", b"\r\n"))
    assert read_recording(record).accepted
