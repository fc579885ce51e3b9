"""The losses: which targets each is for, and which of the numbers of `[training]` it takes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from harness.user_code import REFERENCE

LossName = Literal["bce", "cross_entropy", "huber", "mae", "mse"]


@dataclass(frozen=True)
class Loss:
    """The facts about one loss.

    Attributes:
        of: the targets that it is for.
        one_logit: of two classes the head has one output, of the second; else one of each class.
        class_weights, label_smoothing, huber_delta: whether it takes the key of that name.
    """

    of: Literal["classes", "values"]
    one_logit: bool = False
    class_weights: bool = False
    label_smoothing: bool = False
    huber_delta: bool = False


LOSSES: Mapping[str, Loss] = {
    "bce": Loss("classes", one_logit=True, class_weights=True),
    "cross_entropy": Loss("classes", class_weights=True, label_smoothing=True),
    "huber": Loss("values", huber_delta=True),
    "mae": Loss("values"),
    "mse": Loss("values"),
}
USUAL: Mapping[Literal["classes", "values"], LossName] = {
    "classes": "cross_entropy",
    "values": "mse",
}
"""The loss of a file that names none."""


def losses_with(fact: Callable[[Loss], bool]) -> str:
    """Return the names of which ``fact`` is true, as a list in a sentence: ``a and b``."""
    *names, last = (name for name, loss in LOSSES.items() if fact(loss))
    return f"{', '.join(names)} and {last}" if names else last


def _known_or_own(name: object) -> object:
    if name is None or name in LOSSES or (isinstance(name, str) and re.match(REFERENCE, name)):
        return name
    raise PydanticCustomError(
        "literal_error", "unknown loss", {"expected": " or ".join(map(repr, LOSSES))}
    )


LossChoice = Annotated[
    str | None,
    BeforeValidator(_known_or_own),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "enum": list(get_args(LossName))},
                {"type": "string", "pattern": REFERENCE},
            ]
        }
    ),
]
"""The name of a loss, or ``"package.module:name"`` of the user's own."""
