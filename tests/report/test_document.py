from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from harness.diagnosis.cases.cause import Cause
from harness.report import compose, terminal
from harness.report.csv_file import csv_file
from harness.report.document import Diagnosis, Document, columns
from harness.report.document.columns import COLUMNS, Column
from harness.report.document.phrases import duration
from harness.report.html import html
from harness.report.markdown import markdown
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome
from harness.results.probe import Probe
from harness.results.timing import Timing, TimingComparison
from harness.scenario.criterion import Criterion

Make = Callable[..., Outcome]
Cases = Callable[..., list[Outcome]]


def texts(*outcomes: Outcome) -> list[tuple[str, ...]]:
    return [finding.texts for finding in compose({}, outcomes).findings]


def renderings(document: Document) -> list[str]:
    return [terminal(document, 250), markdown(document), csv_file(document), html(document)]


def test_a_new_entry_of_the_list_of_columns_is_in_every_report(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = Column(
        "steps", "of all seeds", lambda o: sum(run.steps for run in o.runs), "steps", numeric=True
    )
    monkeypatch.setattr(columns, "COLUMNS", (*COLUMNS, steps))
    monkeypatch.setattr("harness.report.csv_file.COLUMNS", (*COLUMNS, steps))
    for text in renderings(compose({}, [make(epochs=(18, 17))])):
        assert "steps" in text
        assert str(7 * (19 + 18)) in text


def test_no_two_columns_share_a_field_or_a_heading() -> None:
    headings = [column.heading for column in COLUMNS if column.heading]
    assert len(set(headings)) == len(headings)
    assert len({column.field for column in COLUMNS}) == len(COLUMNS)


def test_cases_that_pass_unchanged_are_no_findings(learning_rate: Cases) -> None:
    assert texts(*learning_rate()) == []


def test_a_finding_tells_each_fact_once(make: Make) -> None:
    failed = make(
        epochs=(None,) * 12,
        probes=(Probe("loss", "fail", 2.0, 1.0, "4 % off"),),
        comparison=Comparison("slower", "2 epochs later", refused=True),
        diagnosis=(Cause("no_signal", "labels are random", "check them"),),
    )
    (told,) = texts(make("fine"), failed)
    assert told[0] == (
        "fail: 0/12 seeds converged, though claimed to converge: no_signal; 2 epochs later; "
        "loss disagrees: look at the loss"
    )
    assert told[1].startswith("claimed to converge; 0 of 12 seeds converged")
    assert told[2:] == ("4 % off",)


def test_a_probe_that_was_switched_off_is_a_finding_with_its_reason_in_every_report_of_findings(
    make: Make,
) -> None:
    off = Probe("gradient", "skipped", None, None, "switched off: the state is carried on purpose")
    not_made = Probe("loss", "skipped", None, None, "no reference")
    passed = make(probes=(off, not_made))
    told = "probe gradient switched off: the state is carried on purpose"
    assert texts(passed) == [(told,)]
    document = compose({}, [passed])
    for text in (terminal(document, 250), markdown(document), html(document)):
        assert told in text


def diagnosis(outcome: Outcome) -> Diagnosis:
    (row,) = compose({}, [outcome]).rows
    assert row.diagnosis is not None
    return row.diagnosis


def test_a_diagnosis_says_the_edit_once_and_what_came_of_it(make: Make) -> None:
    edit = ('task = "other"', "noise = 1")
    tried = 'task = "other", noise = 1 (case quiet): 0 of 4 -> 4 of 4 seeds'
    causes = (
        Cause("no_signal", "e.", "r.", edit, 0.8, (2, 3), True, tried),
        Cause("overfitting", "e.", "r."),
    )
    assert dict(diagnosis(make(epochs=(None,) * 12, diagnosis=causes)).parts) == {
        "Seen": "e.",
        "Edit": 'task = "other", noise = 1',
        "Tried": "case quiet: 0 of 4 -> 4 of 4 seeds",
        "Sure": "named by 2 of 3 failed seeds that were trained once more under watch",
        "Perhaps": "The network learns its training records by heart (overfitting)",
    }


def test_another_edit_that_was_tried_in_vain_is_named(make: Make) -> None:
    tried = "noise = 0: 0 of 4 -> 1 of 4 seeds"
    cause = Cause("no_signal", "e.", "r.", ("noise = 1",), 0.8, (2, 2), False, tried)
    assert ("In vain", tried) in diagnosis(make(epochs=(None,) * 12, diagnosis=(cause,))).parts


def test_why_no_cause_is_named_is_said_too(make: Make) -> None:
    told = diagnosis(make(epochs=(None,) * 12, diagnosed_by="no diagnosis: a seed takes 90 s"))
    assert told.parts == (("Why", "no diagnosis: a seed takes 90 s"),)


def test_the_evidence_of_a_diagnosis_stands_once_in_every_report_of_cases(make: Make) -> None:
    cause = (Cause("learning_rate_too_low", "the loss stands still", "raise it"),)
    for expect in ("fails", "converges"):
        failing = make(epochs=(None,) * 12, expect=expect, diagnosis=cause, stated=cause[0].cause)
        document = compose({}, [failing])
        assert [markdown(document).count(cause[0].evidence)] == [1]
        assert html(document).count(cause[0].evidence) == 1
        told = terminal(document, 80).count("seen    the loss stands still")
        assert told == (expect == "converges"), "a case that fails as it must is no finding"


def test_a_finding_names_the_cause_and_leads_to_its_evidence(make: Make) -> None:
    cause = Cause("learning_rate_too_low", "the loss stands still", "raise it")
    document = compose({}, [make(epochs=(None,) * 12, diagnosis=(cause,))])
    page = html(document)
    link = '<a href="#case/training/learning_rate/adam_default">The learning rate is too low</a>'
    assert page.index('id="findings"') < page.index(link) < page.index("the loss stands still")
    assert "`: The learning rate is too low, see its scenario below\n" in markdown(document)


def test_markdown_draws_the_curves_that_a_diagnosis_speaks_of(make: Make) -> None:
    found = make(epochs=(None,) * 3, diagnosis=(Cause("no_signal", "e.", "r."),))
    norms = tuple((1.0 / 20**epoch, 2.0) for epoch in range(3))
    runs = tuple(replace(run, layers=("lstm", "head"), gradient_norm=norms) for run in found.runs)
    text = markdown(compose({}, [replace(found, runs=runs)]))
    assert "gradient norm of lstm 1 █▅▁ 0.0025, gradient norm of head 2 ███ 2\n" in text


def test_a_plateau_that_ends_by_itself_is_told_to_wait_for_unless_a_cause_is_known(
    make: Make,
) -> None:
    losses = tuple(0.69 - 1e-4 * 1.5**epoch for epoch in range(13))
    found = make(epochs=(20,) * 3)
    runs = tuple(replace(run, plateau=12, train_loss=losses) for run in found.runs)
    outcome = replace(found, runs=runs)
    [row] = compose({}, [outcome]).rows
    assert any(text.startswith("Nothing is wrong, wait: in the first 12") for text in row.remarks)
    for text in (markdown(compose({}, [outcome])), html(compose({}, [outcome]))):
        assert "fall ▁▁▁▁▁▁▂▂▃▄▆█" in text  # its own curve: it falls by ever more
    known = replace(outcome, diagnosis=(Cause("no_signal", "e.", "r."),))
    assert not any("wait" in text for text in compose({}, [known]).rows[0].remarks)


def test_a_change_that_fails_nothing_is_told_too(make: Make) -> None:
    accepted = make(comparison=Comparison("faster", "2 epochs sooner"))
    assert texts(accepted) == [("baseline: faster: 2 epochs sooner",)]


def test_what_did_not_pass_comes_first(make: Make) -> None:
    changed = make("changed", comparison=Comparison("faster", "sooner"))
    found = compose({}, [changed, make("failed", epochs=(None,) * 12)]).findings
    assert [finding.row.outcome.case for finding in found] == ["failed", "changed"]


def test_a_case_that_fails_as_it_must_is_no_finding(make: Make) -> None:
    cause = (Cause("no_signal", "labels are random", "check them"),)
    failing = make(epochs=(None,) * 12, expect="fails", diagnosis=cause, note="By design.")
    (row,) = compose({}, [failing]).rows
    assert (row.remarks, compose({}, [failing]).findings) == (("By design.",), ())


def test_the_summary_says_what_the_comparisons_could_have_seen(make: Make) -> None:
    compared = [
        Comparison("same", detectable=0.1, seeds=(12, 12)),
        Comparison("same", detectable=0.3, seeds=(12, 12)),
        Comparison("not_comparable"),
        Comparison("slower", detectable=None, seeds=(12, 12)),
    ]
    outcomes = [make(str(n), comparison=each) for n, each in enumerate(compared)]
    assert compose({}, outcomes).summary.baseline == (
        "against the baseline: 2 same, 1 not comparable, 1 slower; "
        "the median one would see a slow-down of 20 %; 1 cannot fail on time"
    )


def test_cases_without_a_baseline_are_counted_where_one_was_looked_for(make: Make) -> None:
    compared = [Comparison("none", "no accepted baseline"), Comparison("same", identical=True)]
    outcomes = [make(str(n), comparison=each) for n, each in enumerate(compared)]
    said = compose({}, outcomes).summary.baseline
    assert said == "against the baseline: 1 without one, 1 identical"


def test_where_nothing_was_accepted_nothing_is_said_of_a_baseline(make: Make) -> None:
    assert compose({}, [make()]).summary.baseline == ""


def test_timing_says_how_many_steps_were_timed_and_which_changed(make: Make) -> None:
    slower = Timing(0.005, comparison=TimingComparison("slower", 1.5, "50 % slower"))
    outcomes = [make("a", timing=slower), make("b", timing=Timing(0.005)), make("c")]
    assert compose({}, outcomes).timing == (
        "all seeds together trained for 0.36 s; a step was timed in 2 of 3 cases; "
        "1 slower than accepted"
    )


def test_every_section_that_has_something_to_say_is_in_every_layout(
    make: Make, learning_rate: Cases
) -> None:
    outcomes = [*learning_rate(note="Takes long."), make("broken", epochs=(None,) * 12)]
    document = compose({"torch": "2.13"}, [*outcomes, make(backend="fast")])
    told = [
        document.summary.sentence,
        document.timing,
        document.findings[0].texts[0],
        "What does the learning rate do to the hello-world LSTM?",
        "too_low",
        "differ",
    ]
    for text in (terminal(document, 250), markdown(document), html(document)):
        assert all(each.lower() in text.lower() for each in told)


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.36, "0.36 s"), (99.6, "99.6 s"), (1250, "21 min"), (9000, "2.5 h")]
)
def test_times_are_said_as_a_person_would(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def guessing(outcome: Outcome, skill: float) -> Outcome:
    """Return a case whose seeds end where the last value is, or half-way to no error."""
    known: dict[str, Any] = {"guess": 0.97, "guessed_by": "the last value", "skill": skill}
    known |= {"no_better": skill <= 0.05}
    return replace(outcome, runs=tuple(replace(run, **known) for run in outcome.runs))


def test_a_criterion_that_a_guess_meets_as_well_is_told(make: Make) -> None:
    case = make(criterion=Criterion("r2", at_least=0.9))
    assert texts(guessing(case, 0.01)) == [
        ("no better than guessing: skill 0.01; the last value alone reaches r2 0.97",)
    ]


def test_skill_stands_beside_the_metric_and_is_no_finding(make: Make) -> None:
    skilled = guessing(make(), 0.5)
    assert texts(skilled) == []
    row = {column.field: column.text(skilled) for column in COLUMNS}
    assert (row["skill"], row["guess"], row["guessed_by"]) == ("0.50", "0.97", "the last value")
    shown, without = (columns.table_columns([each]) for each in (skilled, make()))
    assert "skill" in [column.heading for column in shown]
    assert "skill" not in [column.heading for column in without]


def test_results_say_the_skill_of_a_case_and_of_each_seed(make: Make) -> None:
    record = guessing(make(), 0.5).to_dict()
    assert (record["skill"], record["guess"], record["guessed_by"]) == (0.5, 0.97, "the last value")
    assert record["runs"][0]["skill"] == 0.5
    assert Outcome.from_dict(record).skill == 0.5
