"""Every odd file is answered with a sentence that names it: no traceback, and nothing hangs."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from harness.pytest_plugin.collection import load_checked
from harness.scenario import ScenarioError
from tests.reliability.conftest import Figure
from tests.reliability.odd_npz import NPZ, sound

SCENARIO = """
question = "?"
tags = []
[data]
file = "FILE"
target = "target"
validation_records = 1
[model]
units = [2]
[training]
epochs = 2
[converged]
metric = "accuracy"
at_least = 1.0
[[case]]
name = "plain"
expect = "converges"
"""

CSV = {
    "nothing": b"",
    "a mark of byte order only": b"\xef\xbb\xbf",
    "a header only": b"a,target\n",
    "no target": b"a,b\n1,2\n",
    "two targets": b"a,target,target\n1,0,1\n",
    "nothing but the target": b"target\n0\n1\n",
    "a word": b"a,target\n1,0\nx,1\n",
    "an empty cell": b"a,target\n1,0\n,1\n",
    "not a number": b"a,target\n1,0\nnan,1\n",
    "infinity": b"a,target\n1,0\n-inf,1\n",
    "a number beyond float64": b"a,target\n1,0\n1e400,1\n",
    "a short row": b"a,target\n1,0\n1\n",
    "a long row": b"a,target\n1,0\n1,1,1\n",
    "one class": b"a,target\n1,1\n2,1\n3,1\n",
    "a negative class": b"a,target\n1,-1\n2,1\n3,1\n",
    "a class of a million": b"a,target\n1,0\n2,1000000\n3,1\n",
    "too few records": b"a,target\n1,0\n",
    "UTF-16": "a,target\n1,0\n2,1\n".encode("utf-16"),
    "Latin-1": b"a,target\n1,0\n2,\xe9\n",
    "a NUL": b"a,target\n1,0\n\x00,1\n",
    "a cell of 200,000 characters": b"a,target\n1,0\n" + b"1" * 200_000 + b",1\n",
    "a quote that never ends": b'a,target\n1,0\n"2,1\n3,1\n',
    "noise": np.random.default_rng(0).bytes(4096),
}

TOML = {
    "5,000 digits": SCENARIO.replace("[model]", f"records = {'9' * 5000}\n[model]"),
    "5,000 hexadecimal digits": SCENARIO.replace("[model]", f"records = 0x{'f' * 5000}\n[model]"),
    "65 bits": SCENARIO.replace("[model]", f"records = {2**64}\n[model]"),
    "lists in lists": SCENARIO.replace("tags = []", f"tags = {'[' * 90}{']' * 90}"),
    "lists in lists without end": SCENARIO.replace("tags = []", f"tags = {'[' * 9000}"),
    "tables in tables": SCENARIO.replace("tags = []", f"tags{'.a' * 3000} = 1"),
    "the tag __class__": SCENARIO.replace("tags = []", 'tags = ["__class__"]'),
    "the tag _x": SCENARIO.replace("tags = []", 'tags = ["_x"]'),
    "the tag not": SCENARIO.replace("tags = []", 'tags = ["not"]'),
    "a tag that is a number": SCENARIO.replace("tags = []", "tags = [1]"),
    "an infinite level": SCENARIO.replace("at_least = 1.0", "at_least = inf"),
    "a date": SCENARIO.replace("epochs = 2", "epochs = 2026-01-01"),
    "a NUL in a path": SCENARIO.replace("FILE", "x\\u0000.csv"),
    "a path of 300 characters": SCENARIO.replace("FILE", "x" * 300 + ".csv"),
    "another kind of file": SCENARIO.replace("FILE", "x.parquet"),
    "a file that is not there": SCENARIO.replace("FILE", "absent.csv"),
    "no TOML": "question = ",
    "nothing": "",
}


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    os.chdir(path.parent)  # the name of a socket may have 108 characters
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2**40)


NO_FILES: dict[str, Callable[[Path], None]] = {
    "a folder": Path.mkdir,
    "a pipe": _fifo,
    "a socket": _socket,
    "an endless device": lambda path: path.symlink_to("/dev/zero"),
    "the terminal": lambda path: path.symlink_to("/dev/tty"),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a terabyte of nothing": _sparse,
}


def answer(folder: Path, text: str | bytes) -> str:
    """Return what loading a scenario says."""
    path = folder / "odd.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ScenarioError) as raised:
        load_checked(path, [folder])
    return str(raised.value)


def is_clear(said: str, *names: str) -> None:
    """Check that each line names the file, and says what is wrong in a sentence one can read."""
    for line in said.splitlines():
        assert all(name in line for name in names), line
        assert len(line.partition(": ")[2]) > 10, line
        assert len(line) < 1000, line
        assert line.isprintable(), line
    assert "Error" not in said


@pytest.mark.parametrize("kind", CSV)
def test_an_odd_csv_file_is_named_with_what_is_wrong(
    tmp_path: Path, kind: str, figure: Figure
) -> None:
    (tmp_path / "x.csv").write_bytes(CSV[kind])
    is_clear(answer(tmp_path, _of("x.csv")), "odd.toml:5: data.file: x.csv: ")
    figure("odd data files", "answered")


@pytest.mark.parametrize("kind", NPZ)
def test_an_odd_npz_file_is_named_with_what_is_wrong(
    tmp_path: Path, kind: str, figure: Figure
) -> None:
    (tmp_path / "x.npz").write_bytes(NPZ[kind]())
    is_clear(answer(tmp_path, _of("x.npz")), "odd.toml:5: data.file: x.npz: ")
    figure("odd data files", "answered")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("kind", NO_FILES)
def test_what_is_no_file_is_named_and_never_waited_for(
    tmp_path: Path, kind: str, figure: Figure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    NO_FILES[kind](tmp_path / "x.csv")
    is_clear(answer(tmp_path, _of("x.csv")), "odd.toml:5: data.file: x.csv: ")
    figure("odd data files", "answered")


@pytest.mark.parametrize("kind", TOML)
def test_an_odd_scenario_file_is_named_with_what_is_wrong(
    tmp_path: Path, kind: str, figure: Figure
) -> None:
    is_clear(answer(tmp_path, TOML[kind]), "odd.toml")
    figure("odd scenario files", "answered")


def test_a_number_that_python_cannot_read_is_named_by_its_line(tmp_path: Path) -> None:
    assert "odd.toml:8: broken TOML: " in answer(tmp_path, TOML["5,000 digits"])


def test_a_number_beyond_64_bits_is_named_by_its_field(tmp_path: Path) -> None:
    assert "odd.toml:8: data.records: is a whole number" in answer(tmp_path, TOML["65 bits"])


def test_an_archive_is_refused_by_what_it_declares_before_it_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(NPZ["gigabytes in a kilobyte"]())
    assert (tmp_path / "x.npz").stat().st_size < 2000
    said = answer(tmp_path, _of("x.npz"))
    assert "x.npy unfolds to 3.91 GiB, at most 1 GiB can be read" in said


def test_the_same_records_in_a_sound_file_are_read(tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(sound())
    (tmp_path / "odd.toml").write_text(_of("x.npz"))
    assert load_checked(tmp_path / "odd.toml", [tmp_path]).cases


def _of(file: str) -> str:
    timesteps = "timesteps = 1\n" if file.endswith(".csv") else ""
    return SCENARIO.replace("FILE", file).replace("[model]", f"{timesteps}[model]")
