"""What items train, from their ids alone: xdist's controller knows nothing else of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from harness.flow.sweep_trial import SweepTrial
from harness.flow.trial import Trial
from harness.pytest_plugin import functions
from harness.pytest_plugin.collection import load_checked
from harness.pytest_plugin.discovery import scenario_folders
from harness.scenario import ScenarioError


def trials_of_ids(ids: Sequence[str], config: pytest.Config) -> dict[str, Trial | SweepTrial]:
    """Return what items train, by their ids."""
    files = dict.fromkeys(each.partition("::")[0] for each in ids)
    known = {node: trial for file in files for node, trial in _trials(file, config)}
    return {node: known[node] for node in ids if node in known}


def _trials(file: str, config: pytest.Config) -> Iterator[tuple[str, Trial | SweepTrial]]:
    try:
        scenario = load_checked(Path(config.rootpath, file), scenario_folders(config))
    except ScenarioError:  # it changed since its items were collected
        return
    trials: list[Trial | SweepTrial] = [
        *functions.trials_of(scenario, config),
        *functions.sweep_trials_of(scenario, config),
    ]
    for trial in trials:
        yield f"{file}::{functions.name_of(trial, config)}", trial
