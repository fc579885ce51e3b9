from collections.abc import Callable

import pytest

from harness.outcome import Outcome
from harness.report import compare_backends, terminal
from harness.report.markdown import markdown
from harness.report.page import page

Make = Callable[..., Outcome]

SLOW = (18, 22, 19, 25, 21, 30, 24, 20, 26, 23)
NEVER = (None,) * 10


def pair(
    make: Make, first: tuple[int | None, ...], second: tuple[int | None, ...]
) -> list[Outcome]:
    return [make(epochs=first), make(epochs=second, backend="ensemble")]


def test_one_backend_is_compared_with_nothing(make: Make) -> None:
    assert compare_backends([make(), make("other")]) == []


def test_equal_backends_agree(make: Make) -> None:
    (comparison,) = compare_backends(pair(make, SLOW, SLOW))
    assert comparison.disagreements == ()
    assert list(comparison.outcomes) == ["eager cpu", "ensemble cpu"]


def test_a_backend_that_converges_on_fewer_seeds_is_marked(make: Make) -> None:
    (comparison,) = compare_backends(pair(make, SLOW, NEVER))
    (found,) = comparison.disagreements
    assert "Fisher's exact test" in found.test
    assert found.p == pytest.approx(2 / 184_756)  # of C(20, 10) tables two are as extreme


def test_a_backend_that_is_later_on_every_seed_is_marked(make: Make) -> None:
    later = tuple(epoch + index + 1 for index, epoch in enumerate(SLOW))
    (comparison,) = compare_backends(pair(make, SLOW, later))
    (found,) = comparison.disagreements
    assert "Wilcoxon" in found.test
    assert found.p == pytest.approx(2 / 2**10)


def test_seven_changed_seeds_can_prove_nothing(make: Make) -> None:
    later = tuple(epoch + (index < 7) * (index + 1) for index, epoch in enumerate(SLOW))
    (comparison,) = compare_backends(pair(make, SLOW, later))
    assert comparison.disagreements == ()


def test_only_seeds_that_converged_in_both_places_are_paired(make: Make) -> None:
    later = (None, None, None, *(epoch + 5 for epoch in SLOW[3:]))
    (comparison,) = compare_backends(pair(make, SLOW, later))
    assert comparison.disagreements == ()


def test_every_report_shows_outcomes_side_by_side_and_marks_the_difference(make: Make) -> None:
    outcomes = [*pair(make, SLOW, NEVER), make("only_here")]
    for text in (terminal(outcomes, 120), markdown({}, outcomes), page({}, outcomes)):
        assert "ensemble cpu" in text
        assert "pass, 10/10, 22.5" in text
        assert "not run" in text
        assert "p = 1.1e-05" in " ".join(text.split())
