"""Ten thousand cases are a report too, and cost a run little while they come in."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

import pytest

from harness.pytest_plugin.pace import Pace
from harness.report import Encoder, add, read, write
from harness.report.results import encode
from harness.results.outcome import Outcome
from tests.baseline.canned import ENVIRONMENT, outcome, times
from tests.reliability.conftest import Figure

CASES = 10_000
SHARE = 0.06
"""Of a run's time: what `harness.pytest_plugin.pace` allows, and a line a case."""


@pytest.mark.slow
def test_ten_thousand_cases_are_written_and_opened(tmp_path: Path, figure: Figure) -> None:
    """The end of a run: each case was noted as it came, and is not encoded again."""
    one, encoder = outcome(times(12)), Encoder()
    cases = [replace(one, scenario=f"many/s{n // 10}", case=f"c{n % 10}") for n in range(CASES)]
    noted = [seconds(partial(add, tmp_path, case, encoder)) for case in cases]
    written = seconds(lambda: write(tmp_path, ENVIRONMENT, cases, (), encoder))
    anew = seconds(lambda: encode(ENVIRONMENT, cases))
    found: list[Outcome] = []
    opened = seconds(lambda: found.extend(read(tmp_path)[1]))
    assert found == cases
    first, last = (1000 * median(part) for part in (noted[:1000], noted[-1000:]))
    assert last < 2 * first + 1
    size = (tmp_path / "results.json").stat().st_size / 2**20
    figure(
        f"{CASES:,} synthetic cases of 12 seeds, processor time",
        f"all reports written in {written:.1f} s, read in {opened:.0f} s ({size:.0f} MiB); "
        f"encoded anew, as `harness report` does, in {anew:.1f} s more",
    )
    figure(
        "noting one case while a run goes on, processor time (median)",
        f"{first:.1f} ms among the first 1,000, {last:.1f} ms among the last of {CASES:,}",
    )


def seconds(task: Callable[[], object]) -> float:
    """Return the processor time that a task takes: what other load takes is left out."""
    began = time.process_time()
    task()
    return time.process_time() - began


def test_whole_reports_are_rewritten_for_a_twentieth_of_the_time_however_many_cases() -> None:
    """A writing takes 5 ms a case here, as much as 50 s at the end; a case takes 1 s."""
    pace, now, spent = Pace(0.0), 0.0, 0.0
    for case in range(1, CASES + 1):
        now += 1.0
        if pace.due(now):
            pace.note(now, now + 0.005 * case)
            now, spent = now + 0.005 * case, spent + 0.005 * case
    assert 0 < spent < SHARE * now
