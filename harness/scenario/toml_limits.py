"""What TOML itself limits and Python's reader lets through, so that nothing behind it has to."""

import re
from collections.abc import Iterator
from typing import Any

MOST = 2**63 - 1
"""TOML 1.0: whole numbers have 64 bits."""

DEEPEST = 20
"""Levels of tables and lists; a scenario needs five. Python gives up at about a thousand."""

_LONG = re.compile(r"[0-9_]{4300}")


def beyond_toml(value: Any, field: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield (field, message) for numbers of more than 64 bits and for what is nested too deep."""
    if isinstance(value, int) and abs(value) > MOST:
        yield field, f"is a whole number beyond TOML's 64 bits (at most {MOST})"
    elif isinstance(value, dict | list) and depth == DEEPEST:
        yield field, f"is nested more than {DEEPEST} levels deep"
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from beyond_toml(each, f"{field}.{key}" if field else key, depth + 1)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from beyond_toml(each, f"{field}[{index}]", depth + 1)


def line_of_long_number(text: str) -> int | None:
    """Return the line of a number that Python refuses to read, ``None`` if there is none."""
    found = _LONG.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None
