import dataclasses
import json
import os
from pathlib import Path

import numpy as np
import pytest

from harness.execution.journal import Journal, versions
from harness.history import History, Stop, crashed
from harness.scenario.vocabulary.guess import Guess


def history(seed: int = 0) -> History:
    curve = np.array([0.7, np.nan, np.inf, 1 / 3])
    norms = np.array([[1.0, 2.0], [3.0, 1e-300], [0.1, 5.0]])
    return History(
        seed, Stop.BUDGET, curve, curve, curve, curve, ("lstm 1", "output"), norms, norms,
        np.array([0.5]), 6, 1.25, guess=Guess("the mean", 0.5, 0.0, 0.1),
    )  # fmt: skip


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.start(tmp_path / "reports" / "journal.jsonl")


def test_a_history_comes_back_bit_for_bit(journal: Journal) -> None:
    journal.add("a", history())
    [read] = Journal.resume(journal.path).entries.values()
    for field in dataclasses.fields(History):
        np.testing.assert_array_equal(getattr(read, field.name), getattr(history(), field.name))


def test_a_history_without_an_epoch_keeps_its_shapes(journal: Journal) -> None:
    none = np.zeros((0, 2))
    journal.add("a", dataclasses.replace(history(), gradient_norm=none, update_ratio=none))
    assert Journal.resume(journal.path).entries["a"].gradient_norm.shape == (0, 2)


def test_a_disk_that_takes_no_more_costs_the_journal_and_not_the_seed(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    journal.add("a", history())
    assert list(journal.entries) == ["a"]
    assert journal.unwritten == f"{journal.path}: No space left on device"


def test_a_seed_is_on_the_disk_before_it_counts_as_finished(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda _: flushed.append("a" not in journal.entries))
    journal.add("a", history())
    assert flushed == [True]


def test_a_torn_a_changed_and_a_foreign_entry_are_ignored_and_counted(journal: Journal) -> None:
    for name in "abcd":
        journal.add(name, history())
    lines = journal.path.read_bytes().split(b"\n")[1:]
    lines[1] = lines[1].replace(b"0.7", b"0.8")
    lines[2] = lines[2].replace(b"torch ", b"torch 9.")
    lines[3] = lines[3][:-9]
    journal.path.write_bytes(b"\n".join([*lines, b"[]", b"\xff", b'"text"', b""]))
    resumed = Journal.resume(journal.path)
    assert list(resumed.entries) == ["a"]
    assert resumed.ignored == 6


def test_what_is_added_after_a_torn_line_can_be_read(journal: Journal) -> None:
    journal.add("a", history())
    journal.path.write_bytes(journal.path.read_bytes()[:-20])
    Journal.resume(journal.path).add("b", history())
    assert list(Journal.resume(journal.path).entries) == ["b"]


def test_a_crash_is_remembered_but_not_written_down(journal: Journal) -> None:
    journal.add("a", crashed(0, "out of memory"))
    assert list(journal.entries) == ["a"]
    assert Journal.resume(journal.path).entries == {}


def test_a_seed_is_written_once(journal: Journal) -> None:
    journal.add("a", history())
    journal.add("a", history())
    assert journal.path.read_bytes().count(b'"key"') == 1


def test_every_entry_is_a_line_of_json_with_its_versions(journal: Journal) -> None:
    journal.add("a", history())
    [line] = [text for text in journal.path.read_text(encoding="utf-8").split("\n") if text]
    assert json.loads(line)["versions"] == list(versions())
