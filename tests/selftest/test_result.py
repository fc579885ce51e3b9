"""The result counts what was caught, and shows what was not."""

from contextlib import nullcontext

from harness.selftest import Control, Fault, Result
from harness.selftest.gate import Alarm, Finding

FAULT = Fault(
    "slow", "optimizer", "pytorch#1", "the rate is too small", "adam", nullcontext, ("optimizer",)
)
CONTROL = Control("same", "nothing", "adam", nullcontext)
ALARMS = (Alarm("optimizer", "0.02 > 0.001", "rates off"), Alarm("layers", "1 > 0", "off"))


def test_a_fault_that_is_caught_and_a_silent_control_pass() -> None:
    result = Result([Finding(FAULT, ALARMS, None, 0.5), Finding(CONTROL, (), None, 0.5)])
    assert result.passed
    assert result.summary == "1 of 1 faults caught; 1 controls, no alarm"


def test_a_fault_that_is_not_caught_is_shown_and_fails() -> None:
    result = Result([Finding(FAULT, (), None, 0.5)])
    assert not result.passed
    assert "NOT CAUGHT" in str(result)
    assert result.summary == "0 of 1 faults caught; 0 controls, no alarm"


def test_a_control_that_raises_an_alarm_fails() -> None:
    result = Result([Finding(FAULT, ALARMS, None, 0.5), Finding(CONTROL, ALARMS, None, 0.5)])
    assert not result.passed
    assert result.summary == "1 of 1 faults caught; 1 controls, 1 FALSE ALARM"


def test_what_cannot_act_is_told_with_its_reason_and_counts_neither_way() -> None:
    left_out = Finding(FAULT, (), None, 0.0, "majority cannot train its case")
    result = Result([Finding(CONTROL, (), None, 0.5), left_out])
    assert result.passed
    assert result.summary == "0 of 0 faults caught; 1 controls, no alarm; 1 cannot act here"
    assert "majority cannot train its case: slow" in str(result)


def test_the_table_names_the_source_the_signals_and_the_number() -> None:
    text = str(Result([Finding(FAULT, ALARMS, None, 0.5)]))
    for told in ("pytorch#1", "optimizer, layers", "0.02 > 0.001", "0.5"):
        assert told in text


def test_a_report_is_a_link_in_markdown_and_an_address_in_json() -> None:
    result = Result([Finding(FAULT, ALARMS, None, 0.5), Finding(CONTROL, (), None, 0.5)])
    address = "https://github.com/pytorch/pytorch/issues/1"
    assert [row[2] for row in result.linked_rows] == [f"[pytorch#1]({address})", "-"]
    assert [record["sources"] for record in result.records] == [[address], []]
