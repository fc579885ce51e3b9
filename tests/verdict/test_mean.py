"""A claim about a mean over seeds: decided early, with stated error rates, or not at all."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from harness.history import Floats
from harness.verdict import Decision, MeanBound, decide_mean, judge_mean

BOUND = MeanBound(level=3.28, upward=False)


def seeds(count: int, deviations: float, spread: float = 0.01) -> list[float]:
    """Return values whose mean lies so many of their own standard deviations above the bound."""
    drawn = np.random.default_rng(0).normal(size=count)
    scaled = (drawn - drawn.mean()) / drawn.std(ddof=1)
    return [float(value) for value in BOUND.level + spread * (scaled + deviations)]


def test_24_seeds_whose_mean_is_well_within_the_bound_pass() -> None:
    claim = MeanBound(level=3.28, upward=False, every=24)
    verdict = judge_mean("validation loss", seeds(24, -0.7), claim)
    assert verdict.result == "pass"
    assert verdict.sentence.startswith(
        "claimed a mean validation loss <= 3.28; 3.273 over 24 seeds"
    )


def test_12_seeds_at_the_bound_are_undecided() -> None:
    verdict = judge_mean("loss", seeds(12, 0.0), BOUND)
    assert verdict.result == "inconclusive"
    assert verdict.sentence.endswith(": too close to call after 12 seeds")


def test_a_mean_beyond_the_bound_is_refuted() -> None:
    assert judge_mean("loss", seeds(12, 2.0), BOUND).result == "fail"


def test_an_upper_claim_mirrors_a_lower_one() -> None:
    mirrored = [2 * BOUND.level - value for value in seeds(12, -2.0)]
    assert judge_mean("accuracy", mirrored, MeanBound(3.28, upward=True)).result == "pass"
    assert judge_mean("accuracy", mirrored, BOUND).result == "fail"


def test_the_first_seeds_that_suffice_decide_whatever_comes_later() -> None:
    found = decide_mean(seeds(12, -2.0) + [9.0] * 12, BOUND)
    assert (found.decision, found.seeds) == (Decision.CONFIRMED, 12)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_seed_without_a_finite_end_refutes_the_claim(value: float) -> None:
    values = seeds(12, -2.0)
    values[4] = value
    verdict = judge_mean("loss", values, BOUND)
    assert verdict.result == "fail"
    assert "seed number 5 did not end its budget with a finite loss" in verdict.sentence


def test_one_seed_decides_nothing() -> None:
    assert decide_mean([0.0], BOUND).decision is Decision.UNDECIDED


def test_equal_values_decide_by_their_side_and_nothing_on_the_bound() -> None:
    assert decide_mean([3.2] * 12, BOUND).decision is Decision.CONFIRMED
    assert decide_mean([3.28] * 12, BOUND).decision is Decision.UNDECIDED


@pytest.mark.parametrize(("every", "most"), [(3, 48), (12, 48), (24, 24)])
def test_at_the_bound_at_most_one_claim_in_a_hundred_passes(every: int, most: int) -> None:
    claim = MeanBound(0.0, upward=False, every=every, most=most)
    drawn = np.random.default_rng(0).normal(size=(3000, most)).tolist()
    passed = sum(decide_mean(values, claim).decision is Decision.CONFIRMED for values in drawn)
    assert passed <= 48  # 3,000 draws at 1 % give more than that once in 1,000


def lognormal(draws: np.random.Generator, shape: tuple[int, int]) -> Floats:
    return np.exp(draws.normal(-0.1, 0.2**0.5, shape)) - 1


def exponential(draws: np.random.Generator, shape: tuple[int, int]) -> Floats:
    return draws.exponential(size=shape) - 1


@pytest.mark.parametrize("drawn", [lognormal, exponential])
@pytest.mark.parametrize("upward", [False, True])
def test_a_long_tail_beyond_the_bound_makes_no_more_claims_pass(
    drawn: Callable[[np.random.Generator, tuple[int, int]], Floats], upward: bool
) -> None:
    claim = MeanBound(0.0, upward=upward)
    values = drawn(np.random.default_rng(1), (3000, 48)) * (-1 if upward else 1)
    passed = sum(decide_mean(row, claim).decision is Decision.CONFIRMED for row in values.tolist())
    assert passed <= 48  # as above


def test_fewer_than_six_seeds_decide_nothing() -> None:
    assert decide_mean(seeds(5, -9.0), BOUND).decision is Decision.UNDECIDED
