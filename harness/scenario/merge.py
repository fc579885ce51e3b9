"""A case's tables laid over the shared ones, and the model that each has to fit."""

import json
from typing import Any

from harness.scenario.data import Data, FromFactory, FromFile, FromSeries
from harness.scenario.model_section import Model
from harness.scenario.probes_off import Probes
from harness.scenario.section import Section
from harness.scenario.sections import Accepted, Converged, Seeds
from harness.scenario.training_section import Training
from harness.scenario.vocabulary.optimizers import unused_by
from harness.scenario.vocabulary.tasks import TASKS

Table = dict[str, Any]

SECTION_MODELS: dict[str, type[Section]] = {
    "model": Model,
    "training": Training,
    "converged": Converged,
    "seeds": Seeds,
    "baseline": Accepted,
    "probes": Probes,
}
SOURCE_MODELS: tuple[type[Data], ...] = (FromFile, FromSeries, FromFactory)
"""All but the tasks, each named by its own key."""

SOURCES = {"task", "file", "series", "factory"}
"""Keys of `[data]` that say where its records come from."""

ALTERNATIVES = [
    SOURCES,
    {"at_least", "at_most", "mean_at_least", "mean_at_most"},
    {"function", "command"},
]


LAID_OVER = ("arguments", "off")
"""Keys whose values are tables."""


def merge(shared: Table, own: Table) -> Table:
    """Lay a case's keys over the shared ones; an alternative that it names replaces the other.

    With another optimizer go the shared numbers that it does not take.
    Arguments, and probes that are off, are laid over one by one.
    """
    dropped = {key for pair in ALTERNATIVES if pair & own.keys() for key in pair}
    dropped |= unused_by(own.get("optimizer"))
    if SOURCES & own.keys():
        kept = data_model(own)
        dropped |= {k for k in shared if kept and k not in kept.model_fields and _known(k)}
    merged = {key: value for key, value in shared.items() if key not in dropped} | own
    for key in LAID_OVER:
        below, above = shared.get(key), own.get(key)
        if isinstance(below, dict) and isinstance(above, dict):
            merged[key] = below | above
    return merged


def overrides(table: Table) -> tuple[str, ...]:
    """Return what a case's own tables say, a line a key: ``training.learning_rate = 1e-06``."""
    return tuple(
        f"{section}.{key} = {json.dumps(value, default=str, ensure_ascii=False)}"
        for section, own in table.items()
        if isinstance(own, dict)
        for key, value in own.items()
    )


def _known(key: str) -> bool:
    kinds: list[type[Data]] = [*TASKS.values(), *SOURCE_MODELS]
    return any(key in kind.model_fields for kind in kinds)


def model_of(section: str, table: Table) -> type[Section] | None:
    """Return the model of a merged section; ``None`` for data whose task is unknown."""
    return data_model(table) if section == "data" else SECTION_MODELS[section]


def data_model(table: Table) -> type[Data] | None:
    """Return the model of a ``[data]`` table; ``None`` where it names no known source."""
    for model in SOURCE_MODELS:
        if model.source in table:
            return model
    return TASKS.get(str(table.get("task")))
