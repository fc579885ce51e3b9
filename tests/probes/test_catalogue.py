"""Each fault of the self-test is seen by the probes that it lists, and no control by any."""

from collections.abc import Callable

import pytest

from harness.backends import get
from harness.probes import Level, Probe, probe
from harness.scenario import Case
from harness.selftest import CONTROLS, FAULTS, Control, Fault
from harness.selftest.cases import CASES

Ask = Callable[..., Probe]


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        pytest.param(fault, name, id=f"{fault.name}-{name}")
        for fault in FAULTS
        for name in fault.probes
    ],
)
def test_a_fault_is_seen_by_the_probe_that_it_lists(ask: Ask, fault: Fault, name: str) -> None:
    with fault.inject():
        found = ask(name, CASES[fault.case], fault.backend)
    assert (found.status, found.value is None) == ("fail", False), found.sentence


@pytest.mark.parametrize(
    ("control", "level"),
    [
        *(pytest.param(control, "fast", id=control.name) for control in CONTROLS),
        *(
            # a module is as wide at `fast` as declared: `full` has more of its records, and no more
            pytest.param(
                control,
                "full",
                id=f"{control.name}-full",
                marks=[pytest.mark.slow] * (control.slow or control.name.startswith("module_")),
            )
            for control in CONTROLS
        ),
    ],
)
def test_no_probe_fails_or_raises_at_a_control(control: Control, level: Level) -> None:
    with control.inject():
        found = probe(CASES[control.case], get(control.backend), "cpu", level)
    assert [each for each in found if each.status in {"fail", "error"}] == []


BY_NAME = {fault.name: fault for fault in FAULTS}
DRAWN = ("keras", "torch", "xavier", "he", "orthogonal", "normal")


@pytest.mark.parametrize(
    ("name", "init"),
    [
        *(("layers_alike", init) for init in DRAWN),
        *(("weights_too_small", init) for init in (*DRAWN, "constant")),
    ],
)
def test_a_fault_of_starting_weights_is_seen_under_every_initialiser(
    make_case: Callable[..., Case], ask: Ask, name: str, init: str
) -> None:
    with BY_NAME[name].inject():
        found = ask("initialisation", make_case(f"model.init = '{init}'"))
    assert found.status == "fail"


@pytest.mark.parametrize(
    ("name", "metric"),
    [
        (fault.name, CASES[fault.case].converged.metric)
        for fault in FAULTS
        if fault.surface == "metric"
    ],
)
def test_a_wrong_metric_is_named(ask: Ask, name: str, metric: str) -> None:
    with BY_NAME[name].inject():
        found = ask("reference_steps", CASES[BY_NAME[name].case])
    assert metric in found.sentence


def test_a_gate_is_named_by_its_cell(ask: Ask) -> None:
    with BY_NAME["gru_row_reversed"].inject():
        found = ask("gradient", CASES["module_gru"])
    assert "recurrent.weight_hh_l0 new gate off by" in found.sentence


def test_a_misplaced_forget_bias_is_named_by_tensor_and_gate(ask: Ask) -> None:
    with BY_NAME["misplaced_forget_bias"].inject():
        found = ask("initialisation", CASES["adam"])
    assert "lstm.0.bias_ih cell gate" in found.sentence
