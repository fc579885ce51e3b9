"""A failure in one sentence: what changed, by how much, how sure, where to look."""

from collections.abc import Callable

import pytest

from harness.diagnosis.cases.cause import Cause
from harness.report import headline
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome
from harness.results.probe import Probe
from tests.report.conftest import crash

Make = Callable[..., Outcome]

SLOWER = Comparison(
    "slower",
    "many numbers",
    refused=True,
    measure="loss",
    effect=0.357,
    p_value=0.0000123,
    paired=True,
    seeds=(12, 12),
)


def probes(**statuses: str) -> tuple[Probe, ...]:
    return tuple(Probe(name, each, 1.0, 1.0, "") for name, each in statuses.items())  # type: ignore[arg-type]  # a test names known ones


def test_a_slow_down_has_its_size_and_certainty_and_a_place_to_look(make: Make) -> None:
    checks = probes(optimizer="fail", gradient="pass", loss="pass", reference_steps="fail")
    assert headline(make(comparison=SLOWER, probes=checks)) == (
        "trains 36 % slower than accepted (12 paired seeds, p = 1e-05); optimizer and "
        "reference_steps disagree, gradient and loss agree: look at the optimizer's step"
    )


def test_whole_steps_that_differ_alone_lead_nowhere_in_particular(make: Make) -> None:
    told = headline(make(probes=probes(reference_steps="fail", loss="pass")))
    assert told == (
        "reference_steps disagrees: look at everything in a step: no narrower probe disagrees"
    )


def test_first_losses_that_differ_are_the_evidence_of_another_training(make: Make) -> None:
    changed = Comparison(
        "changed",
        refused=True,
        effect=0.0,
        paired=True,
        seeds=(12, 12),
        first_losses_differ_by=2e-3,
        rounding_explains=1e-7,
    )
    assert headline(make(comparison=changed)) == (
        "trains otherwise than accepted (first losses differ by 0.002, rounding explains 1e-07; "
        "12 paired seeds)"
    )


def test_a_worse_metric_is_named(make: Make) -> None:
    worse = Comparison("slower", refused=True, measure="metric", effect=0.05, seeds=(12, 24))
    assert headline(make(comparison=worse)) == (
        "accuracy is 5 % worse than accepted (12 seeds against 24)"
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "0/12 seeds converged, though claimed to converge: plateaued"),
        (
            {"diagnosis": (Cause("no_signal", "random labels", "check them"),)},
            "0/12 seeds converged, though claimed to converge: no_signal",
        ),
        (
            {"expect": "fails", "stated": "exploding_gradient", "epochs": (9,) * 12},
            "12/12 seeds converged, though claimed to fail",
        ),
        (
            {"expect": "fails", "stated": "overfitting"},
            "fails as claimed, but not for the stated reason overfitting: plateaued",
        ),
        (
            {"epochs": (9, 9, None), "most_seeds": 3},
            "claimed to converge; 2 of 3 seeds converged",
        ),
    ],
)
def test_a_claim_that_does_not_hold_says_how_many_seeds_did_otherwise(
    make: Make, changes: dict[str, object], told: str
) -> None:
    epochs = changes.pop("epochs", (None,) * 12)
    found = headline(make(epochs=epochs, **changes))
    assert found.startswith(told)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"epochs": (9,) * 12}, "12/12 seeds converged, as claimed"),
        (
            {"expect": "fails", "stated": "too_few_epochs"},
            "fails as claimed, 0/12 seeds converged: too_few_epochs",
        ),
    ],
)
def test_a_claim_that_holds_is_not_told_as_one_that_does_not(
    make: Make, changes: dict[str, object], told: str
) -> None:
    outcome = make(**{"epochs": (None,) * 12, **changes})
    assert outcome.verdict.result == "pass"
    assert headline(outcome) == told


def test_a_crash_is_told_as_it_was_raised(make: Make) -> None:
    assert "KeyError: 'x'" in headline(make(runs=(crash("KeyError: 'x'"),)))
