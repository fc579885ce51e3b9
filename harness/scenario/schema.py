"""The JSON Schema of scenario files, so that editors complete and check them.

It lies as `FILE` at the top of a folder of scenarios, and the first line of each names it.
Draft 7, the one that TOML language servers read. Sections are partial: what a case leaves out
comes from the shared part, so only `harness` itself can tell what is missing.
"""

import json
from typing import Any

from harness.scenario.case import Claim
from harness.scenario.merge import SOURCE_MODELS
from harness.scenario.model_section import Model
from harness.scenario.own_training import OwnConverged, OwnTraining
from harness.scenario.probes_off import Probes
from harness.scenario.section import Section
from harness.scenario.sections import Accepted, Converged, Seeds
from harness.scenario.sweep import VARIED, Range, SweepHead
from harness.scenario.training_section import Training
from harness.scenario.vocabulary.tasks import TASKS

Json = dict[str, Any]

FILE = "scenario.schema.json"

_TAGS = {"type": "array", "items": {"type": "string", "pattern": r"^[^\W\d]\w*$"}}


def directive(name: str) -> str:
    """Return the first line of a scenario: where editors find the schema, from the file on.

    It is that of Taplo and Even Better TOML; to TOML it is a comment, and no fingerprint holds it.

    Args:
        name: of the scenario, such as ``training/warmup``.
    """
    return f"#:schema {'../' * name.count('/') or './'}{FILE}"


def text() -> str:
    """Return the schema as `FILE` holds it."""
    return json.dumps(schema(), indent=2) + "\n"


def schema() -> Json:
    """Return the JSON Schema of a scenario file."""
    sections = {
        "train": _table("what trains, where no model is declared", _properties(OwnTraining)),
        "data": _table("where the records come from", _union([*TASKS.values(), *SOURCE_MODELS])),
        "model": _table("what is trained", _properties(Model)),
        "training": _table("how it is trained", _properties(Training)),
        "converged": _table("when a run counts as converged", _joined([Converged, OwnConverged])),
        "seeds": _table("how many seeds are trained", _properties(Seeds)),
        "baseline": _table("how it is compared with what was accepted", _properties(Accepted)),
        "probes": _table("which numerical checks are not made", _properties(Probes)),
    }
    references = {name: {"$ref": f"#/definitions/{name}"} for name in sections}
    case = _table("one answer to the question", _properties(Claim) | references)
    varied = {
        name: _table(table["description"], _or_range(table["properties"]))
        for name, table in sections.items()
        if name in VARIED
    }
    sweep = _table("a map of what trains", _properties(SweepHead) | varied)
    span = _table("the values that a number takes", _properties(Range))
    shared = {
        "question": {"type": "string", "description": "what the cases answer"},
        "source": {"type": "string", "description": "where the claims come from"},
        "tags": _TAGS | {"description": "marks that pytest -m selects by"},
        "case": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/case"}},
        "sweep": {"type": "array", "items": {"$ref": "#/definitions/sweep"}},
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "convergence scenario",
        **_table("one question about training an LSTM", shared | references),
        "required": ["question", "case"],
        "definitions": {
            **sections,
            "case": case | {"required": ["name", "expect"]},
            "sweep": sweep | {"required": ["name"]},
            "range": span | {"required": ["from", "to", "points", "spacing"]},
        },
    }


def _table(description: str, properties: Json) -> Json:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "additionalProperties": False,
    }


def _or_range(properties: Json) -> Json:
    """Let every number be a range too."""
    span = {"$ref": "#/definitions/range"}
    numbers = {"number", "integer"}
    return {
        key: {"anyOf": [*field.get("anyOf", [field]), span]}
        if numbers & {form.get("type") for form in field.get("anyOf", [field])}
        else field
        for key, field in properties.items()
    }


def _properties(model: type[Section]) -> Json:
    properties: Json = model.model_json_schema()["properties"]
    return {name: _without_null(field) for name, field in properties.items()}


def _without_null(field: Json) -> Json:
    """Drop what TOML cannot say: null, as one of several types or as the default."""
    kept = {key: value for key, value in field.items() if key != "title"}
    if kept.get("default", ...) is None:
        del kept["default"]
    choices = [choice for choice in kept.pop("anyOf", []) if choice != {"type": "null"}]
    if len(choices) > 1:
        return kept | {"anyOf": choices}
    return kept | choices[0] if choices else kept


def _union(models: list[type[Section]]) -> Json:
    """Join the properties of all kinds of data; a key that differs between them may be either."""
    names = {"type": "string", "enum": list(TASKS), "description": "which records are generated"}
    return _joined(models) | {"task": names}


def _joined(models: list[type[Section]]) -> Json:
    found: dict[str, list[Json]] = {}
    for model in models:
        for name, field in _properties(model).items():
            forms = found.setdefault(name, [])
            if field not in forms:
                forms.append(field)
    return {
        name: forms[0] if len(forms) == 1 else {"anyOf": forms} for name, forms in found.items()
    }
