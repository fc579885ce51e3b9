"""Models that do whatever code can do: each is its own case's error, and no other's."""

from pathlib import Path

import pytest

from tests.pytest_plugin.runner import Runner
from tests.reliability.conftest import Figure

MODELS = """
import asyncio, ctypes, os, signal, sys, threading, time
from torch import nn


class Healthy(nn.Module):
    def __init__(self, features, outputs):
        super().__init__()
        self.out = nn.Linear(features, outputs)

    def forward(self, x):
        return self.out(x[:, -1])


class Own(BaseException):
    pass


class Silent(Exception):
    def __str__(self):
        raise GeneratorExit

    __repr__ = __str__


class Unpicklable(Exception):
    def __reduce__(self):
        raise TypeError("cannot be sent")


class Demanding(Exception):
    def __init__(self, one, two):
        super().__init__(one)


class Late(Healthy):
    def forward(self, x):
        raise Own("in the forward pass")


class Backward(Healthy):
    def forward(self, x):
        outputs = super().forward(x)
        if outputs.requires_grad:
            outputs.register_hook(lambda gradient: sys.exit("in the backward pass"))
        return outputs


def deep():
    return deep() + 1


def linger():
    threading.Thread(target=time.sleep, args=(1e6,)).start()
    raise ValueError("left a thread behind")


def raise_(error):
    raise error


def close_output():
    os.close(1), os.close(2)
    raise ValueError("closed its output")


"""

RAISING = {
    "surrogate": r'raise_(ValueError("a\ud800b"))',
    "control": r'raise_(ValueError("\x1b[2J\x1b]0;title\x07\x00"))',
    "huge_message": 'raise_(ValueError("x" * 10**7))',
    "base_exception": 'raise_(Own("x"))',
    "generator_exit": "raise_(GeneratorExit())",
    "keyboard_interrupt": "raise_(KeyboardInterrupt())",
    "system_exit": "sys.exit(0)",
    "memory": "bytearray(2**62)",
    "recursion": "deep()",
    "broken_str": "raise_(Silent())",
    "unpicklable": "raise_(Unpicklable())",
    "demanding": "raise_(Demanding(1, 2))",
    "holds_a_lock": "raise_(ValueError(threading.Lock()))",
    "group": 'raise_(BaseExceptionGroup("many", [Own("a"), ValueError("b")]))',
    "stop_iteration": "raise_(StopIteration())",
    "cancelled": "raise_(asyncio.CancelledError())",
    "no_module": "None",
    "in_forward": "Late(features, outputs)",
    "in_backward": "Backward(features, outputs)",
    "lingering_thread": "linger()",
    "closed_output": "close_output()",
}
KILLING = {
    "exit": "os._exit(0)",
    "abort": "os.abort()",
    "kill": "os.kill(os.getpid(), signal.SIGKILL)",
    "segmentation_fault": "ctypes.string_at(0)",
}
HANGING = {
    "sleeping": "time.sleep(1e6)",
    "stopped": "os.kill(os.getpid(), signal.SIGSTOP)",
}
SECONDS = 25
"""What a healthy seed never takes, however busy the machine."""


def scenario(names: list[str]) -> str:
    head = """
question = "What becomes of it?"
[data]
task = "first_value"
records = 16
validation_records = 0
[training]
epochs = 2
[converged]
metric = "loss"
at_most = 100.0
hold = 3
[seeds]
min = 1
max = 1
"""
    case = '[[case]]\nname = "{0}"\nexpect = "converges"\nmodel.factory = "hostile:{0}"\n'
    return head + "".join(case.format(name) for name in names)


@pytest.fixture
def hostile(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> Runner:
    monkeypatch.setenv("PYTHONPATH", str(runner.pytester.path))
    bodies = RAISING | KILLING | HANGING | {"healthy": "Healthy(features, outputs)"}
    calls = [f"def {n}(features, outputs):\n    return {b}\n\n\n" for n, b in bodies.items()]
    Path("hostile.py").write_text(MODELS + "".join(calls), encoding="utf-8")
    return runner


def run(hostile: Runner, names: list[str], *options: str, workers: str = "2") -> dict[str, str]:
    """Train the cases, each before a healthy one's; return what is told of each."""
    hostile.scenario(scenario([*names, "healthy"]), "hostile")
    result = hostile.alone(
        *("scenarios", "-ktrain", "--convergence-probes=off", "-q", *options), workers=workers
    )
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    cases = {case["case"]: case for case in hostile.cases()}
    assert list(cases) == [*names, "healthy"]
    assert cases.pop("healthy")["converged"] == 1
    assert {case["outcome"] for case in cases.values()} == {"error"}
    for report in ("md", "csv", "html"):
        text = (hostile.pytester.path / f"reports/latest/convergence.{report}").read_text("utf-8")
        assert all(name in text for name in cases)
        assert "\x1b" not in text
    return {name: case["sentence"] for name, case in cases.items()}


def note(figure: Figure, told: dict[str, str], place: str = "a worker") -> None:
    """Count factories of which each is its own case's error, beside a healthy case."""
    for _ in told:
        figure(f"hostile factories in {place} (raise, exit, crash, hang)", "contained")


@pytest.mark.slow
def test_whatever_a_model_raises_in_a_worker_is_its_case_s_error(
    hostile: Runner, figure: Figure
) -> None:
    told = run(hostile, list(RAISING))
    note(figure, told)
    assert told["surrogate"] == r"seed 0: ValueError: a\ud800b"
    assert told["control"] == r"seed 0: ValueError: \x1b[2J\x1b]0;title\x07\x00"
    assert told["keyboard_interrupt"] == "seed 0: KeyboardInterrupt: "
    assert told["broken_str"].startswith("seed 0: Silent: (its message cannot be told")
    assert len(told["huge_message"]) < 11_000


@pytest.mark.slow
def test_whatever_a_model_raises_in_the_test_process_is_its_case_s_error(
    hostile: Runner, figure: Figure
) -> None:
    own = {"keyboard_interrupt", "lingering_thread", "closed_output"}  # Ctrl-C's, and the process's
    told = run(hostile, [name for name in RAISING if name not in own], workers="1")
    note(figure, told, "the test process")


@pytest.mark.slow
def test_a_model_that_kills_its_worker_is_its_case_s_error(hostile: Runner, figure: Figure) -> None:
    told = run(hostile, list(KILLING))
    for sentence in told.values():
        assert sentence.startswith("seed 0: its worker failed twice: the process ended abruptly")
    note(figure, told)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(HANGING))
def test_a_model_that_hangs_is_stopped_from_outside(
    hostile: Runner, figure: Figure, name: str
) -> None:
    told = run(hostile, [name], f"--convergence-seed-timeout={SECONDS}")
    limit = f"it did not end within {SECONDS} s, and was stopped"
    assert told[name].startswith(f"seed 0: its worker failed twice: {limit}")
    note(figure, told)


@pytest.mark.slow
def test_a_case_whose_xdist_worker_crashes_is_in_the_report(hostile: Runner) -> None:
    told = run(hostile, ["exit"], "-n1", "-Wignore", workers="auto")
    assert "crashed while running" in told["exit"]
