"""One record of a case holds what was measured, and survives JSON as it is."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.history import History, Stop
from harness.results.outcome import (
    Outcome,
    criterion,
    numbers,
    summarise,
    wilson_interval,
    workload,
)
from harness.scenario import Case, load
from harness.verdict import judge

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


def case(folder: Path, lines: str = "") -> Case:
    path = folder / "case.toml"
    path.write_text(
        'question = "?"\n[data]\ntask = "first_value"\n[converged]\nat_least = 1.0\nhold = 2\n'
        f'[[case]]\nname = "a"\nexpect = "converges"\n{lines}\n'
    )
    return load(path, "model/example").cases[0]


def histories() -> list[History]:
    loss, norms = np.array([0.7, 0.2, 0.1]), np.zeros((2, 1))
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
    verdict = judge(example, histories())
    return summarise(example, "Does it?", "eager", "cpu", histories(), verdict)


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
    assert outcome.runs[1].train_loss == [0.7, 9.0, None]


def test_it_holds_what_the_results_file_promises(outcome: Outcome) -> None:
    assert outcome.to_dict().keys() >= FIELDS


def test_it_survives_strict_json_unchanged(outcome: Outcome) -> None:
    text = json.dumps(outcome.to_dict(), allow_nan=False)
    assert Outcome.from_dict(json.loads(text)) == outcome


def test_keys_of_a_later_version_are_passed_over(outcome: Outcome) -> None:
    assert Outcome.from_dict(outcome.to_dict() | {"invented_later": 1}) == outcome


def test_a_record_that_is_not_ours_is_refused(outcome: Outcome) -> None:
    record = outcome.to_dict()
    del record["id"]
    with pytest.raises(TypeError, match="id"):
        Outcome.from_dict(record)


def test_numbers_keep_nine_digits_and_say_null_where_json_has_none() -> None:
    values = np.array([1 / 3, np.nan, np.inf, -np.inf])
    assert numbers(values) == [0.333333333, None, None, None]
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
    assert criterion(case(tmp_path, lines)) == text


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
    assert (workload(case(tmp_path)) == workload(case(tmp_path, lines))) is same


@pytest.mark.parametrize(
    ("successes", "trials", "interval"),
    [(0, 0, (0.0, 1.0)), (12, 12, (0.7575, 1.0)), (0, 4, (0.0, 0.4899)), (5, 10, (0.2366, 0.7634))],
)
def test_wilsons_interval_is_that_of_the_tables(
    successes: int, trials: int, interval: tuple[Any, Any]
) -> None:
    assert wilson_interval(successes, trials) == pytest.approx(interval, abs=1e-4)
