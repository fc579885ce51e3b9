"""On another backend or device, what can act is examined and the rest is told with its reason."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
import torch

from harness import backends
from harness.backends import Backend
from harness.backends.ensemble.backend import Ensemble
from harness.probes.suite import ProbeSpec
from harness.scenario import Case
from harness.selftest import CHANGES, Control, Examiner, Fault, Target

BY_NAME = {change.name: change for change in CHANGES}


class Theirs(Backend):
    """A hardware team's backend: it shows its histories only, and runs no `nn.LSTM`."""

    name = "theirs"
    train = Ensemble.train
    epoch = Ensemble.epoch

    def unsupported(self, case: Case) -> str | None:
        return "no modules of users" if case.model.factory else None


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = backends.get
    monkeypatch.setattr(backends, "get", lambda name: Theirs() if name == "theirs" else found(name))


@pytest.mark.parametrize(
    ("name", "target", "reason"),
    [
        ("doubled_gradient", Target(), None),
        ("unchanged", Target("theirs"), None),
        ("one_seed", Target("theirs"), None),
        ("divided_loss", Target("theirs"), "training on theirs is the same to the bit with it"),
        ("module_gru", Target("theirs"), "theirs cannot train its case: no modules of users"),
        (
            "ensemble_forgetful",
            Target("eager"),
            "it is in the ensemble's own code, which eager does not run",
        ),
    ],
)
def test_what_cannot_act_is_told_with_its_reason(
    name: str, target: Target, reason: str | None
) -> None:
    assert target.cannot_act(BY_NAME[name]) == reason


def test_a_fault_that_acts_on_another_backend_is_caught_there() -> None:
    found = Examiner(Target("ensemble")).examine(BY_NAME["one_seed"])
    assert found.cannot_act is None
    assert found.alarms


def test_a_fault_that_raises_on_a_device_is_not_silent_there() -> None:
    def broken() -> AbstractContextManager[object]:
        def raises(*_: Any, **__: Any) -> None:
            raise RuntimeError("not on this device")

        return patch.object(torch.nn.functional, "cross_entropy", raises)

    fault = Fault("", "loss", "", "raises", "brief", broken, ("loss",))
    told = Target("eager", "cpu:0").cannot_act(fault)
    assert told == ("it raises on cpu:0, and so is not silent: RuntimeError: not on this device")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the names of the probes that are made."""
    names: list[str] = []
    run = ProbeSpec.run

    def noted(spec: ProbeSpec, *given: Any) -> Any:
        names.append(spec.name)
        return run(spec, *given)

    monkeypatch.setattr(ProbeSpec, "run", noted)
    return names


def test_a_fault_costs_the_probes_that_it_lists(made: list[str]) -> None:
    found = Examiner().examine(BY_NAME["divided_loss"])
    assert {alarm.signal for alarm in found.alarms} == set(made)
    assert set(made) == {"loss", "small_gradients", "reference_steps"}


def test_probes_that_a_fault_does_not_list_are_asked_where_those_are_silent(
    made: list[str],
) -> None:
    fault = BY_NAME["divided_loss"]
    assert isinstance(fault, Fault)
    found = Examiner().examine(replace(fault, probes=("initialisation",)))
    assert made[0] == "initialisation"
    assert {alarm.signal for alarm in found.alarms} >= {"loss"}


def test_a_slow_control_is_trained_in_a_thorough_self_test_only() -> None:
    slow = Control("", "the same", "brief", nullcontext, slow=True)
    assert Examiner().examine(slow).comparison is None
    assert Examiner(thorough=True).examine(slow).comparison is not None
