"""The gate sees faults and is silent at what is none."""

from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

import pytest
import torch

from harness.selftest import CHANGES, FAULTS, Control, Examiner, Fault, gate, selftest
from harness.selftest.optimizer import around, too_slow
from harness.selftest.python_optimizers import PythonAdam

ONE_A_SURFACE = {fault.surface: fault for fault in FAULTS}


@pytest.mark.parametrize("surface", ONE_A_SURFACE)
def test_a_fault_of_every_surface_is_caught_by_a_probe(examiner: Examiner, surface: str) -> None:
    found = examiner.examine(ONE_A_SURFACE[surface])
    assert found.alarms
    assert found.comparison is None
    assert found.alarms[0].sentence


def test_a_correct_adam_in_python_raises_no_alarm(examiner: Examiner) -> None:
    found = examiner.examine(Control("", "a correct Adam", "brief", PythonAdam().inject))
    assert found.alarms == ()
    assert found.comparison is not None
    assert found.comparison.status == "same"


def test_what_probes_miss_is_seen_in_training(
    examiner: Examiner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "probe", lambda *_: [])
    slow = around(torch.optim.Adam, too_slow(0.5))
    found = examiner.examine(Fault("", "optimizer", "", "half the rate", "brief", slow, ()))
    assert [alarm.signal for alarm in found.alarms] == ["training slower"]


def test_a_small_change_is_seen_in_the_first_losses(
    examiner: Examiner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "probe", lambda *_: [])
    slow = around(torch.optim.Adam, too_slow(0.002))
    found = examiner.examine(Fault("", "optimizer", "", "0.2 % less", "brief", slow, ()))
    assert [alarm.signal for alarm in found.alarms] == ["training changed"]


def test_what_raises_is_caught(examiner: Examiner) -> None:
    def broken() -> AbstractContextManager[object]:
        def raises(*_: Any, **__: Any) -> None:
            raise ValueError("not here")

        return patch.object(torch.nn.functional, "cross_entropy", raises)

    found = examiner.examine(Fault("", "loss", "", "raises", "brief", broken, ()))
    assert "ValueError: not here" in found.alarms[-1].sentence


@pytest.mark.slow
def test_every_fault_is_caught_and_every_control_is_silent() -> None:
    result = selftest(CHANGES, lambda _: None)
    assert result.passed, str(result)
