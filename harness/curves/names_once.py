"""JSON in which no name stands twice in one object: which value would hold?"""

from collections.abc import Callable
from typing import Any


def names_once(what: str) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    """Return a hook for `json.loads`; ``what`` says what the names are of.

    Raises:
        ValueError: where the hook meets a name again.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record: dict[str, Any] = {}
        for name, value in pairs:
            if name in record:
                raise ValueError(f"two {what} are called {name!r}")
            record[name] = value
        return record

    return once
