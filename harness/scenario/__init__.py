"""What is declared: Scenario, Case and their parts; loading and validation.

Everything here is declaration: nothing draws a number, opens a data file or trains.
"""

from harness.scenario.case import SECTIONS, Case, Claim, Scenario, Sweep, SweepAxis
from harness.scenario.data import TASKS, Data, FromFile, Task
from harness.scenario.load import is_scenario, load
from harness.scenario.problem import Problem, ScenarioError
from harness.scenario.schedule import rate_factor
from harness.scenario.sections import Converged, Model, Seeds, Training

__all__ = [
    "SECTIONS",
    "TASKS",
    "Case",
    "Claim",
    "Converged",
    "Data",
    "FromFile",
    "Model",
    "Problem",
    "Scenario",
    "ScenarioError",
    "Seeds",
    "Sweep",
    "SweepAxis",
    "Task",
    "Training",
    "is_scenario",
    "load",
    "rate_factor",
]
