"""What a gate is worth: how often it cries wolf, and whether it sees what it says it would."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from harness.baseline import RATE, Differences, control_false_discoveries
from harness.baseline.crossing_times import CrossingTimes
from harness.baseline.power import paired_shift, smallest_seen, unpaired_shift
from harness.baseline.significance import Difference, paired, unpaired
from harness.history import Floats
from harness.scenario.vocabulary import MARGIN

CASES, SEEDS = 60, 12
ROUNDING, SLOWER_RATE, BETWEEN_SEEDS = 1e-6, 0.0013, 0.084
"""Spreads of log epochs: of rounding in gradients and of a slower rate in pairs, between seeds."""

ALPHA = RATE / (2 * CASES)
"""The p-value that one fault among healthy cases needs."""

Rng = np.random.Generator


def side(log_times: Floats) -> CrossingTimes:
    everything = np.ones(len(log_times), bool)
    return CrossingTimes(log_times, everything, ~everything)


def in_pairs(rng: Rng, spread: float, effect: float = 0.0, seeds: int = SEEDS) -> Difference:
    accepted = np.log(20) + BETWEEN_SEEDS * rng.normal(size=seeds)
    new = accepted + np.log1p(effect) + spread * rng.normal(size=seeds)
    found = paired("loss", side(new), side(accepted), MARGIN)
    assert found is not None
    return found


def as_samples(rng: Rng, spread: float, effect: float = 0.0, seeds: int = SEEDS) -> Difference:
    accepted, new = np.log(20) + spread * rng.normal(size=(2, seeds))
    found = unpaired("loss", side(new + np.log1p(effect)), side(accepted), MARGIN)
    assert found is not None
    return found


def statuses(measured: Sequence[Difference], among: int | None = None) -> list[str]:
    run = [Differences(False, (12, 12), MARGIN, (each,), None) for each in measured]
    return [comparison.status for comparison in control_false_discoveries(run, among=among)]


@pytest.mark.parametrize(
    ("draw", "spread", "runs"),
    [(in_pairs, ROUNDING, 100), (in_pairs, 0.2, 30), (as_samples, BETWEEN_SEEDS, 15)],
    ids=["rounding", "chaotic", "other seeds"],
)
def test_clean_runs_raise_no_alarm(
    draw: Callable[..., Difference], spread: float, runs: int
) -> None:
    rng = np.random.default_rng(11)
    found = [statuses([draw(rng, spread) for _ in range(CASES)]) for _ in range(runs)]
    assert sum("slower" in run or "faster" in run for run in found) == 0


def test_rounding_is_not_even_reported_as_a_change() -> None:
    rng = np.random.default_rng(12)
    found = statuses([in_pairs(rng, ROUNDING) for _ in range(CASES)])
    assert found == ["same"] * CASES


@pytest.mark.parametrize("sign", [1, -1])
def test_alarms_stay_rare_where_the_truth_lies_on_the_margin_itself(sign: int) -> None:
    rng = np.random.default_rng(13)
    edge = (1 + MARGIN) ** sign - 1
    run = [in_pairs(rng, SLOWER_RATE, edge) for _ in range(600)]
    assert sum(status in {"slower", "faster"} for status in statuses(run)) <= 1


def test_one_fault_among_healthy_cases_is_the_only_alarm() -> None:
    rng = np.random.default_rng(14)
    healthy = [in_pairs(rng, ROUNDING) for _ in range(CASES - 1)]
    for effect, status in ((0.08, "slower"), (-0.08, "faster"), (0.015, "changed")):
        found = statuses([in_pairs(rng, SLOWER_RATE, effect), *healthy])
        assert found == [status] + ["same"] * (CASES - 1)


@pytest.mark.parametrize("seeds", [6, 12, 24])
def test_the_stated_power_of_pairs_is_their_power(seeds: int) -> None:
    rng = np.random.default_rng(15)
    shift = paired_shift(seeds, ALPHA)
    effect = smallest_seen(MARGIN, shift, 0.01, 0.1)
    spread = float(np.hypot(0.01, 0.1 * np.log1p(effect)))
    p_values = [in_pairs(rng, spread, effect, seeds).p_slower for _ in range(1000)]
    assert np.mean(np.array(p_values) <= ALPHA) == pytest.approx(0.9, abs=0.03)


@pytest.mark.parametrize("seeds", [12, 24])
def test_the_stated_power_of_samples_is_their_power(seeds: int) -> None:
    rng = np.random.default_rng(16)
    shift = unpaired_shift(seeds, seeds, ALPHA)
    effect = smallest_seen(MARGIN, shift, BETWEEN_SEEDS)
    p_values = [as_samples(rng, BETWEEN_SEEDS, effect, seeds).p_slower for _ in range(300)]
    assert np.mean(np.array(p_values) <= ALPHA) == pytest.approx(0.9, abs=0.05)


def test_six_other_seeds_can_never_be_sure_enough_and_say_so() -> None:
    assert unpaired_shift(6, 6, ALPHA) == np.inf
    assert smallest_seen(MARGIN, np.inf, BETWEEN_SEEDS) == np.inf


def test_a_slow_down_that_scatters_more_than_it_slows_is_never_seen() -> None:
    assert smallest_seen(MARGIN, shift=6.0, spread=0.0, own_scatter=0.2) == np.inf


def test_an_effect_within_the_margin_is_not_called_slower_however_many_seeds() -> None:
    rng = np.random.default_rng(16)
    found = statuses([in_pairs(rng, 0.0001, 0.04, seeds=48) for _ in range(20)])
    assert set(found) == {"changed"}


def test_a_part_of_a_run_is_judged_as_if_it_were_all_of_it() -> None:
    rng = np.random.default_rng(17)
    borderline = in_pairs(rng, 0.02, 0.08)
    assert statuses([borderline]) == ["slower"]
    assert statuses([borderline], among=2000) != ["slower"]
