"""The test functions of a scenario, parametrised: `train`, `map` and `time`."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from harness.execution.job import Work
from harness.flow.sweep_trial import SweepTrial
from harness.flow.trial import Trial
from harness.pytest_plugin.options import backend_names, exact_seeds
from harness.pytest_plugin.run import Run
from harness.scenario import Scenario

NAMES = ("train", "map", "time")
PARAMETER = "convergence_trial"
TIMED_ROUNDS = 5
OWN = "own"
"""The backend of training that the user wrote, whichever others are asked for."""


def module_of(scenario: Scenario, config: pytest.Config) -> ModuleType:
    """Build the module that holds a scenario's test functions."""
    backends = backend_names(config)
    trials = trials_of(scenario, config)
    maps = sweep_trials_of(scenario, config)
    module = ModuleType(scenario.name)
    module.__file__ = str(scenario.path)
    marks = [getattr(pytest.mark, tag) for tag in scenario.tags]
    module.__dict__["pytestmark"] = [*marks, pytest.mark.convergence(scenario.name)]

    def add(name: str, function: Callable[..., None], over: Sequence[Trial | SweepTrial]) -> None:
        ids = [_id(each, among=len(backends)) for each in over]
        module.__dict__[name] = pytest.mark.parametrize(PARAMETER, over, ids=ids)(
            _placed(function, scenario.path)
        )

    add("train", _train(), trials)
    if maps:
        add("map", _map(), maps)
    timed = [trial for trial in trials if trial.work.case.workload]
    if timed:
        add("time", _time(config), _one_per_workload(timed))
    return module


def trials_of(scenario: Scenario, config: pytest.Config) -> list[Trial]:
    """Return a scenario's trials: each case on each backend."""
    device, seeds = config.getoption("convergence_device"), exact_seeds(config)
    names = backend_names(config)
    works = [
        Work(case, name, device)
        for case in scenario.claims
        for name in (names if case.declared else [OWN])
    ]
    quick = config.getoption("convergence_quick")
    return [Trial(scenario, work, seeds, quick=quick) for work in works]


def sweep_trials_of(scenario: Scenario, config: pytest.Config) -> list[SweepTrial]:
    """Return a scenario's maps: each sweep on each backend."""
    device, seeds = config.getoption("convergence_device"), exact_seeds(config)
    return [
        SweepTrial(scenario, sweep, name, device, seeds)
        for sweep in scenario.sweeps
        for name in backend_names(config)
    ]


def name_of(trial: Trial | SweepTrial, config: pytest.Config) -> str:
    """Return the name of the item that trains: ``train[too_low]``, ``map[rate]``."""
    kind = "train" if isinstance(trial, Trial) else "map"
    return f"{kind}[{_id(trial, among=len(backend_names(config)))}]"


def _id(trial: Trial | SweepTrial, among: int) -> str:
    name, backend = trial.identity
    return f"{name}-{backend}" if among > 1 and backend != OWN else name


def _one_per_workload(trials: Sequence[Trial]) -> list[Trial]:
    """Return the first trial of each workload: a step of the others takes as long."""
    return list({tuple(trial.workload): trial for trial in reversed(trials)}.values())[::-1]


def _train() -> Callable[..., None]:
    def train(
        convergence_trial: Trial, convergence_run: Run, request: pytest.FixtureRequest
    ) -> None:
        convergence_run.train(convergence_trial, request.node)

    return train


def _map() -> Callable[..., None]:
    def draw(
        convergence_trial: SweepTrial, convergence_run: Run, request: pytest.FixtureRequest
    ) -> None:
        convergence_run.map(convergence_trial, request.node)

    return draw


def _time(config: pytest.Config) -> Callable[..., None]:
    def unmeasured(convergence_trial: Trial) -> None:
        del convergence_trial
        pytest.skip("not measured: pytest-benchmark is not in use")

    def time(
        convergence_trial: Trial,
        convergence_run: Run,
        request: pytest.FixtureRequest,
        benchmark: Any,
    ) -> None:
        convergence_run.time(convergence_trial, request.node, benchmark, TIMED_ROUNDS)

    measured = config.pluginmanager.hasplugin("benchmark")
    return pytest.mark.convergence_time(time if measured else unmeasured)


def _placed(function: Callable[..., None], path: Path) -> Callable[..., None]:
    """Make pytest show the scenario file as the place of a function."""
    function.__code__ = function.__code__.replace(co_filename=str(path), co_firstlineno=1)
    return function
