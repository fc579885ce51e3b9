"""A scenario file as a pytest module."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from harness.dataset import check_data, notes_of
from harness.execution.memory import check_memory
from harness.pytest_plugin import functions
from harness.pytest_plugin.discovery import LEFT_OUT, NOTES, scenario_folders
from harness.pytest_plugin.options import backend_names
from harness.scenario import Case, Problem, Scenario, ScenarioError, load
from harness.scenario.problem import case_lines, field_lines, line_within
from harness.scenario.scenario_files import name_of


def is_valid(path: Path, config: pytest.Config) -> bool:
    """Whether a file that need not be a scenario is one; a broken one is noted down."""
    try:
        load_checked(path, scenario_folders(config))
    except ScenarioError as error:
        line = f"convergence: left out, because it is broken: {error}"
        config.stash.setdefault(LEFT_OUT, []).append(line)
        return False
    return True


class ScenarioModule(pytest.Module):
    """Collects one scenario file."""

    def _getobj(self) -> ModuleType:
        scenario = load_checked(self.path, scenario_folders(self.config), self.config.rootpath)
        if self.config.getoption("convergence_check"):
            from harness.pytest_plugin.own_code import check_own_code  # noqa: PLC0415  # PyTorch

            check_own_code(scenario, self.config.getoption("convergence_device"))
        asked, notes = backend_names(self.config), self.config.stash.setdefault(NOTES, {})
        if scenario.own_cases and asked not in (["eager"], ["own"]):
            told = f"{', '.join(asked)} train models that files declare"
            notes[f"convergence: {told}; what [train] names trains itself"] = None
        notes |= {
            f"convergence: {told}": None for case in scenario.cases for told in notes_of(case)
        }
        for tag in scenario.tags:
            self.config.addinivalue_line("markers", f"{tag}: scenarios tagged {tag}")
        return functions.module_of(scenario, self.config)

    def istestfunction(self, obj: object, name: str) -> bool:
        """Tell pytest which of the module's names are tests."""
        return callable(obj) and name in functions.NAMES

    def collect(self) -> Any:
        """Collect the cases; a broken file is an error without a traceback."""
        try:
            items = super().collect()
        except ScenarioError as error:
            raise self.CollectError(str(error)) from None
        lines = case_lines(self.path.read_text("utf-8-sig"))
        for item in items:
            _place(item, lines)
        return items


def _place(item: Any, lines: dict[str, int]) -> None:
    """Make pytest, and what reads its reports, show the line of an item's case or sweep."""
    name, _ = item.callspec.params[functions.PARAMETER].identity
    file, _, domain = item.location
    item.location = file, lines.get(name, 1) - 1, domain


def load_checked(path: Path, folders: list[Path], root: Path | None = None) -> Scenario:
    """Load a scenario; look into the data files that it names, and whether its cases can fit.

    The packages in ``root``, the project's, can be named in it.

    Raises:
        ScenarioError: with every mistake.
    """
    scenario = load(path, name_of(path, folders), root)
    lines = field_lines(path.read_text("utf-8-sig"))
    problems: dict[Problem, None] = {}
    points = (case for sweep in scenario.sweeps for case in sweep.cases)
    swept = {(case.data, case.model.units, case.training.batch_size): case for case in points}
    for case in (*scenario.cases, *swept.values()):
        if (too_large := check_memory(case)) is not None:
            problems[Problem(str(path), None, *too_large)] = None
            continue  # nor can its data be looked at
        for message in check_data(case):
            field = _field_of(message, case)
            problems[Problem(str(path), line_within(lines, field), field, message)] = None
    if problems:
        raise ScenarioError(list(problems))
    return scenario


def _field_of(message: str, case: Case) -> str:
    """Return the field that a message on a case's data is about: the loss of a task, or its source.

    What does not fit a file is told by the line that names the file.
    """
    keys = {"loss": "training.loss", "class_weights": "training.class_weights"}
    return keys.get(message.partition(" ")[0], f"data.{case.data.source}")
