"""Models that are healthy while they train, and do whatever code can do while they are probed."""

from pathlib import Path

import pytest

from tests.pytest_plugin.runner import Runner
from tests.reliability.test_hostile import scenario

MODEL = """
import ctypes, os, signal, sys, time
from torch import nn


class Net(nn.Module):
    def __init__(self, features, outputs, act):
        super().__init__()
        self.lstm = nn.LSTM(features, 2, batch_first=True)
        self.out = nn.Linear(2, outputs)
        self.act = act

    def forward(self, x):
        if probed():
            self.act()
        return self.out(self.lstm(x)[0][:, -1])


def probed():
    frame = sys._getframe()
    while frame is not None and not frame.f_globals["__name__"].startswith("harness.probes"):
        frame = frame.f_back
    return frame is not None


def healthy(features, outputs):
    return Net(features, outputs, lambda: None)


"""

KILLING = {
    "exit": "os._exit(0)",
    "segmentation_fault": "ctypes.string_at(0)",
    "out_of_memory": "os.kill(os.getpid(), signal.SIGKILL)",
}
HANGING = {
    "sleeping": "time.sleep(1e6)",
    "stopped": "os.kill(os.getpid(), signal.SIGSTOP)",
}
RAISING = {"memory_error": "bytearray(2**62)", "interrupt": "exec('raise KeyboardInterrupt')"}


@pytest.fixture
def hostile(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> Runner:
    monkeypatch.setenv("PYTHONPATH", str(runner.pytester.path))
    bodies = KILLING | HANGING | RAISING
    made = [
        f"def {name}(features, outputs):\n    return Net(features, outputs, lambda: {body})\n\n\n"
        for name, body in bodies.items()
    ]
    Path("hostile.py").write_text(MODEL + "".join(made), encoding="utf-8")
    return runner


def sentences(hostile: Runner, names: list[str], *options: str) -> dict[str, str]:
    """Train and probe the cases, each before a healthy one; return what is told of each."""
    hostile.scenario(scenario([*names, "healthy"]), "hostile")
    result = hostile.alone("scenarios", "-ktrain", "--convergence-seeds=1", *options, workers="2")
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    cases = {case["case"]: case for case in hostile.cases()}
    assert list(cases) == [*names, "healthy"]
    healthy = cases.pop("healthy")
    assert "error" not in {probe["status"] for probe in healthy["probes"]}
    assert healthy["probes"]
    assert healthy["rounding"]
    assert {case["converged"] for case in (healthy, *cases.values())} == {1}
    return {name: f"{case['outcome']}: {case['sentence']}" for name, case in cases.items()}


@pytest.mark.slow
def test_a_model_that_kills_what_probes_it_is_its_case_s_error(hostile: Runner) -> None:
    for told in sentences(hostile, list(KILLING)).values():
        assert told.startswith("error: after training, probe ")
        assert "its worker failed twice: the process ended abruptly" in told


@pytest.mark.slow
def test_a_model_that_hangs_what_probes_it_is_stopped_from_outside(hostile: Runner) -> None:
    told = sentences(hostile, list(HANGING), "--convergence-seed-timeout=15")
    for each in told.values():
        assert each.startswith("error: after training, probe ")
        assert "its worker failed twice: it did not end within 15 s, and was stopped" in each


@pytest.mark.slow
def test_what_a_model_raises_while_it_is_probed_is_told_of_the_probe(hostile: Runner) -> None:
    for name, each in sentences(hostile, list(RAISING)).items():
        assert "probe gradient could not be made: raised " in each, name
