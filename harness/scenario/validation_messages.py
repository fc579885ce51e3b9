"""What pydantic found, as messages that say what would be right."""

import re

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from harness.scenario.case import SECTIONS, Claim
from harness.scenario.section import Section
from harness.scenario.sweep import VARIED, SweepHead
from harness.scenario.vocabulary import nearest

_BEFORE_MUST = re.compile(r"^\w+ should")
_MAY_HOLD: dict[type[Section], tuple[str, ...]] = {Claim: SECTIONS, SweepHead: VARIED}
"""Tables that stand beside a model's own keys."""


def causes(invalid: ValidationError) -> list[ErrorDetails]:
    """Return the errors, without the ones that say that a list of bad items is too short."""
    errors = invalid.errors(include_url=False)
    inner = {error["loc"][:-1] for error in errors}
    return [e for e in errors if e["type"] != "too_short" or e["loc"] not in inner]


def message_of(error: ErrorDetails, model: type[Section]) -> str:
    """Say what is wrong with a field and what would be right, in one line."""
    match error["type"]:
        case "extra_forbidden":
            valid = [*_keys(model), *_MAY_HOLD.get(model, ())]
            return f"unknown key{nearest(str(error['loc'][-1]), valid)}"
        case "missing":
            return "is missing"
        case "literal_error":
            expected = error["ctx"]["expected"].replace(" or ", ", ").split(", ")
            valid = [name.strip("'") for name in expected]
            return f"unknown value {error['input']!r}{nearest(str(error['input']), valid)}"
        case "tuple_type":
            return f"must be a list, got {error['input']!r}"
        case "too_short":
            return f"must have at least {error['ctx']['min_length']} entry, got {error['input']!r}"
        case "too_long":
            return f"must have at most {error['ctx']['max_length']} entries, got {error['input']!r}"
        case "string_too_long":
            size, most = len(error["input"]), error["ctx"]["max_length"]
            return f"has {size} characters, at most {most} fit"
        case "value_error":
            return str(error["ctx"]["error"])
        case _:
            return f"{_BEFORE_MUST.sub('must', error['msg'])}, got {error['input']!r}"


def _keys(model: type[Section]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
