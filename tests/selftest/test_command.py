"""`harness selftest` as a user calls it."""

import pytest

from harness.cli.exits import NOT_CAUGHT, OK, USAGE_ERROR
from harness.cli.main import main
from harness.flow import gate
from harness.probes import Probe

Text = pytest.CaptureFixture[str]


def test_a_named_fault_is_examined_and_caught(capsys: Text) -> None:
    assert main(["selftest", "divided_loss"]) == OK
    assert "1 of 1 faults caught; 0 controls, no alarm" in capsys.readouterr().out


def test_a_control_that_raises_an_alarm_fails(
    capsys: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "probe", lambda *_: [Probe("loss", "fail", 1.0, 0.5, "off")])
    assert main(["selftest", "unchanged"]) == NOT_CAUGHT
    assert "1 controls, 1 FALSE ALARM" in capsys.readouterr().out


def test_an_unknown_fault_is_a_usage_error(capsys: Text) -> None:
    assert main(["selftest", "divided_los"]) == USAGE_ERROR
    assert "did you mean 'divided_loss'?" in capsys.readouterr().err
