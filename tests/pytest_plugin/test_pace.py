"""Reports are written now and then, and take little of a run's time."""

from itertools import pairwise

from harness.pytest_plugin.pace import INTERVAL, SHARE, Pace


def writings(case: float, writing: float, cases: int = 1000) -> tuple[list[float], float]:
    """Return when reports begin to be written, and when a run of such cases is over."""
    pace, now, begun = Pace(0.0), 0.0, []
    for _ in range(cases):
        now += case
        if pace.due(now):
            begun.append(now)
            pace.note(now, now + writing)
            now += writing
    return begun, now


def test_the_first_case_is_written_at_once() -> None:
    assert writings(case=1.0, writing=0.1)[0][0] == 1.0


def test_quick_writing_keeps_the_interval() -> None:
    begun, _ = writings(case=1.0, writing=0.01)
    assert len(begun) > 100
    assert all(INTERVAL <= b - a < INTERVAL + 2 for a, b in pairwise(begun))


def test_slow_writing_takes_no_more_than_its_share() -> None:
    begun, over = writings(case=1.0, writing=3.0, cases=3000)
    assert len(begun) > 10
    assert 3.0 * len(begun) <= SHARE * over
