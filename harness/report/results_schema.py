"""The JSON Schema of ``results.json``, made from the records that are written into it.

What a field means is said once, where its class describes its attributes.
"""

import re
from inspect import getdoc
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from harness.report.results import SCHEMA, Environment
from harness.results import outcome, sweep_outcome
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome
from harness.results.sweep_outcome import MapPoint, TrainabilityMap

Json = dict[str, Any]

DERIVED: dict[type, tuple[str, ...]] = {
    Outcome: outcome.DERIVED,
    TrainabilityMap: ("id", "seeds"),
    Comparison: ("answer",),
    MapPoint: sweep_outcome.DERIVED,
}
"""What is written of a record besides what it stores."""

_ATTRIBUTES = re.compile(r"^    (\w[\w, ]*): (.+(?:\n {5,}.+)*)", re.MULTILINE)


def results_schema() -> Json:
    """Return the JSON Schema, draft 2020-12, of what this version writes."""
    definitions = _definitions()
    case = definitions["Outcome"]
    case["properties"]["baseline"] = case["properties"].pop("comparison")
    case["required"] = list(case["properties"])
    properties = {
        "schema": {"const": SCHEMA, "description": "the number of this schema"},
        "checksum": {"type": "string", "description": "of all else in the file"},
        "environment": TypeAdapter(Environment).json_schema()
        | {"description": "versions and machine, by name"},
        "cases": _list_of("Outcome", "every case of the run"),
        "maps": _list_of("TrainabilityMap", "every map of trainability"),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "convergence results",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "$defs": definitions,
    }


def _list_of(name: str, description: str) -> Json:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}, "description": description}


def _definitions() -> dict[str, Json]:
    """Return the schema of every record that stands in the file, by the name of its class."""
    found: dict[str, Json] = {}
    for kind, derived in DERIVED.items():
        record = _parts(TypeAdapter(kind).json_schema(mode="serialization"), found)
        for name in derived:
            record["properties"][name] = _derived(kind, name, found)
        bases = [getdoc(base) or "" for base in kind.__mro__[:-1]]
        found[kind.__name__] = record | {"description": "\n".join(bases)}
    return {name: _described(each) for name, each in found.items()}


def _derived(kind: type, name: str, found: dict[str, Json]) -> Json:
    """Return the schema of a property: its return type, and what it says of itself."""
    getter = getattr(kind, name).fget
    schema = TypeAdapter(get_type_hints(getter)["return"]).json_schema(mode="serialization")
    return _parts(schema, found) | {"description": _sentence(getdoc(getter) or "")}


def _parts(schema: Json, found: dict[str, Json]) -> Json:
    """Move what a schema refers to into what was found, and return the rest."""
    for name, part in schema.pop("$defs", {}).items():
        found.setdefault(name, part)
    return schema


def _described(record: Json) -> Json:
    """Move what a class's documentation says of its attributes to each of them."""
    documentation = record.get("description", "")
    said = {
        name: _sentence(meaning)
        for names, meaning in _ATTRIBUTES.findall(documentation)
        for name in names.split(", ")
    }
    described = {
        name: _untitled({"description": said.get(name, "")} | field)
        for name, field in record.get("properties", {}).items()
    }
    kept = _untitled(record) | {"description": _sentence(documentation.partition("\n\n")[0])}
    return kept | ({"properties": described, "required": list(described)} if described else {})


def _untitled(schema: Json) -> Json:
    """Leave out the titles that repeat a name, and defaults: everything is written."""
    return {key: value for key, value in schema.items() if key not in ("title", "default")}


def _sentence(text: str) -> str:
    return " ".join(text.replace("``", "`").replace("`None`", "`null`").split())
