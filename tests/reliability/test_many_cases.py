"""Ten thousand cases are a report too, and cost a run little while they come in."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from harness.pytest_plugin.pace import Pace
from harness.report import add, read, write
from tests.baseline.canned import ENVIRONMENT, outcome, times
from tests.reliability.conftest import Figure

CASES = 10_000
SHARE = 0.06
"""Of a run's time: what `harness.pytest_plugin.pace` allows, and a line a case."""


@pytest.mark.slow
def test_ten_thousand_cases_are_written_and_opened(tmp_path: Path, figure: Figure) -> None:
    one = outcome(times(12))
    cases = [replace(one, scenario=f"many/s{n // 10}", case=f"c{n % 10}") for n in range(CASES)]
    began = time.perf_counter()
    write(tmp_path, ENVIRONMENT, cases)
    written = time.perf_counter() - began
    began = time.perf_counter()
    assert read(tmp_path)[1] == cases
    opened = time.perf_counter() - began
    size = (tmp_path / "results.json").stat().st_size / 2**20
    figure(
        f"{CASES:,} synthetic cases of 12 seeds",
        f"written in {written:.0f} s, read in {opened:.0f} s ({size:.0f} MiB)",
    )


@pytest.mark.slow
def test_a_case_costs_as_much_at_the_end_as_at_the_beginning(
    tmp_path: Path, figure: Figure
) -> None:
    one = outcome(times(12))
    seconds = []
    for n in range(CASES):
        began = time.perf_counter()
        add(tmp_path, replace(one, case=f"c{n}"))
        seconds.append(time.perf_counter() - began)
    first, last = (1000 * sorted(part)[500] for part in (seconds[:1000], seconds[-1000:]))
    assert last < 2 * first + 1
    figure(
        "writing one case down while a run goes on (median)",
        f"{first:.1f} ms among the first 1,000, {last:.1f} ms among the last of {CASES:,}",
    )


def test_whole_reports_are_rewritten_for_a_twentieth_of_the_time_however_many_cases() -> None:
    """A writing takes 5 ms a case here, as much as 50 s at the end; a case takes 1 s."""
    pace, now, spent = Pace(0.0), 0.0, 0.0
    for case in range(1, CASES + 1):
        now += 1.0
        if pace.due(now):
            pace.note(now, now + 0.005 * case)
            now, spent = now + 0.005 * case, spent + 0.005 * case
    assert 0 < spent < SHARE * now
