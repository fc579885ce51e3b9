"""Curves are identical, same, improved, regressed or missing, with effect, interval and power."""

import numpy as np
import pytest

from harness.curves.comparison import CurveComparison, compare_curves
from harness.curves.curve import Curve
from harness.curves.measures import Floats
from harness.curves.sentence import sentence
from tests.curves.canned import STEPS, falling


def curves(*runs: Floats, steps: Floats | None = None) -> list[Curve]:
    at = np.array(STEPS) if steps is None else steps
    return [Curve(f"seed{n}", at.astype(np.int64), run) for n, run in enumerate(runs)]


def compared(old: list[Curve], new: list[Curve], tolerance: float = 0.01) -> CurveComparison:
    return compare_curves("loss", old, new, tolerance, higher=False)


def change(found: CurveComparison, measure: str) -> float:
    [effect] = [each for each in found.effects if each.measure == measure]
    return effect.change


def test_the_same_numbers_are_identical() -> None:
    found = compared(curves(falling(0)), curves(falling(0)))
    assert (found.status, found.failed) == ("identical", False)
    assert sentence(found) == "bit for bit, 200 steps of 1 run"


def test_the_last_bit_of_one_number_is_not_identical() -> None:
    new = falling(0)
    new[100] = np.nextafter(new[100], 1)
    assert compared(curves(falling(0)), curves(new)).status == "same"


def test_another_realisation_of_the_noise_is_same() -> None:
    for seed in range(1, 21):
        assert compared(curves(falling(0)), curves(falling(seed))).status == "same"


def test_a_drift_in_the_third_decimal_is_same() -> None:
    drift = 0.001 * np.random.default_rng(1).normal(size=200)
    assert compared(curves(falling(0)), curves(falling(0) + drift)).status == "same"


@pytest.mark.parametrize("seed", [0, 1], ids=["the same noise", "other noise"])
def test_a_curve_5_percent_above_is_regressed_and_below_improved(seed: int) -> None:
    old, above = curves(falling(0)), curves(falling(seed, level=1.05))
    found = compared(old, above)
    assert (found.status, found.failed) == ("regressed", True)
    assert change(found, "run") == pytest.approx(0.05, abs=0.01)
    assert compared(above, old).status == "improved"


def test_20_percent_more_steps_are_regressed_by_so_much() -> None:
    found = compared(curves(falling(0)), curves(falling(1, slower=1.2)))
    assert found.status == "regressed"
    assert change(found, "steps") == pytest.approx(0.2, abs=0.03)


def test_a_plateau_left_later_is_regressed_by_the_steps_that_it_needs() -> None:
    def drop(at: float) -> Floats:
        return np.asarray(0.05 + 0.65 / (1 + np.exp((np.array(STEPS) - at) / 4)))

    found = compared(curves(drop(100)), curves(drop(120)))
    assert found.status == "regressed"
    assert change(found, "steps") == pytest.approx(0.2, abs=0.03)


def test_levels_that_are_never_reached_need_infinitely_many_steps() -> None:
    found = compared(curves(falling()), curves(np.full(200, 2.0)))
    assert change(found, "steps") == np.inf
    assert "steps to the same levels never" in sentence(found)


def test_the_tolerance_decides_and_what_reaches_it_is_beyond_it() -> None:
    old, above = curves(falling()), curves(falling(level=1.05))
    assert compared(old, above, tolerance=0.05).status == "regressed"
    assert compared(old, above, tolerance=0.051).status == "same"


def test_a_lower_accuracy_is_regressed_by_its_own_share() -> None:
    old, new = curves(np.linspace(0.5, 0.9, 200)), curves(0.95 * np.linspace(0.5, 0.9, 200))
    found = compare_curves("accuracy", old, new, 0.01, higher=True)
    assert found.status == "regressed"
    assert change(found, "final") == pytest.approx(0.05)
    assert compare_curves("accuracy", new, old, 0.01, higher=True).status == "improved"


def test_a_metric_with_negative_values_changes_by_shares_of_its_range() -> None:
    old = np.linspace(1, -1, 200)
    found = compared(curves(old), curves(old + 0.1))
    assert found.status == "regressed"
    assert change(found, "final") == pytest.approx(0.05)


def test_steps_that_are_missing_or_not_finite_fail_by_name() -> None:
    short = Curve("run", np.arange(1, 198), falling(0)[:197])
    found = compared(curves(falling(0)), [short])
    assert (found.status, found.failed) == ("missing", True)
    assert sentence(found) == "run lacks 3 of 200 accepted steps: 198, 199, 200"
    broken = Curve("run", np.arange(1, 201), falling(0), "run.csv:9: loss is nan at step 8")
    found = compared(curves(falling(0)), [broken])
    assert (found.status, sentence(found)) == ("regressed", "run.csv:9: loss is nan at step 8")


def test_a_longer_and_denser_run_is_compared_at_the_accepted_steps() -> None:
    steps = np.arange(1, 401)
    old = Curve("run", steps[1:200:2], falling(0)[1::2])
    new = Curve("run", steps, np.concatenate([falling(0), np.full(200, 9.0)]))
    assert compared([old], [new]).status == "identical"


def test_three_points_are_judged_by_the_tolerance_and_this_is_said() -> None:
    at = np.array([1, 2, 3])
    old = curves(np.array([3.0, 2.0, 1.0]), steps=at)
    found = compared(old, curves(np.array([3.0, 2.0, 1.04]), steps=at))
    assert (found.status, found.floor) == ("regressed", "none")
    assert "too few steps for a noise floor" in sentence(found)
    assert compared(old, curves(np.array([3.0, 2.0, 1.005]), steps=at)).status == "same"


def test_without_repeats_it_is_said_that_seeds_are_not_known() -> None:
    said = sentence(compared(curves(falling(0)), curves(falling(1))))
    assert "there are no repeats, so what another seed changes is not known" in said
    assert "is seen in 9 of 10 such comparisons" in said


def seeds(first: int, count: int, **change: float) -> list[Floats]:
    """Return seeds whose levels differ by 3 %."""
    rng = np.random.default_rng(first)
    return [falling(first + n, **change) * np.exp(0.03 * rng.normal()) for n in range(count)]


def test_the_spread_of_repeats_is_the_noise_floor() -> None:
    old = curves(*seeds(0, 6))
    assert compared(old, curves(*seeds(100, 6))).status == "same"
    assert compared(old, curves(falling(200, level=1.05))).status == "same", "seeds differ as much"
    found = compared(old, curves(*seeds(100, 8, level=1.2)))
    assert (found.status, found.floor) == ("regressed", "repeats")
    assert "noise floor from the spread of repeats" in sentence(found)


def test_one_new_run_borrows_the_spread_of_accepted_ones() -> None:
    found = compared(curves(*seeds(0, 6)), curves(falling(100, level=1.5)))
    assert (found.status, found.runs) == ("regressed", (6, 1))


def test_seeds_of_the_same_names_are_compared_in_pairs() -> None:
    accepted = seeds(0, 6)
    found = compared(curves(*accepted), curves(*(1.05 * run for run in accepted)))
    assert (found.status, found.floor) == ("regressed", "pairs")


def test_a_flat_curve_has_no_steps_to_compare() -> None:
    rng = np.random.default_rng(0)
    old, new = np.exp(0.1 * rng.normal(size=(2, 200)))
    found = compared(curves(old), curves(new))
    assert [each.measure for each in found.effects] == ["final", "run"]
    assert found.status == "same"
