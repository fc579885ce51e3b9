"""What two revisions' outcomes say of the change between them."""

import json
from collections.abc import Callable

import pytest

from harness.cli.ci.changes import Changes, changes
from harness.cli.ci.pull_request import as_json, as_markdown, as_text
from harness.cli.ci.repository import Revision
from harness.history import Stop
from harness.results.outcome import Outcome
from harness.results.seed_run import SeedRun
from harness.verdict import Symptom
from tests.canned import outcome

BASE, HEAD = Revision("main", "a" * 40), Revision("HEAD", "b" * 40)
Trained = Callable[..., Outcome]


def trained(factor: float = 1.0, **told: object) -> Outcome:
    """Return 12 seeds, whose loss is at a half after 10 epochs or so, times ``factor``."""
    runs = []
    for seed in range(12):
        epochs = round((20 + seed % 3) * factor)
        loss = tuple(1 - epoch / epochs for epoch in range(epochs + 1))
        runs.append(
            SeedRun(
                seed=seed,
                stopped=Stop.CONVERGED,
                symptom=None,
                converged_at=epochs,
                plateau=0,
                transition=epochs,
                train_loss=loss,
                train_metric=tuple(1 - each for each in loss),
                first_losses=loss[:3],
                curves=f"{epochs}",
            )
        )
    return outcome(*runs, **told)


def crashed() -> Outcome:
    run = SeedRun(0, Stop.CRASHED, Symptom.CRASHED, None, 0, 0, (), message="no such layer")
    return outcome(run)


def of(was: list[Outcome], now: list[Outcome]) -> Changes:
    return changes(BASE, HEAD, was, now)


def test_the_same_revision_twice_is_identical() -> None:
    found = of([trained()], [trained()])
    assert found.headline == "identical: 1 case trained bit for bit as in main (aaaaaaa)"
    assert not found.failed
    assert as_text(found, 80) == found.headline


def test_a_slower_training_is_worse_and_stands_first() -> None:
    was = [trained(), trained(case="other")]
    found = of(was, [trained(), trained(1.5, case="other")])
    assert found.failed
    assert found.cases[0].name == "training/learning_rate/other"
    assert found.headline.startswith("1 of 2 cases trains worse: training/learning_rate/other ")
    assert "slower than main (12 paired seeds" in found.headline


def test_a_faster_training_is_told_and_fails_nothing() -> None:
    found = of([trained()], [trained(0.5)])
    assert (found.cases[0].kind, found.failed) == ("better", False)
    assert "refresh the baseline" not in as_markdown(found)


def test_faster_is_worse_where_its_case_says_so() -> None:
    was = [trained(direction="faster")]
    assert of(was, [trained(0.5, direction="faster")]).failed
    assert not of(was, [trained(1.5, direction="faster")]).failed


def test_a_case_that_crashes_now_is_worse() -> None:
    found = of([trained()], [crashed()])
    assert found.failed
    assert "was pass, is error: " in found.headline


def test_a_claim_that_failed_before_is_no_regression() -> None:
    wrong = trained(expect="fails", diagnosis=())
    assert wrong.outcome == "fail"
    assert not of([wrong], [wrong]).failed


def test_cases_of_one_revision_only_are_listed() -> None:
    found = of([trained(), trained(case="old")], [trained(), trained(case="new")])
    kinds = {each.name.rpartition("/")[2]: each.kind for each in found.cases}
    assert kinds == {"old": "only in base", "new": "only in head", "adam_default": "identical"}
    assert not found.failed
    for text in (as_text(found, 80), as_markdown(found)):
        assert "only in base" in text
        assert "only in head" in text


def test_nothing_passes_because_nothing_was_compared() -> None:
    for now in (trained(case="renamed"), trained(fingerprint="another")):
        found = of([trained()], [now])
        assert found.failed
        assert found.headline.startswith("nothing could be compared of ")


def test_a_setting_that_changed_is_said_to_have() -> None:
    other = trained(fingerprint="another")
    found = of([trained(), trained(case="b")], [other, trained(case="b")])
    assert [(each.kind, each.sentence) for each in found.cases] == [
        ("not comparable", "what it trains is declared otherwise than in main"),
        ("identical", "bit for bit"),
    ]
    assert not found.failed


def test_a_backend_is_named_only_where_several_trained_the_case() -> None:
    both = [trained(), trained(case="mine", backend="own")]
    assert [each.name for each in of(both, both).cases] == [
        "training/learning_rate/adam_default",
        "training/learning_rate/mine",
    ]


def test_backends_are_told_apart() -> None:
    was = [trained(), trained(backend="ensemble")]
    found = of(was, [trained(1.5), trained(backend="ensemble")])
    names = [each.name for each in found.cases]
    assert names == [
        "training/learning_rate/adam_default on eager",
        "training/learning_rate/adam_default on ensemble",
    ]


@pytest.mark.parametrize("factor", [1.0, 1.5])
def test_markdown_fits_a_comment_whatever_changed(factor: float) -> None:
    was, now = trained(), trained(factor)
    names = [f"{'x' * 60}{number}" for number in range(700)]
    text = as_markdown(
        of(
            [outcome(*was.runs[:3], case=each) for each in names],
            [outcome(*now.runs[:3], case=each) for each in names],
        )
    )
    assert len(text) <= 60_000
    assert text.splitlines()[0] == "# Convergence: HEAD (bbbbbbb) against main (aaaaaaa)"
    assert "cases are left out" in text


def test_a_name_with_markup_breaks_no_table() -> None:
    text = as_markdown(of([trained()], [trained(1.5, case="<script>|x")]))
    assert "<script>" not in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {4}


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_terminal_is_never_wider_than_it_is(width: int) -> None:
    found = of([trained(), trained(case="b")], [trained(1.5), trained(0.5, case="b")])
    assert max(map(len, as_text(found, width).splitlines())) <= width


def test_a_program_reads_the_same() -> None:
    told = json.loads(as_json(of([trained()], [trained(1.5)])))
    assert (told["schema"], told["failed"]) == (1, True)
    assert told["base"] == {"name": "main", "commit": "a" * 40}
    (case,) = told["cases"]
    assert (case["change"], case["base"], case["head"]) == ("worse", "pass", "pass")
    assert case["comparison"]["status"] == "slower"
