"""One record of a case holds what was measured, and survives JSON as it is."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from harness.history import History, Stop
from harness.results.comparison import Comparison
from harness.results.declaration import declaration
from harness.results.interval import wilson_interval
from harness.results.outcome import Outcome
from harness.results.probe import Probe
from harness.results.seed_run import numbers, seed_run
from harness.results.timing import Timing, TimingComparison
from harness.scenario import Case, load
from harness.scenario.criterion import Criterion

FIELDS = {
    "id",
    "scenario",
    "case",
    "backend",
    "device",
    "expect",
    "outcome",
    "seeds",
    "converged",
    "epochs_to_converge",
    "plateau_epochs",
    "symptom",
    "diagnosis",
    "seconds_per_step",
    "probes",
    "baseline",
}
"""What results.json promises of a case."""

OLD_RUN = (
    *("seed", "stopped", "symptom", "converged_at", "plateau", "transition"),
    *("train_loss", "first_losses", "steps", "seconds"),
)
"""What schema 1 said of a seed, besides the one metric."""


def case(folder: Path, lines: str = "") -> Case:
    path = folder / "case.toml"
    path.write_text(
        'question = "?"\n[data]\ntask = "first_value"\n[converged]\nat_least = 1.0\nhold = 2\n'
        f'[[case]]\nname = "a"\nexpect = "converges"\n{lines}\n'
    )
    return load(path, "model/example").cases[0]


def histories() -> list[History]:
    loss, norms = np.array([0.7, 0.2, 0.1]), np.array([[0.25], [0.5]])
    good = History(
        seed=0,
        stopped=Stop.CONVERGED,
        train_loss=loss,
        train_metric=np.array([0.5, 1.0, 1.0]),
        validation_loss=loss,
        validation_metric=loss,
        layers=("lstm.0",),
        gradient_norm=norms,
        update_ratio=norms,
        first_losses=loss / 3,
        steps=2,
        seconds=0.25,
    )
    nan = replace(
        good,
        seed=1,
        stopped=Stop.NON_FINITE,
        train_loss=np.array([0.7, 9.0, np.nan]),
        train_metric=np.array([0.5, 0.5, np.nan]),
    )
    return [good, nan]


@pytest.fixture
def outcome(tmp_path: Path) -> Outcome:
    example = case(tmp_path)
    return Outcome(
        **vars(declaration(example, "Does it?", example.fingerprint)),
        backend="eager",
        device="cpu",
        runs=tuple(seed_run(history, example.converged) for history in histories()),
        probes=(Probe("loss", "pass", 0.1, 1.0, "the loss is right"),),
    )


def test_it_says_what_happened_to_every_seed(outcome: Outcome) -> None:
    assert (outcome.id, outcome.scenario, outcome.case) == (
        "model/example/a",
        "model/example",
        "a",
    )
    assert (outcome.seeds, outcome.converged, outcome.outcome) == (2, 1, "inconclusive")
    assert outcome.epochs_to_converge == [1, None]
    assert outcome.plateau_epochs == [0, 2]
    assert (outcome.symptom, outcome.symptoms) == ("diverged", {"diverged": 1})
    assert outcome.seconds == 0.5
    assert [run.stopped for run in outcome.runs] == ["converged", "non_finite"]
    assert outcome.runs[1].train_loss == (0.7, 9.0, None)


def test_what_is_told_follows_from_the_runs(outcome: Outcome) -> None:
    good = tuple(replace(outcome.runs[0], seed=seed) for seed in range(12))
    other = replace(outcome, runs=good)
    assert (other.seeds, other.converged, other.outcome, other.symptom) == (12, 12, "pass", None)
    assert other.epochs_to_converge == [1] * 12
    assert other.sentence == (
        "claimed to converge; 12 of 12 seeds converged: confirmed by the first 12 seeds"
    )


def test_what_the_recorder_measured_stays(outcome: Outcome) -> None:
    run = outcome.runs[0]
    assert (run.train_metric, run.validation_loss) == ((0.5, 1.0, 1.0), (0.7, 0.2, 0.1))
    assert (run.layers, run.gradient_norm, run.update_ratio) == (
        ("lstm.0",),
        ((0.25,), (0.5,)),
        ((0.25,), (0.5,)),
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"probes": (Probe("loss", "fail", 2.0, 1.0, "off"),)}, "probe loss: off"),
        ({"comparison": Comparison("slower", "later", refused=True)}, "baseline slower: later"),
        ({"timing": Timing(0.1, (), TimingComparison("slower", 2.0, "2 x"))}, "2 x"),
    ],
    ids=["probe", "baseline", "timing"],
)
def test_an_objection_fails_a_case_whose_claim_holds(
    outcome: Outcome, changes: dict[str, Any], sentence: str
) -> None:
    passing = replace(outcome, runs=(outcome.runs[0],) * 12)
    failed = replace(passing, **changes)
    assert (passing.outcome, failed.outcome) == ("pass", "fail")
    assert failed.sentence == f"{sentence}; {passing.sentence}"
    assert replace(outcome, **changes).outcome == "inconclusive"


def test_a_probe_that_raised_on_a_users_module_is_told_and_fails_nothing(outcome: Outcome) -> None:
    raised = Probe("gradient", "error", None, None, "raised ValueError: no gradients here")
    found = replace(outcome, probes=(raised,))
    assert found.outcome == outcome.outcome
    told = "probe gradient could not be made: raised ValueError: no gradients here"
    assert found.sentence == f"{outcome.sentence}; {told}"


def test_a_comparison_that_only_tells_fails_nothing(outcome: Outcome) -> None:
    told = replace(outcome, runs=(outcome.runs[0],) * 12, comparison=Comparison("slower", "later"))
    assert told.outcome == "pass"


def test_it_holds_what_the_results_file_promises(outcome: Outcome) -> None:
    assert outcome.to_dict().keys() >= FIELDS


def test_it_survives_strict_json_unchanged(outcome: Outcome) -> None:
    text = json.dumps(outcome.to_dict(), allow_nan=False)
    assert Outcome.from_dict(json.loads(text)) == outcome


def test_a_record_of_schema_1_is_read(outcome: Outcome) -> None:
    old = outcome.to_dict() | {
        "criterion": "train accuracy >= 1, held 2",
        "seconds_per_step": 0.002,
        "baseline": {
            "status": "slower",
            "sentence": "later",
            "effect": 0.1,
            "detectable": None,
            "seeds": [12, 12],
            "timing": {"status": "same", "ratio": 1.0, "sentence": "as long"},
        },
        "sentence": f"baseline slower: later; {outcome.sentence}",
        "runs": [
            {name: run[name] for name in OLD_RUN} | {"metric": run["train_metric"]}
            for run in outcome.to_dict()["runs"]
        ],
    }
    del old["timing"]
    read = Outcome.from_dict(old)
    assert (read.criterion, read.verdict) == (outcome.criterion, outcome.verdict)
    assert (read.epochs_to_converge, read.sentence) == (outcome.epochs_to_converge, old["sentence"])
    assert read.runs[0].judged_metric(read.criterion) == outcome.runs[0].train_metric
    assert read.timing == Timing(0.002, (), TimingComparison("same", 1.0, "as long"))
    assert (read.comparison.effect, read.comparison.refused) == (0.1, True)


def test_a_crash_of_schema_1_is_told_as_it_was(outcome: Outcome) -> None:
    run = {name: outcome.to_dict()["runs"][0][name] for name in OLD_RUN}
    run |= {"stopped": "crashed", "symptom": "crashed", "converged_at": None, "metric": []}
    sentence = "probe loss: off; seed 0: ValueError: no"
    old = outcome.to_dict() | {"criterion": "train loss <= 0.1", "sentence": sentence}
    read = Outcome.from_dict(old | {"runs": [run], "probes": []})
    assert (read.outcome, read.sentence) == ("error", "seed 0: ValueError: no")


def test_keys_of_a_later_version_are_passed_over(outcome: Outcome) -> None:
    assert Outcome.from_dict(outcome.to_dict() | {"invented_later": 1}) == outcome


def test_a_record_that_is_not_ours_is_refused(outcome: Outcome) -> None:
    record = outcome.to_dict()
    del record["scenario"]
    with pytest.raises(ValidationError, match="scenario"):
        Outcome.from_dict(record)


def test_numbers_keep_nine_digits_and_say_null_where_json_has_none() -> None:
    values = np.array([1 / 3, np.nan, np.inf, -np.inf])
    assert numbers(values) == (0.333333333, None, None, None)
    every_float32 = np.float32(np.random.default_rng(0).normal(size=100))
    assert np.array_equal(np.array(numbers(every_float32.astype(float)), np.float32), every_float32)


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ("", "train accuracy >= 1, held 2"),
        (
            'converged = {metric = "loss", on = "validation", at_most = 0.05, hold = 1}',
            "validation loss <= 0.05",
        ),
    ],
)
def test_the_criterion_is_a_phrase(tmp_path: Path, lines: str, text: str) -> None:
    assert str(Criterion.of(case(tmp_path, lines).converged)) == text


@pytest.mark.parametrize(
    ("lines", "same"),
    [
        ("training.learning_rate = 0.5", True),
        ("training.epochs = 5", True),
        ("model.init_scale = 2.0", True),
        ('model.init = "zeros"', True),
        ('model.init = "torch"', False),  # trains a second bias
        ("model.units = [15, 15]", False),
        ("training.batch_size = 1", False),
        ('training.optimizer = "sgd"', False),
        ("training.clip_norm = 1.0", False),
        ("training.warmup_epochs = 1.0", False),
        ("data.scale = 100.0", True),
        ("data.timesteps = 9", False),
    ],
)
def test_cases_share_a_workload_when_a_step_costs_the_same(
    tmp_path: Path, lines: str, same: bool
) -> None:
    assert (case(tmp_path).workload == case(tmp_path, lines).workload) is same


@pytest.mark.parametrize(
    ("successes", "trials", "interval"),
    [(0, 0, (0.0, 1.0)), (12, 12, (0.7575, 1.0)), (0, 4, (0.0, 0.4899)), (5, 10, (0.2366, 0.7634))],
)
def test_wilsons_interval_is_that_of_the_tables(
    successes: int, trials: int, interval: tuple[Any, Any]
) -> None:
    assert wilson_interval(successes, trials) == pytest.approx(interval, abs=1e-4)
