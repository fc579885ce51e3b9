"""Several seeds, and what training with an edit said, make one ranked answer."""

import numpy as np

from harness.diagnosis.answer import Diagnosis, Finding
from harness.diagnosis.cases.together import Tried, asked_for, together
from harness.diagnosis.names import Cause
from harness.diagnosis.observations import Missed, Observations
from tests.backends.small_cases import case_of

CASE = case_of()


def named(*causes: tuple[Cause, float]) -> Diagnosis:
    return Diagnosis(tuple(Finding(name, strength, "e.", "r.") for name, strength in causes))


def tried(cause: Cause, after: int, *, refutes: bool = False) -> Tried:
    only = frozenset({str(cause)})
    return Tried(only, only if refutes else frozenset(), ("k = 1",), "other", 0, after, 4)


BOTH = named(("too_few_epochs", 0.66), ("learning_rate_too_low", 0.5))


def test_what_most_seeds_name_comes_first() -> None:
    one, two = named(("no_signal", 0.8)), named(("overfitting", 0.8))
    ranked = together(CASE, [one, two, two])
    assert [cause.cause for cause in ranked] == ["overfitting", "no_signal"]
    assert ranked[0].seeds == (2, 3)


def test_a_remedy_that_works_decides_between_causes() -> None:
    first = together(CASE, [BOTH], [tried("learning_rate_too_low", 4)])[0]
    assert first.cause == "learning_rate_too_low"
    assert first.confirmed is True
    assert first.confirmation == "k = 1 (case other): 0 of 4 -> 4 of 4 seeds"
    assert first.edit == ("k = 1",)


def test_a_remedy_that_does_not_work_decides_only_where_it_would_have_to() -> None:
    kept = together(CASE, [BOTH], [tried("too_few_epochs", 0)])[0]
    assert (kept.cause, kept.confirmed) == ("too_few_epochs", None)
    other = together(CASE, [BOTH], [tried("too_few_epochs", 0, refutes=True)])[0]
    assert other.cause == "learning_rate_too_low"


def test_half_of_the_seeds_are_no_remedy() -> None:
    assert together(CASE, [BOTH], [tried("learning_rate_too_low", 2)])[0].confirmed is None


def test_a_seed_that_did_what_was_asked_is_accused_only_of_what_is_seen_directly() -> None:
    found = named(("broken_graph", 0.97), ("overfitting", 0.8))
    done = Observations(losses=np.ones(3))
    assert asked_for(done, found).causes == ("broken_graph",)
    failed = Observations(losses=np.ones(3), missed=Missed("train", "loss", 1.0, 0.4))
    assert asked_for(failed, found) == found
