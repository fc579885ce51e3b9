"""A scenario file as a pytest module with parametrised functions: `train`, `map` and `time`."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from harness.dataset import check_data
from harness.execution.job import Work
from harness.flow.sweep_trial import SweepTrial
from harness.flow.trial import Trial
from harness.pytest_plugin.roots import scenario_roots
from harness.pytest_plugin.run import DEFAULT_BACKEND, Run
from harness.scenario import Problem, Scenario, ScenarioError, is_scenario, load
from harness.scenario.scenario_files import BASELINES, name_of

TIMED_ROUNDS = 5


def collect(path: Path, parent: pytest.Collector) -> "ScenarioModule | None":
    """Return a collector for ``path`` unless it is somebody else's TOML file.

    A file named on the command line or lying under ``scenario_paths`` is ours even when broken.
    """
    roots = scenario_roots(parent.config)
    below = any(path.is_relative_to(root) for root in roots) and BASELINES not in path.parts
    if below or parent.session.isinitpath(path) or is_scenario(path):
        return ScenarioModule.from_parent(parent, path=path)
    return None


class ScenarioModule(pytest.Module):
    """Collects one scenario file."""

    def _getobj(self) -> ModuleType:
        scenario = load_checked(self.path, scenario_roots(self.config))
        for tag in scenario.tags:
            self.config.addinivalue_line("markers", f"{tag}: scenarios tagged {tag}")
        return synthetic_module(scenario, self.config)

    def istestfunction(self, obj: object, name: str) -> bool:
        """Tell pytest which of the module's names are tests."""
        return callable(obj) and name in ("train", "map", "time")

    def collect(self) -> Any:
        """Collect the cases; a broken file is an error without a traceback."""
        try:
            return super().collect()
        except ScenarioError as error:
            raise self.CollectError(str(error)) from None


def load_checked(path: Path, roots: list[Path]) -> Scenario:
    """Load a scenario and look into the data files that it names.

    Raises:
        ScenarioError: with every mistake.
    """
    scenario = load(path, name_of(path, roots))
    problems: dict[Problem, None] = {}
    points = (case for sweep in scenario.sweeps for case in sweep.cases)
    swept = {case.data: case for case in points}
    for case in (*scenario.cases, *swept.values()):
        for message in check_data(case):
            problems[Problem(str(path), None, "data.file", message)] = None
    if problems:
        raise ScenarioError(list(problems))
    return scenario


def synthetic_module(scenario: Scenario, config: pytest.Config) -> ModuleType:
    """Build the module that holds a file's test functions."""
    device, seeds = config.getoption("convergence_device"), config.getoption("convergence_seeds")
    names = dict.fromkeys(config.getoption("convergence_backend") or [DEFAULT_BACKEND])
    works = [Work(case, name, device) for case in scenario.cases for name in names]
    trials = [Trial(scenario, work, seeds) for work in works]
    maps = [
        SweepTrial(scenario, sweep, name, device, seeds)
        for sweep in scenario.sweeps
        for name in names
    ]
    timed = {tuple(t.workload): t for t in reversed(trials)}
    module = ModuleType(scenario.name)
    marks = [getattr(pytest.mark, tag) for tag in scenario.tags]
    module.__dict__["pytestmark"] = [*marks, pytest.mark.convergence(scenario.name)]

    def train(trial: Trial, convergence_run: Run, request: pytest.FixtureRequest) -> None:
        convergence_run.train(trial, request.node)

    def draw(trial: SweepTrial, convergence_run: Run, request: pytest.FixtureRequest) -> None:
        convergence_run.map(trial, request.node)

    def time(
        trial: Trial, convergence_run: Run, request: pytest.FixtureRequest, benchmark: Any
    ) -> None:
        convergence_run.time(trial, request.node, benchmark, TIMED_ROUNDS)

    def identify(trial: Trial | SweepTrial) -> str:
        name, backend = trial.identity
        return f"{name}-{backend}" if len(names) > 1 else name

    first_seen = [t for t in trials if t in timed.values()]
    module.__dict__["train"] = _parametrized(train, trials, identify, scenario.path)
    if maps:
        module.__dict__["map"] = _parametrized(draw, maps, identify, scenario.path)
    time_function = _parametrized(time, first_seen, identify, scenario.path)
    module.__dict__["time"] = pytest.mark.convergence_time(time_function)
    return module


def _parametrized(
    function: Callable[..., None],
    trials: Sequence[Trial | SweepTrial],
    identify: Callable[[Any], str],
    path: Path,
) -> Callable[..., None]:
    """Parametrise over trials; pytest shows the scenario file as the function's place."""
    function.__code__ = function.__code__.replace(co_filename=str(path), co_firstlineno=1)
    parametrized: Callable[..., None] = pytest.mark.parametrize("trial", trials, ids=identify)(
        function
    )
    return parametrized
