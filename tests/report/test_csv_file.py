import csv
from collections.abc import Callable
from typing import Any

import pytest

from harness.report import compose
from harness.report.csv_file import csv_file
from harness.results.outcome import Outcome

Make = Callable[..., Outcome]
Cases = Callable[..., list[Outcome]]


def rows(*outcomes: Outcome) -> list[dict[str, Any]]:
    return list(csv.DictReader(csv_file(compose({}, outcomes)).splitlines()))


def test_a_row_holds_plain_numbers(learning_rate: Cases) -> None:
    first, second, third = rows(*learning_rate(question="a, b | c"))
    assert [row["case"] for row in (first, second, third)] == ["adam_default", "too_low", "raised"]
    numbers = [first[name] for name in ("epochs_median", "epochs_min", "epochs_max")]
    assert numbers == ["18.5", "17", "20"]
    assert (first["converged"], first["seeds"], first["interval_low"]) == ("12", "12", "0.7575")
    assert (second["epochs_median"], second["seconds_per_step"]) == ("", "")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1+1"])
def test_no_text_is_a_formula(make: Make, text: str) -> None:
    (row,) = rows(make(text))
    assert row["case"] == f"'{text.strip()}"


def test_a_formula_behind_spaces_is_none_either(make: Make) -> None:
    (row,) = rows(make("  =1+1"))
    assert row["case"] == "'  =1+1"


def test_negative_numbers_stay_numbers(make: Make) -> None:
    (row,) = rows(make(rate=-0.5))
    assert row["rate"] == "-0.5"
