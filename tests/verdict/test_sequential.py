"""Wald's test decides a claimed rate within its stated error rates, and as early as it can."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.verdict import Decision, decide
from harness.verdict.sequential import ERROR_RATE, INDIFFERENCE

REPEATABLE = settings(derandomize=True, deadline=None)
CLAIMED = 0.9
RUNS = 4000
SEEDS = 400
"""Far more than a test needs, so that nearly none is cut short."""


def decisions(true_rate: float, rate: float = CLAIMED) -> dict[Decision, float]:
    """Return the share of each decision in simulated tests."""
    agrees = np.random.default_rng(0).random((RUNS, SEEDS)) < true_rate
    found = [decide(row, rate)[0] for row in agrees.tolist()]
    return {decision: found.count(decision) / RUNS for decision in Decision}


WALD = ERROR_RATE / (1 - ERROR_RATE)
"""Wald's bound on either error."""
SPREAD = 3 * np.sqrt(WALD * (1 - WALD) / RUNS)
"""Three standard errors of a simulated share at that bound."""


@pytest.mark.parametrize("rate", [0.8, CLAIMED, 0.95])
def test_a_claim_that_is_just_true_is_refuted_at_most_once_in_a_hundred(rate: float) -> None:
    assert decisions(rate, rate)[Decision.REFUTED] <= WALD + SPREAD


@pytest.mark.parametrize("rate", [0.8, CLAIMED, 0.95])
def test_a_claim_that_is_clearly_false_is_confirmed_at_most_once_in_a_hundred(
    rate: float,
) -> None:
    assert decisions(rate - INDIFFERENCE, rate)[Decision.CONFIRMED] <= WALD + SPREAD


def test_the_further_from_the_claim_the_rarer_the_error() -> None:
    assert decisions(0.97)[Decision.REFUTED] == 0
    assert decisions(0.4)[Decision.CONFIRMED] == 0


@pytest.mark.parametrize(("true_rate", "seeds"), [(0.97, 48), (0.3, 48)])
def test_a_clear_case_is_decided_within_the_default_seeds(true_rate: float, seeds: int) -> None:
    agrees = np.random.default_rng(0).random((RUNS, seeds)) < true_rate
    undecided = [decide(row, CLAIMED)[0] is Decision.UNDECIDED for row in agrees.tolist()]
    assert np.mean(undecided) < 0.01


def test_twelve_of_twelve_confirm_and_eleven_do_not() -> None:
    assert decide([True] * 11, CLAIMED) == (Decision.UNDECIDED, 11)
    assert decide([True] * 48, CLAIMED) == (Decision.CONFIRMED, 12)


def test_four_of_four_refute_and_three_do_not() -> None:
    assert decide([False] * 3, CLAIMED) == (Decision.UNDECIDED, 3)
    assert decide([False] * 48, CLAIMED) == (Decision.REFUTED, 4)


def test_without_seeds_nothing_is_decided() -> None:
    assert decide([], CLAIMED) == (Decision.UNDECIDED, 0)


@REPEATABLE
@given(st.lists(st.booleans(), max_size=60), st.lists(st.booleans(), max_size=20))
def test_later_seeds_cannot_change_a_decision(first: list[bool], later: list[bool]) -> None:
    decision, seen = decide(first, CLAIMED)
    if decision is not Decision.UNDECIDED:
        assert decide(first + later, CLAIMED) == (decision, seen)
        assert decide(first[:seen], CLAIMED) == (decision, seen)
        assert decide(first[: seen - 1], CLAIMED)[0] is Decision.UNDECIDED


@REPEATABLE
@given(st.lists(st.booleans(), max_size=60), st.integers(0, 59))
def test_one_more_seed_that_agrees_never_turns_a_confirmation(
    agrees: list[bool], index: int
) -> None:
    better = [agreed or place == index for place, agreed in enumerate(agrees)]
    if decide(agrees, CLAIMED)[0] is Decision.CONFIRMED:
        assert decide(better, CLAIMED)[0] is Decision.CONFIRMED
