"""The words of scenario files, each with the facts that every layer reads of it.

A fact stands here and nowhere else: what an optimizer takes, what a metric measures, which
activations an LSTM has. A closed list of names is a `Literal`, for pydantic and mypy, beside the
records of those names; a test holds both equal.
"""

from harness.scenario.vocabulary.activations import ACTIVATIONS, Activation, ActivationName
from harness.scenario.vocabulary.causes import CAUSES, Cause
from harness.scenario.vocabulary.cells import CELLS, Cell, CellName
from harness.scenario.vocabulary.claims import (
    DIAGNOSES,
    MARGIN,
    Diagnosis,
    Direction,
    Expect,
    Pairing,
    Side,
)
from harness.scenario.vocabulary.initialisers import INITIALISERS, Initialiser, InitialiserName
from harness.scenario.vocabulary.losses import LOSSES, Loss, LossChoice, LossName
from harness.scenario.vocabulary.metrics import METRICS, Metric, MetricName
from harness.scenario.vocabulary.optimizers import (
    OPTIMIZERS,
    Optimizer,
    OptimizerChoice,
    OptimizerName,
)
from harness.scenario.vocabulary.precisions import (
    PRECISIONS,
    Precision,
    PrecisionName,
)
from harness.scenario.vocabulary.probes import PROBES, ProbeName
from harness.scenario.vocabulary.schedules import SCHEDULES, Schedule, ScheduleName
from harness.scenario.vocabulary.spelling import nearest

__all__ = [
    "ACTIVATIONS",
    "CAUSES",
    "CELLS",
    "DIAGNOSES",
    "INITIALISERS",
    "LOSSES",
    "MARGIN",
    "METRICS",
    "OPTIMIZERS",
    "PRECISIONS",
    "PROBES",
    "SCHEDULES",
    "Activation",
    "ActivationName",
    "Cause",
    "Cell",
    "CellName",
    "Diagnosis",
    "Direction",
    "Expect",
    "Initialiser",
    "InitialiserName",
    "Loss",
    "LossChoice",
    "LossName",
    "Metric",
    "MetricName",
    "Optimizer",
    "OptimizerChoice",
    "OptimizerName",
    "Pairing",
    "Precision",
    "PrecisionName",
    "ProbeName",
    "Schedule",
    "ScheduleName",
    "Side",
    "nearest",
]
