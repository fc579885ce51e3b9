"""The edit of a scenario file that mends a cause, where the file has a word for it."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from harness.diagnosis.cases.edits import Edit, addressed, bounds
from harness.scenario import Case


def proposed(cause: str, case: Case) -> Edit | None:
    """Return the edit that would mend a cause, ``None`` where a person has to think.

    Args:
        cause: its name.
        case: the case that it was found in.
    """
    made = DEPENDING.get(cause)
    wanted = made(case) if made is not None else ALWAYS.get(cause, {})
    changes = {key: (_value(case, key), after) for key, after in wanted.items()}
    edit = {key: values for key, values in changes.items() if values[0] != values[1]}
    return edit if cause in addressed(edit) else None  # it may lie on that side already


def edited(case: Case, edit: Edit) -> Case:
    """Return a case with an edit made, named after it."""
    sections: dict[str, dict[str, Any]] = {}
    for key, (_, after) in edit.items():
        section, _, name = key.partition(".")
        sections.setdefault(section, {})[name] = after
    made = {name: getattr(case, name).model_copy(update=keys) for name, keys in sections.items()}
    name = "-".join(f"{key.partition('.')[2]}-{after}" for key, (_, after) in edit.items())
    return case.model_copy(update={**made, "name": f"{case.name}.with.{name}"})


def _value(case: Case, key: str) -> Any:
    section, _, name = key.partition(".")
    return getattr(getattr(case, section), name, None)


def _higher(case: Case) -> dict[str, Any]:
    """Ten times the rate, or what is usual if that is more: a decade is what a search goes by."""
    low, high = bounds(case) or (0.0, math.inf)
    return {
        "training.learning_rate": _round(
            min(max(10 * case.training.learning_rate, math.sqrt(low * min(high, 1.0))), high)
        )
    }


def _lower(case: Case) -> dict[str, Any]:
    _, high = bounds(case) or (0.0, math.inf)
    return {"training.learning_rate": _round(min(case.training.learning_rate, high) / 10)}


def _remembering(case: Case) -> dict[str, Any]:
    """A forget bias of the logarithm of the length (Tallec & Ollivier 2018); Adam for depth."""
    deep = len(case.model.units) > 2  # noqa: PLR2004  # two layers pass a gradient on
    if deep and case.training.optimizer == "sgd":
        return {"training.optimizer": "adam", "training.learning_rate": 1e-2}
    steps = getattr(case.data, "timesteps", None) or 10
    bias = round(max(1.0, math.log(max(steps - 1, 1)) + 1), 1)
    return {"model.forget_bias": bias, "model.bias": True}


def _batches(case: Case) -> dict[str, Any]:
    """About ten updates an epoch."""
    records = getattr(case.data, "records", None) or 10 * case.training.batch_size
    return {"training.batch_size": max(1, min(32, records // 10))}


def _more_records(case: Case) -> dict[str, Any]:
    records = getattr(case.data, "records", None)
    return {"data.records": 10 * records} if records else {}


ALWAYS: Mapping[str, Mapping[str, Any]] = {
    "unnormalized_inputs": {"data.normalize": "standard"},
    "unscaled_targets": {"data.normalize_targets": "standard"},
    "class_imbalance": {"training.class_weights": "balanced"},
    "not_shuffled": {"training.shuffle": True},
    "exploding_gradient": {"training.clip_norm": 1.0},
    "poor_initialization": {"model.init": "keras", "model.init_scale": 1.0},
    "saturated_activation": {"model.gate_activation": "sigmoid", "model.cell_activation": "tanh"},
    "dropout_too_high": {"model.dropout": 0.2},
    "overfitting": {"training.weight_decay": 1e-2},
    "network_too_large": {"training.weight_decay": 1e-2},
}
"""What to write for a cause, whatever the case."""

DEPENDING: Mapping[str, Callable[[Case], dict[str, Any]]] = {
    "learning_rate_too_low": _higher,
    "learning_rate_too_high": _lower,
    "too_few_epochs": lambda case: {"training.epochs": 4 * case.training.epochs},
    "batch_too_large": _batches,
    "insufficient_data": _more_records,
    "vanishing_gradient": _remembering,
    "network_too_small": lambda case: {"model.units": tuple(4 * n for n in case.model.units)},
}
"""What to write for a cause, made from what the case has."""


def _round(rate: float) -> float:
    return float(f"{rate:.1g}")
