"""Every word has its facts, and every layer that computes with a word knows it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

from harness import backends
from harness.scenario import Case, OwnCase, load, vocabulary
from harness.scenario.scenario_files import files_below, name_of
from harness.scenario.vocabulary.tasks import TASKS
from harness.user_code import importable

SCENARIOS = Path(__file__).parents[2] / "scenarios"
RECORDS: dict[str, Mapping[Any, Any]] = {
    "ActivationName": vocabulary.ACTIVATIONS,
    "CellName": vocabulary.CELLS,
    "InitialiserName": vocabulary.INITIALISERS,
    "LossName": vocabulary.LOSSES,
    "MetricName": vocabulary.METRICS,
    "OptimizerName": vocabulary.OPTIMIZERS,
    "PrecisionName": vocabulary.PRECISIONS,
    "ScheduleName": vocabulary.SCHEDULES,
}


def shipped() -> dict[str, Case | OwnCase]:
    scenarios = [load(path, name_of(path, [SCENARIOS])) for path in files_below(SCENARIOS)]
    return {case.id: case for scenario in scenarios for case in scenario.claims}


def backends_of(case: Case | OwnCase) -> set[str]:
    """Where a shipped case is accepted: wherever it trains."""
    if isinstance(case, OwnCase):
        return {"own"}
    with importable(case.importable):
        return {name for name in ("eager", "ensemble") if not backends.get(name).unsupported(case)}


@pytest.mark.parametrize("names", RECORDS)
def test_the_closed_list_of_names_is_the_list_of_records(names: str) -> None:
    assert get_args(getattr(vocabulary, names)) == tuple(RECORDS[names])


def test_every_list_of_names_has_records() -> None:
    lists = {name for name in vars(vocabulary) if get_origin(getattr(vocabulary, name)) is Literal}
    without = {"Cause", "Diagnosis", "Direction", "Expect", "Pairing", "ProbeName", "Side"}
    assert lists - without == RECORDS.keys()


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_found_by_the_word_for_it(name: str) -> None:
    (word,) = get_args(TASKS[name].model_fields["task"].annotation)
    assert word == name


def test_every_accepted_baseline_is_of_a_case_as_it_is_declared_today() -> None:
    declared = shipped()
    paths = sorted(SCENARIOS.rglob("__baselines__/*.json"))
    wanted = {(case.scenario, name) for case in declared.values() for name in backends_of(case)}
    assert len(paths) == len(wanted)
    for path in paths:
        accepted = json.loads(path.read_text(encoding="utf-8"))
        for name, case in accepted["cases"].items():
            assert declared[f"{accepted['scenario']}/{name}"].fingerprint == case["fingerprint"]
