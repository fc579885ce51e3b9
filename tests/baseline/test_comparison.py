import json
from dataclasses import asdict, replace

import pytest

from harness.baseline import (
    BaselineError,
    Differences,
    accept,
    compare,
    compare_baseline,
    compare_reports,
    control_false_discoveries,
    record,
)
from harness.baseline.comparison import compare_seeds
from harness.baseline.crossing_times import crossing_times
from harness.baseline.significance import paired
from harness.history import Stop
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome
from harness.results.seed_run import SeedRun
from tests.baseline.canned import ENVIRONMENT, outcome, run, seed_record, times

ACCEPTED = times()
CASES = ("plain", "new")


def settled(new: Outcome, accepted: Outcome | None = None, among: int = 60) -> Comparison:
    differences = compare(new, accept(accepted or outcome(ACCEPTED)))
    (found,) = control_false_discoveries([differences], among=among)
    return found


def scaled(factor: float, first_seed: int = 0) -> Outcome:
    return outcome([factor * at for at in ACCEPTED], first_seed)


def test_the_same_training_is_the_same() -> None:
    found = settled(outcome(ACCEPTED))
    assert (found.status, found.paired, found.seeds) == ("same", True, (12, 12))
    assert found.effect == 0


@pytest.mark.parametrize(
    ("factor", "status"),
    [(1.1, "slower"), (0.9, "faster"), (1.03, "changed"), (0.97, "changed"), (1.0, "same")],
)
def test_a_change_beyond_the_margin_is_seen_either_way(factor: float, status: str) -> None:
    found = settled(scaled(factor))
    assert found.status == status
    assert found.regressed == (status != "same")


def test_the_sentence_states_effect_interval_p_value_and_power() -> None:
    sentence = settled(scaled(1.1)).sentence
    for part in (
        "epochs until the loss is half-way: +9.98 %",
        "95 % interval",
        "p = ",
        "would see",
    ):
        assert part in sentence


def test_a_faster_training_asks_for_a_new_baseline() -> None:
    assert "improved, refresh the baseline" in settled(scaled(0.8)).sentence


def test_other_first_losses_are_a_change_that_epochs_do_not_show() -> None:
    runs = tuple(
        replace(r, first_losses=tuple(v * 1.00001 for v in r.first_losses if v is not None))
        for r in outcome(ACCEPTED).runs
    )
    found = settled(outcome(ACCEPTED, runs=runs))
    assert found.status == "changed"
    assert "first losses differ by 1e-05" in found.sentence


def test_rounding_in_the_first_losses_is_no_change() -> None:
    runs = tuple(
        replace(r, first_losses=tuple(v * (1 + 5e-7) for v in r.first_losses if v is not None))
        for r in outcome(ACCEPTED).runs
    )
    assert settled(outcome(ACCEPTED, runs=runs)).status == "same"


@pytest.mark.parametrize(
    ("rounding", "status"),
    [([1e-7, 1e-6], "same"), ([1e-7], "same"), ([1e-7, 1e-7], "changed"), ([], "same")],
)
def test_what_rounding_does_to_the_case_is_no_change(rounding: list[float], status: str) -> None:
    runs = tuple(
        replace(r, first_losses=(0.7 - 0.0001 * r.seed, 0.69999 * (1 - 0.0001 * r.seed)))
        for r in outcome(ACCEPTED).runs
    )
    other = [
        replace(r, first_losses=(r.first_losses[0], 0.7 * (1 - 0.0001 * r.seed))) for r in runs
    ]
    new, accepted = outcome(ACCEPTED, runs=runs, rounding=rounding), outcome(ACCEPTED, runs=other)
    assert settled(new, accepted).status == status


def test_one_chaotic_seed_is_no_change() -> None:
    runs = outcome(ACCEPTED).runs
    odd = replace(runs[0], first_losses=(9.0, None, *runs[0].first_losses[2:]))
    assert settled(outcome(ACCEPTED, runs=[odd, *runs[1:]])).status == "same"


def test_seeds_that_no_longer_converge_are_slower() -> None:
    assert settled(outcome([None] * 12)).status == "slower"


@pytest.mark.parametrize(("lost", "status"), [(0, "same"), (1, "same"), (4, "slower")])
def test_some_of_the_same_seeds_that_no_longer_converge_are_slower(lost: int, status: str) -> None:
    fewer = outcome([None if n < lost else at for n, at in enumerate(ACCEPTED)])
    assert settled(fewer).status == status
    assert settled(outcome(ACCEPTED), fewer).status == status.replace("slower", "faster")


def test_seeds_that_the_clock_stopped_are_not_lost() -> None:
    cut = [run(s, None, 5, stopped=Stop.TIME_LIMIT) for s in range(12)]
    assert settled(outcome(ACCEPTED, runs=cut)).status == "same"


def test_seeds_that_diverge_are_slower_though_no_budget_was_reached() -> None:
    nan = [run(s, None, 3, stopped=Stop.NON_FINITE) for s in range(12)]
    assert settled(outcome([None] * 12, runs=nan)).status == "slower"


def test_seeds_that_converge_at_last_are_faster() -> None:
    assert settled(outcome(ACCEPTED), outcome([None] * 12)).status == "faster"


def test_a_training_that_halves_its_loss_in_time_but_never_converges_is_slower() -> None:
    runs = tuple(
        replace(
            r, stopped=Stop.BUDGET, converged_at=None, train_metric=(0.9,) * len(r.train_metric)
        )
        for r in outcome(ACCEPTED).runs
    )
    assert settled(outcome(ACCEPTED, runs=runs)).status == "slower"


def test_other_seeds_are_compared_as_samples() -> None:
    found = settled(scaled(1.6, first_seed=100))
    assert (found.paired, found.first_losses_differ_by, found.status) == (False, None, "slower")
    assert settled(scaled(1 / 1.6, first_seed=100)).status == "faster"
    assert settled(scaled(1.0, first_seed=100)).status == "same"


def test_more_new_seeds_than_accepted_ones_are_paired_on_the_common_ones() -> None:
    found = settled(outcome(times(24)), outcome(times(24)[:12]))
    assert (found.paired, found.seeds) == (True, (12, 12))


def test_a_case_without_baseline_has_none() -> None:
    assert isinstance(found := compare(outcome(ACCEPTED), None), Comparison)
    assert found.status == "none"


def test_a_changed_setting_is_not_comparable() -> None:
    changed = outcome(ACCEPTED, fingerprint="0" * 16)
    assert settled(changed).status == "not_comparable"


def crash(seed: int) -> SeedRun:
    return run(seed, None, stopped=Stop.CRASHED, train_loss=(), train_metric=())


@pytest.mark.parametrize("count", [1, 12])
def test_seeds_that_crash_are_a_change(count: int) -> None:
    crashed = [crash(seed) for seed in range(count)]
    found = settled(outcome(ACCEPTED, runs=[*crashed, *outcome(ACCEPTED).runs[count:]]))
    assert (found.status, found.sentence) == ("changed", f"{count} of 12 seeds crashed")


def test_seeds_that_crashed_before_too_are_not_compared() -> None:
    crashed = [crash(seed) for seed in range(12)]
    both = outcome(ACCEPTED, runs=crashed)
    assert settled(both, both).status == "not_comparable"


def test_seeds_that_the_clock_stopped_say_nothing_of_epochs() -> None:
    cut = [run(s, None, 5, stopped=Stop.TIME_LIMIT) for s in range(12)]
    cut_short = crossing_times(accept(outcome([None] * 12, runs=cut)).seeds, "convergence")
    assert cut_short.unknown.all()
    accepted = crossing_times(accept(outcome(ACCEPTED)).seeds, "convergence")
    assert paired("convergence", cut_short, accepted, 0.05) is None


def test_a_few_seeds_say_that_they_cannot_fail() -> None:
    few = outcome(times(3))
    found = settled(few, outcome(times(3, draw=1)))
    assert "it cannot fail" in found.sentence
    assert found.status == "same"


def test_what_was_seen_is_not_said_to_be_invisible() -> None:
    found = settled(outcome([2 * at for at in times(5)]), outcome(times(5)))
    assert found.status == "slower"
    assert "cannot fail" not in found.sentence


def test_one_seed_has_no_spread_and_cannot_fail() -> None:
    found = settled(outcome([60.0]), outcome([20.0]))
    assert (found.status, found.detectable) == ("same", None)


def test_a_case_that_never_moves_says_that_it_cannot_fail() -> None:
    flat = [run(s, None, train_loss=(0.7,) * 61) for s in range(12)]
    found = settled(outcome([None] * 12, runs=flat), outcome([None] * 12, runs=flat))
    assert found.status == "same"
    assert "no crossing to time" in found.sentence
    assert "cannot fail" in found.sentence


def test_a_record_for_the_report_holds_only_numbers_that_json_holds() -> None:
    for found in (settled(outcome([60.0]), outcome([20.0])), settled(scaled(1.6, 100))):
        assert json.loads(json.dumps(asdict(found), allow_nan=False))["status"] == found.status


def test_both_directions_never_win_at_once() -> None:
    found = compare_seeds([seed_record(0, 20.0)] * 2, [seed_record(0, 20.0)] * 2, [])
    assert found.p_slower > 0.5
    assert found.p_faster > 0.5


def test_a_baseline_of_another_backend_is_refused() -> None:
    baseline = record([outcome(ACCEPTED)], "", ENVIRONMENT)
    (known,), (new, _) = (compare_baseline([outcome(ACCEPTED, case=c)], baseline) for c in CASES)
    assert isinstance(known[1], Differences)
    assert new == ("training/rate/new", compare(outcome(ACCEPTED), None))
    with pytest.raises(BaselineError, match="record one for it"):
        compare_baseline([outcome(ACCEPTED, backend="batched")], baseline)


def between(a: list[Outcome], b: list[Outcome]) -> list[Comparison]:
    return control_false_discoveries([found for _, found in compare_reports(a, b)])


def test_two_reports_are_compared_case_by_case() -> None:
    a, b = [outcome(ACCEPTED)], [scaled(1.2), outcome(ACCEPTED, case="new")]
    assert [found.status for found in between(a, b)] == ["slower", "none"]
    [_, gone] = between(b, a)
    assert (gone.status, gone.sentence) == ("missing", "only in the first report")
    assert gone.regressed


def test_an_accepted_case_that_a_report_lacks_is_missing() -> None:
    baseline = record([outcome(ACCEPTED), outcome(ACCEPTED, case="gone")], "", ENVIRONMENT)
    _, (name, found) = compare_baseline([outcome(ACCEPTED)], baseline)
    assert (name, found) == (
        "training/rate/gone",
        Comparison("missing", "accepted, but not in the report"),
    )


def test_a_case_that_was_not_judged_is_missing_and_nothing_is_compared_with_it() -> None:
    lost = replace(outcome([]), not_judged="not run: the run was interrupted")
    [missing], [new] = between([outcome(ACCEPTED)], [lost]), between([lost], [outcome(ACCEPTED)])
    assert (missing.status, missing.sentence) == ("missing", lost.not_judged)
    assert (new.status, new.sentence) == ("none", "not judged in the first report")


def test_reports_of_two_backends_are_matched_by_case() -> None:
    (found,) = between([outcome(ACCEPTED)], [outcome(ACCEPTED, backend="batched")])
    assert found.status == "same"


def test_a_report_of_several_backends_is_matched_by_backend() -> None:
    a = [outcome(ACCEPTED), outcome([None] * 12, backend="batched")]
    assert [found.status for found in between(a, a)] == ["same", "same"]


def test_reports_with_nothing_in_common_are_refused() -> None:
    with pytest.raises(BaselineError, match="no case in common"):
        compare_reports([outcome(ACCEPTED)], [outcome(ACCEPTED, scenario="other")])
    with pytest.raises(BaselineError, match="no case in common"):
        compare_reports([], [])
