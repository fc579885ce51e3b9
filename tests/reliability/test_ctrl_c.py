"""Ctrl-C stops what trains at once, and the run soon after."""

import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.pytest_plugin.trial import SCENARIO, Trial, alive, until
from tests.reliability.conftest import Figure


@pytest.fixture
def trial(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Trial:
    return Trial(pytester, monkeypatch)


def waited_for_a_core(pid: int) -> float:
    """Return the seconds for which other load kept a process waiting (Linux)."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="needs Linux' schedstat")
def test_ctrl_c_stops_workers_within_a_second_and_the_run_within_three(
    trial: Trial, figure: Figure
) -> None:
    """Of the run's own time: what other load on the machine takes is left out.

    Hypothesis' plugin is left out too: it imports all of hypothesis when a run ends.
    """
    endless = SCENARIO.replace("epochs = 3", "epochs = 1000000").replace(
        "at_most = 10.0", "at_most = 0.0"
    )
    trial.scenario(endless, "slow")
    with trial.started("--convergence-workers=2", "-pno:hypothesispytest") as run:
        until(lambda: len({pid for pid, *_ in trial.begun(run)}) == 2)
        time.sleep(1)
        workers = {pid for pid, *_ in trial.begun(run)}
        began, before = time.monotonic(), waited_for_a_core(run.pid)
        run.send_signal(signal.SIGINT)
        until(lambda: not any(map(alive, workers)))
        waited = waited_for_a_core(run.pid)
        stopped = time.monotonic() - began - (waited - before)
        while run.poll() is None:
            with suppress(OSError):
                waited = waited_for_a_core(run.pid)
            time.sleep(0.01)
        ended = time.monotonic() - began
        output = run.communicate()[0]
    assert stopped < 1
    assert ended - (waited - before) < 3
    assert "finished seeds are kept, go on with: pytest scenarios -ktrain" in output
    assert "--convergence-resume" in output
    assert [case["outcome"] for case in trial.cases()] == ["error"] * 3
    figure(
        "Ctrl-C while two workers train, until workers and run are gone",
        f"{stopped:.2f} s and {ended - (waited - before):.2f} s of its own time",
    )
