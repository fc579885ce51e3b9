from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.report import compose, terminal
from harness.report.document.agreement import Agreement, agreement
from harness.report.document.backends import backend_cases, compare_backends
from harness.report.document.table import Table
from harness.report.html import html
from harness.report.markdown import markdown
from harness.results.outcome import Outcome
from harness.results.seed_run import Numbers

Make = Callable[..., Outcome]

SLOW = (18, 22, 19, 25, 21, 30, 24, 20, 26, 23)
NEVER = (None,) * 10


def pair(
    make: Make, first: tuple[int | None, ...], second: tuple[int | None, ...]
) -> list[Outcome]:
    return [make(epochs=first), make(epochs=second, backend="ensemble")]


def table(outcomes: list[Outcome]) -> Table:
    found = compare_backends(outcomes)
    assert found is not None
    return found.table


def test_one_backend_is_compared_with_nothing(make: Make) -> None:
    assert compare_backends([make(), make("other")]) is None


def test_equal_backends_agree(make: Make) -> None:
    (comparison,) = backend_cases(pair(make, SLOW, SLOW))
    assert comparison.disagreements == ()
    assert list(comparison.outcomes) == ["eager cpu", "ensemble cpu"]


def test_a_backend_that_converges_on_fewer_seeds_is_marked(make: Make) -> None:
    (comparison,) = backend_cases(pair(make, SLOW, NEVER))
    (found,) = comparison.disagreements
    assert "Fisher's exact test" in found.test
    assert found.p == pytest.approx(2 / 184_756)  # of C(20, 10) tables two are as extreme


def test_a_backend_that_is_later_on_every_seed_is_marked(make: Make) -> None:
    later = tuple(epoch + index + 1 for index, epoch in enumerate(SLOW))
    (comparison,) = backend_cases(pair(make, SLOW, later))
    (found,) = comparison.disagreements
    assert "Wilcoxon" in found.test
    assert found.p == pytest.approx(2 / 2**10)


def test_seven_changed_seeds_can_prove_nothing(make: Make) -> None:
    later = tuple(epoch + (index < 7) * (index + 1) for index, epoch in enumerate(SLOW))
    (comparison,) = backend_cases(pair(make, SLOW, later))
    assert comparison.disagreements == ()


def test_only_seeds_that_converged_in_both_places_are_paired(make: Make) -> None:
    later = (None, None, None, *(epoch + 5 for epoch in SLOW[3:]))
    (comparison,) = backend_cases(pair(make, SLOW, later))
    assert comparison.disagreements == ()


def test_every_report_shows_outcomes_side_by_side_and_marks_the_difference(make: Make) -> None:
    elsewhere = [make("only_on_two", backend=backend) for backend in ("compiled", "ensemble")]
    outcomes = [*pair(make, SLOW, NEVER), *elsewhere, make("only_here")]
    document = compose({}, outcomes)
    for text in (terminal(document, 120), markdown(document), html(document)):
        told = text[text.rindex("Backends") :]
        assert "ensemble" in told
        assert "10/10, 22.5" in told
        assert "not run" in told
        assert "only_on_two" in told
        assert "only_here" not in told
        assert "p = 1.1e-05" in " ".join(text.split())


def with_losses(outcome: Outcome, losses: Numbers) -> Outcome:
    """Return the outcome with other first losses in each seed."""
    runs = tuple(replace(run, first_losses=losses) for run in outcome.runs)
    return replace(outcome, runs=runs)


def agree(first: Outcome, second: Outcome) -> Agreement:
    found = agreement([(first, second)])
    assert found is not None
    return found


def test_agreement_is_of_the_worst_first_loss_of_any_seed(make: Make) -> None:
    one = with_losses(make(), (0.5, 0.5, 0.4))
    other = with_losses(make(), (0.5, 0.5, 0.4))
    runs = (*other.runs[:-1], replace(other.runs[-1], first_losses=(0.5, 0.49, 0.4)))
    assert agree(one, other).losses == 0.0
    assert agree(one, replace(other, runs=runs)).losses == pytest.approx(0.02)


@pytest.mark.parametrize("losses", [(0.5, None), (0.5,)], ids=["not finite", "fewer"])
def test_losses_that_only_one_place_has_do_not_agree(make: Make, losses: Numbers) -> None:
    one, other = with_losses(make(), (0.5, 0.5)), with_losses(make(), losses)
    assert agree(one, other).losses == agree(other, one).losses == float("inf")
    assert agree(other, other).losses == 0.0


def test_seeds_that_converge_an_epoch_apart_or_nowhere_are_near(make: Make) -> None:
    one, other = make(epochs=(18, 18, 18, None, None)), make(epochs=(18, 17, 20, None, 30))
    found = agree(one, other)
    assert (found.near, found.seeds) == (3, 5)


def test_only_seeds_and_settings_that_both_places_share_are_compared(make: Make) -> None:
    assert agree(make(epochs=(18, 19)), make(epochs=(18,))).seeds == 1
    assert agreement([(make(), make(fingerprint="another"))]) is None


def test_below_a_scenario_stands_how_closely_its_seeds_agree_with_the_first_place(
    make: Make,
) -> None:
    first, second = pair(make, (18, 19), (18, 25))
    outcomes = [first, with_losses(second, (0.69 * (1 + 1e-6),) * 20), make("only_here")]
    assert table(outcomes).rows[-2:] == (
        ("training/learning_rate", "first 20 losses", "", "reference", "within 1e-06"),
        ("training/learning_rate", "epochs to converge", "", "reference", "1/2 within 1"),
    )
    document = compose({}, outcomes)
    for text in (terminal(document, 120), markdown(document), html(document)):
        assert "first 20 losses" in text
        assert "within 1e-06" in text


def test_where_no_case_ran_twice_nothing_is_said(make: Make) -> None:
    assert compare_backends([make(), make("other", backend="ensemble")]) is None


def test_where_no_seed_converges_nothing_is_said_of_losses(make: Make) -> None:
    *_, losses, _ = table(pair(make, NEVER, NEVER)).rows
    assert losses == ("training/learning_rate", "first 20 losses", "", "reference", "-")


def test_eager_is_the_reference_and_devices_are_named_where_there_are_several(make: Make) -> None:
    outcomes = [make(backend="compiled"), make(), make(device="cuda")]
    assert table(outcomes).headings[2:] == ("differ", "eager cpu", "eager cuda", "compiled cpu")
    assert table(outcomes).rows[-1][3] == "reference"
    assert table(outcomes[:2]).headings[3:] == ("eager", "compiled")


def test_a_narrow_terminal_shows_backends_in_several_tables(make: Make) -> None:
    names = ["eager", "ensemble", "keras-jax", "keras-tensorflow", "keras-torch"]
    text = terminal(compose({}, [make(backend=name) for name in names]), 60)
    told = text[text.index("Backends") :]
    assert max(map(len, told.splitlines())) <= 60
    assert all(name in told for name in names)
    assert told.count("training/learning_rate") > 1
