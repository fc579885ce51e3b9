import re
from collections.abc import Callable

import pytest

from harness.diagnosis.cases.cause import Cause
from harness.report import compose
from harness.report import terminal as lay_out
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome
from harness.results.probe import Probe
from harness.results.timing import Timing
from tests.report.conftest import crash

Make = Callable[..., Outcome]
Cases = Callable[..., list[Outcome]]


def terminal(outcomes: list[Outcome], width: int) -> str:
    return lay_out(compose({}, outcomes), width)


def messy(make: Make, learning_rate: Cases) -> list[Outcome]:
    """Return cases with all that can make a line long."""
    return [
        *learning_rate(timing=Timing(0.00512)),
        *learning_rate(backend="ensemble", device="cuda:0"),
        make(
            "a" * 90,
            scenario="somewhere/quite/deep/in/a/tree/of/folders/of_a_user_with_long_names",
            question="Why " + "so " * 60 + "long?",
            runs=(crash("ValueError: " + "x" * 200 + "\nand\tmore"),),
            diagnosis=(Cause("no_signal", "e " * 90, "r " * 90),),
            comparison=Comparison("slower", "2.1 epochs later than accepted"),
            probes=(Probe("layers", "fail", 2.0, 1.0, "gate " * 40),),
        ),
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_no_line_is_longer_than_the_terminal(width: int, make: Make, learning_rate: Cases) -> None:
    for outcomes in (learning_rate(), messy(make, learning_rate), [make("a" * 90)]):
        lines = terminal(outcomes, width).splitlines()
        assert max(map(len, lines)) <= width


@pytest.mark.parametrize("width", [1, 5, 10, 20])
def test_the_narrowest_terminals_crash_nothing(
    width: int, make: Make, learning_rate: Cases
) -> None:
    assert terminal(messy(make, learning_rate), width)


def test_80_columns_show_claim_convergence_epochs_symptom_and_time(learning_rate: Cases) -> None:
    lines = terminal(learning_rate(timing=Timing(0.00512)), 80).splitlines()
    cells = [re.split(r"  +", line.strip()) for line in lines]
    assert cells[0] == ["case", "claim", "converged", "epochs", "symptom", "a step"]
    assert lines[2].startswith("training/learning_rate: What does the learning rate do")
    assert cells[3][:5] == ["pass", "adam_default", "converges", "12/12", "18.5 (17-20)"]
    assert cells[4] == ["pass", "too_low", "fails", "0/12", "-", "plateaued", "5.12 ms"]


def test_120_columns_also_show_reason_interval_plateau_and_time(learning_rate: Cases) -> None:
    text = terminal(learning_rate(timing=Timing(0.00512)), 120)
    assert "fails: learning_rate_too_low" in text
    assert "12/12 (76-100 %)" in text
    assert "plateau " in text
    assert "5.12 ms" in text


def test_time_that_was_not_measured_says_so(learning_rate: Cases) -> None:
    assert terminal(learning_rate(), 120).count("not measured") == 3


def test_scenarios_are_headings_and_their_cases_stand_together(make: Make) -> None:
    outcomes = [make("one", scenario="a"), make("two", scenario="b"), make("three", scenario="a")]
    lines = terminal(outcomes, 80).splitlines()
    cases = [line.split()[1] for line in lines if line.startswith("pass")]
    assert cases == ["one", "three", "two"]


def test_a_cure_stands_beside_what_it_cures(learning_rate: Cases) -> None:
    lines = terminal(learning_rate(), 80).splitlines()
    at = lines.index("Remedies")
    assert lines[at + 3 : at + 5] == [
        "training/learning_rate",
        "yes    too_low 0/12 -> raised 12/12",
    ]


def test_a_cure_without_its_case_says_that_it_did_not_run(learning_rate: Cases) -> None:
    assert "unsure  too_low not run -> raised 12/12" in terminal(learning_rate()[2:], 80)


def test_what_did_not_pass_is_told_with_its_cause_below_the_table(make: Make) -> None:
    failed = make(
        epochs=(None,) * 4,
        diagnosis=(Cause("no_signal", "labels are random", "check them"),),
    )
    text = terminal([failed, make("fine")], 80)
    assert "training/learning_rate/adam_default\n  fail: 0/4 seeds converged, though" in text
    assert "  why     The inputs say nothing about the targets (no_signal)\n  seen " in text
    assert text.endswith("2 cases: 1 pass, 1 fail")


def test_backend_baseline_and_probes_appear_only_where_there_is_something_to_see(
    make: Make,
) -> None:
    plain = terminal([make(probes=(Probe("loss", "pass", 0.0, 1.0, "fine"),))], 120)
    assert not any(word in plain for word in ("eager", "cpu", "baseline", "probe"))
    slower = Comparison("slower", "2 epochs later")
    failing = (Probe("loss", "fail", 2.0, 1.0, "4 % off"),)
    full = terminal([make(comparison=slower, probes=failing), make("b", backend="fast")], 120)
    for words in ("eager", "baseline: slower: 2 epochs later", "fail: loss disagrees"):
        assert words in full


def test_nothing_to_report_says_so() -> None:
    assert terminal([], 80) == "no cases"
