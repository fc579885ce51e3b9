"""What is declared: Scenario, Case and their parts; loading and validation.

Nothing here trains. A data file is read only to hash it into a case's fingerprint, and a task
says how its records are drawn, from a generator that it is handed.
"""

from harness.scenario.case import SECTIONS, Case, Claim, Scenario, Sweep, SweepAxis
from harness.scenario.data import Data, FromFactory, FromFile, FromSeries, Task
from harness.scenario.load import load
from harness.scenario.model_section import Model
from harness.scenario.own import OwnCase
from harness.scenario.probes_off import Probes
from harness.scenario.problem import Problem, ScenarioError
from harness.scenario.schedule import plateau_of, rate_factor
from harness.scenario.section import Mark
from harness.scenario.sections import Accepted, Converged, Seeds
from harness.scenario.training_section import Training
from harness.scenario.vocabulary.tasks import TASKS

__all__ = [
    "SECTIONS",
    "TASKS",
    "Accepted",
    "Case",
    "Claim",
    "Converged",
    "Data",
    "FromFactory",
    "FromFile",
    "FromSeries",
    "Mark",
    "Model",
    "OwnCase",
    "Probes",
    "Problem",
    "Scenario",
    "ScenarioError",
    "Seeds",
    "Sweep",
    "SweepAxis",
    "Task",
    "Training",
    "load",
    "plateau_of",
    "rate_factor",
]
