"""`harness selftest` as a user calls it."""

import json

import pytest

from harness.cli.exits import BAD_INPUT, NOT_CAUGHT, OK
from harness.cli.main import main
from harness.probes import Probe
from harness.selftest import CHANGES, gate

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


def test_scripts_get_json_and_pull_requests_markdown(capsys: Text) -> None:
    assert main(["selftest", "divided_loss", "--json"]) == OK
    [record] = json.loads(capsys.readouterr().out)
    assert (record["name"], record["fault"], record["cannot_act"]) == ("divided_loss", True, None)
    assert "loss" in [alarm["signal"] for alarm in record["alarms"]]
    assert main(["selftest", "--list", "--json"]) == OK
    listed = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in listed] == [change.name for change in CHANGES]
    assert main(["selftest", "--list", "--markdown", "divided_loss"]) == OK
    assert "| divided_loss " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["divided_los"], "did you mean 'divided_loss'?"),
        (["--backend", "eagr"], "unknown backend 'eagr'; did you mean 'eager'?"),
        (["--device", "mtia:7"], "finds no mtia:7 device on this machine"),
        (["--device", "gpu"], "torch.device takes no 'gpu'"),
    ],
)
def test_what_there_is_not_is_bad_input(capsys: Text, arguments: list[str], told: str) -> None:
    assert main(["selftest", *arguments]) == BAD_INPUT
    assert told in capsys.readouterr().err


def test_faults_and_controls_are_listed_without_training(
    capsys: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(gate, "run")
    monkeypatch.delattr(gate, "probe")
    assert main(["selftest", "--list"]) == OK
    listed = capsys.readouterr().out
    assert all(f"\n{change.name} " in listed for change in CHANGES)
