"""A record is encoded once in a run, however often it is written."""

from pathlib import Path

import pytest

from harness.report import Encoder, add, read, write
from harness.report.results import encode
from harness.results.outcome import Outcome
from tests.baseline.canned import ENVIRONMENT, outcome, times


def test_a_case_that_is_written_three_times_is_encoded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded = []
    to_dict = Outcome.to_dict

    def noted(record: Outcome) -> dict[str, object]:
        encoded.append(record.case)
        return to_dict(record)

    monkeypatch.setattr(Outcome, "to_dict", noted)
    encoder, first, second = Encoder(), outcome(times(), case="a"), outcome(times(), case="b")
    add(tmp_path, first, encoder)
    write(tmp_path, ENVIRONMENT, [first], (), encoder)
    add(tmp_path, second, encoder)
    assert read(tmp_path)[1] == [first, second]
    write(tmp_path, ENVIRONMENT, [first, second], (), encoder)
    assert read(tmp_path)[1] == [first, second]
    assert encoded == ["a", "b"]


def test_what_was_encoded_before_is_written_as_if_it_had_not_been() -> None:
    encoder, cases = Encoder(), [outcome(times(), case=name) for name in "abc"]
    encoder.lines(cases[1:])
    assert encode(ENVIRONMENT, cases, (), encoder) == encode(ENVIRONMENT, cases)
