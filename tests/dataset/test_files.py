"""Data files are read as documented, and what is wrong with one is said in one line."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.dataset import build, changed, check_data, check_file
from harness.dataset.files import CHANGED
from harness.dataset.files import read as read_expected
from harness.dataset.records import DataFileError, Records
from harness.scenario import Case, FromFile, load
from harness.scenario.data_digest import digest_of_file

X, Y = np.arange(12.0).reshape(4, 3, 1), np.array([0, 1, 0, 1])


def read(path: Path, data: FromFile) -> Records:
    return read_expected(path, data, digest_of_file(path))


def csv(folder: Path, text: str, **options: Any) -> Any:
    (folder / "x.csv").write_text(text, encoding="utf-8")
    return read(folder / "x.csv", FromFile(file="x.csv", **({"timesteps": 2} | options)))


def npz(folder: Path, **arrays: Any) -> Any:
    np.savez(folder / "x.npz", **arrays)
    return read(folder / "x.npz", FromFile(file="x.npz"))


def test_a_csv_is_wide_with_time_before_features(tmp_path: Path) -> None:
    records = csv(tmp_path, "a0,b0,target,a1,b1\n1,2,0,3,4\n5,6,1,7,8\n")
    assert records.x.tolist() == [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
    assert records.y.tolist() == [0, 1]


def test_a_csv_may_name_its_target_and_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    records = csv(tmp_path, "\ufefflabel,a,b\n0,1,2\n1,3,4\n", target="label")
    assert records.y.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("cells", "dtype"),
    [
        (("0", "1"), np.int64),
        (("0.5", "1"), np.float64),
        (("1e3", "2"), np.float64),
        (("0.0", "1.0"), np.float64),
        (("1", "99999999999999999999"), np.float64),
    ],
)
def test_whole_numbers_are_classes_and_others_values(
    tmp_path: Path, cells: tuple[str, str], dtype: Any
) -> None:
    records = csv(tmp_path, f"a,b,target\n1,2,{cells[0]}\n3,4,{cells[1]}\n")
    assert records.y.dtype == dtype


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no column 'target'"),
        ("a,b,target\n", "has no records"),
        ("a,b,taget\n1,2,0\n", "has no column 'target'; did you mean 'taget'?"),
        ("a,target,target\n1,2,0\n", "has 2 columns 'target'"),
        ("a,b,target\n1,2,0\n\n1,x,1\n", "line 4, column 'b': 'x' is no number"),
        ("a,b,target\n1,,0\n", "line 2, column 'b': '' is no number"),
        ("a,b,target\n1,nan,0\n", "line 2, column 'b': 'nan' is not finite"),
        ("a,b,target\n1,2,0\n1,2,inf\n", "line 3, column 'target': 'inf' is not finite"),
        ("a,b,target\n1,2\n", "line 2 has 2 cells, the header 3"),
        ("a,b,c,target\n1,2,3,0\n", "3 value columns are no multiple of timesteps 2"),
        ("target\n1\n", "0 value columns are no multiple of timesteps 2"),
        ("a,b,target\n1,2,1\n3,4,1\n", "labels are of one class only (1); give at least two"),
        ("a,b,target\n1,2,-1\n3,4,1\n", "class labels must not be negative, got -1"),
    ],
)
def test_what_is_wrong_with_a_csv_is_said(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataFileError, match=re.escape(message)):
        csv(tmp_path, text)


def test_a_csv_of_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("größe,target\n1,0\n".encode("latin-1"))
    with pytest.raises(DataFileError, match="is not UTF-8: byte 2"):
        read(tmp_path / "x.csv", FromFile(file="x.csv", timesteps=1))


def test_an_npz_holds_inputs_and_targets(tmp_path: Path) -> None:
    records = npz(tmp_path, x=X.astype(np.float32), y=Y.astype(np.int8))
    assert np.array_equal(records.x, X)
    assert (records.x.dtype, records.y.dtype) == (np.float64, np.int64)
    assert records.x_validation is None


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"x": X}, "has no array 'y'"),
        ({"X": X, "y": Y}, "has no array 'x'"),
        ({"x": X, "y": Y[:3]}, "x and y must have as many records, got 4 and 3"),
        ({"x": X[:, :, 0], "y": Y}, "x must have shape [records, timesteps, features], got [4, 3]"),
        ({"x": X, "y": Y[:, None]}, "y must have shape [records], got [4, 1]"),
        ({"x": X[:0], "y": Y[:0]}, "has no records: x has shape [0, 3, 1]"),
        ({"x": X[:, :0], "y": Y}, "has no records: x has shape [4, 0, 1]"),
        ({"x": np.where(X == 4, np.nan, X), "y": Y}, "x[1, 1, 0] is not finite"),
        ({"x": X, "y": np.array([0, 1, np.inf, 0])}, "y[2] is not finite"),
        ({"x": X, "y": Y * 0}, "labels are of one class only (0)"),
        ({"x": X, "y": Y.astype(str)}, "y holds <U"),
        ({"x": X.astype(complex), "y": Y}, "x holds complex128, not real numbers"),
        ({"x": X, "y": Y, "x_validation": X}, "has only one of x_validation and y_validation"),
        (
            {"x": X, "y": Y, "x_validation": X[:, :2], "y_validation": Y},
            "x and x_validation differ in timesteps or features",
        ),
        (
            {"x": X, "y": Y, "x_validation": X, "y_validation": Y * 1.0},
            "y and y_validation must both hold integers (classes) or both floats",
        ),
        (
            {"x": X, "y": Y, "x_validation": X, "y_validation": -Y},
            "class labels must not be negative, got -1",
        ),
    ],
)
def test_what_is_wrong_with_an_npz_is_said(
    tmp_path: Path, arrays: dict[str, Any], message: str
) -> None:
    with pytest.raises(DataFileError, match=re.escape(message)):
        npz(tmp_path, **arrays)


@pytest.mark.parametrize("content", [b"", b"not a zip file", b"PK\x03\x04 cut off"])
def test_a_broken_npz_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.npz").write_bytes(content)
    with pytest.raises(DataFileError, match="is not an NPZ file"):
        read(tmp_path / "x.npz", FromFile(file="x.npz"))


def test_one_array_saved_without_a_name_is_no_npz(tmp_path: Path) -> None:
    with (tmp_path / "x.npz").open("wb") as stream:
        np.save(stream, X)
    with pytest.raises(DataFileError, match="holds one array without a name"):
        read(tmp_path / "x.npz", FromFile(file="x.npz"))


@pytest.mark.parametrize(
    ("name", "message"),
    [("x.json", r"must end in .csv or .npz"), ("gone.csv", "cannot be read: No such file")],
)
def test_a_file_that_is_no_data_file_is_refused(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        read(tmp_path / name, FromFile(file=name, timesteps=1))


@pytest.mark.parametrize(
    ("lines", "converged", "message"),
    [
        ("validation_records = 1", 'metric = "accuracy"\nat_least = 1.0', None),
        ("validation_records = 4", "at_least = 1.0", "holds 4 records, but 5 are asked for"),
        ("records = 3\nvalidation_records = 2", "at_least = 1.0", "holds 4 records, but 5 are"),
        (
            "validation_records = 1",
            'metric = "rmse"\nat_most = 1.0',
            "metric 'rmse' does not fit classification targets",
        ),
        (
            "validation_records = 0",
            'on = "validation"\nat_least = 1.0',
            "holds no validation records and validation_records is 0",
        ),
    ],
)
def test_a_file_is_checked_against_the_case_that_uses_it(
    tmp_path: Path, lines: str, converged: str, message: str | None
) -> None:
    np.savez(tmp_path / "x.npz", x=X, y=Y)
    path = tmp_path / "case.toml"
    path.write_text(
        f'question = "?"\n[data]\nfile = "x.npz"\n{lines}\n[converged]\n{converged}\n'
        '[[case]]\nname = "a"\nexpect = "fails"\n'
    )
    found = check_file(load(path, "case").cases[0])
    assert [text.startswith(f"x.npz: {message}") for text in found] == [True] * bool(message)


def test_a_case_without_a_file_has_nothing_to_check(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text(
        'question = "?"\n[data]\ntask = "mean_sign"\n[converged]\nat_least = 1.0\n'
        '[[case]]\nname = "a"\nexpect = "fails"\n'
    )
    assert check_file(load(path, "case").cases[0]) == []


def test_training_records_of_one_class_are_refused_where_the_file_has_two(tmp_path: Path) -> None:
    rows = ["v,target", *(f"{i},0" for i in range(6)), *(f"{i},1" for i in range(6))]
    (tmp_path / "sorted.csv").write_text("\n".join(rows), encoding="utf-8")
    text = (
        'question = "x"\n[data]\nfile = "sorted.csv"\ntimesteps = 1\nrecords = 6\n'
        'validation_records = 0\n[converged]\nat_least = 1.0\n[[case]]\nname = "a"\n'
        'expect = "converges"\n'
    )
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    [case] = load(tmp_path / "s.toml", "s").cases
    [message] = check_data(case)
    assert "the training labels are of one class only (0)" in message


def one_case(folder: Path, data: str) -> Case:
    (folder / "own.toml").write_text(
        f'question = "?"\n[data]\nfile = "{data}"\ntimesteps = 1\nvalidation_records = 0\n'
        '[converged]\nat_least = 0.9\n[[case]]\nname = "a"\nexpect = "converges"\n',
        encoding="utf-8",
    )
    return load(folder / "own.toml", "own").cases[0]


def write(path: Path, value: float) -> None:
    """Write a file whose size does not tell of its value."""
    if path.suffix == ".npz":
        np.savez(path, x=np.full((4, 1, 1), value), y=Y)
    else:
        path.write_text(f"a,target\n{value},0\n1,1\n2,0\n3,1\n", encoding="utf-8")


@pytest.mark.parametrize("name", ["x.csv", "x.npz"])
def test_a_file_that_changed_after_loading_is_refused_by_whoever_reads_it(
    tmp_path: Path, name: str
) -> None:
    write(tmp_path / name, 5.0)
    case = one_case(tmp_path, name)
    write(tmp_path / name, 7.0)
    with pytest.raises(DataFileError, match="has changed since the run began"):
        build(case, 0)
    assert changed(case) == f"{name}: {CHANGED}"


def test_a_file_is_parsed_once_for_all_seeds_and_none_can_change_another_s_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "x.npz", 5.0)
    case = one_case(tmp_path, "x.npz")
    reads: list[Path] = []
    read_bytes = Path.read_bytes

    def counted(path: Path) -> bytes:
        reads.append(path)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    build(case, 0).x[:] = -1
    assert (build(case, 1).x == 5).all()
    assert [changed(case) for _ in range(3)] == [None] * 3
    assert len(reads) == 2  # once to train on it, once to look whether it is still the same


def test_a_file_that_was_deleted_or_changed_back_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    write(path, 5.0)
    case = one_case(tmp_path, "x.csv")
    path.unlink()
    assert changed(case) == f"x.csv: {CHANGED}"
    write(path, 5.0)
    assert changed(case) is None


def test_targets_at_each_step_have_as_many_steps_as_inputs(tmp_path: Path) -> None:
    def read_steps(y: Any) -> Records:
        np.savez(tmp_path / "x.npz", x=X, y=y)
        return read(tmp_path / "x.npz", FromFile(file="x.npz", targets="each_step"))

    assert read_steps(np.arange(12).reshape(4, 3)).y.shape == (4, 3)
    with pytest.raises(DataFileError, match="x and y must have as many steps, got 3 and 2"):
        read_steps(np.arange(8).reshape(4, 2))
    with pytest.raises(DataFileError, match=r"y must have shape \[records, timesteps\], got \[4\]"):
        read_steps(Y)
