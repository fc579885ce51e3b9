"""A case at its declared sizes, cut to about twenty steps."""

from harness.dataset import build
from harness.probes.reductions.sizes import changed
from harness.scenario import Case, FromFactory, FromFile, FromSeries
from harness.scenario.data import Data


def as_declared(case: Case) -> Case:
    """Keep the case itself, cut to the epochs that make 20 steps, and its records to fit."""
    size, data = case.training.batch_size, case.data
    if not isinstance(data, FromFile | FromSeries | FromFactory):
        data = data.model_copy(update={"records": min(_records(data), 20 * size)})
    steps = -(-len(build(changed(case, data, case.model, case.training), 0).y) // size)
    numbers = {"epochs": -(-20 // steps), "time_limit": None, "precision": None, "stateful": False}
    training = case.training.model_copy(update=numbers)
    return changed(case, data, case.model, training)


def as_declared_without_dropout(case: Case) -> Case:
    """Keep the case as in `as_declared`, but for the masks, which no reference knows."""
    declared = as_declared(case)
    model = declared.model.model_copy(update={"dropout": 0.0})
    if model.initialiser.by_framework:  # the reference cannot draw as the framework does
        model = model.model_copy(update={"init": "torch"})
    training = declared.training.model_copy(update={"stateful": case.training.stateful})
    return declared.model_copy(update={"model": model, "training": training})


def _records(data: Data) -> int:
    records: int = getattr(data, "records", None) or 0
    return records
