"""What a user wrote, in characters that show: nothing in it steers a terminal or breaks a file."""

import operator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

Record = TypeVar("Record")

JOINERS = "\u200c\u200d"
"""Not printable to Python, but part of how Persian and emoji are written."""


def printable(text: str) -> str:
    r"""Return the text on one line.

    Control characters, which steer terminals, changes of writing direction, which can hide what a
    line says, and lone surrogates, which no file can hold, become escapes such as ``\x1b``.
    """
    if text.isprintable():
        return text
    return "".join(map(_shown, " ".join(text.split())))


def _shown(character: str) -> str:
    if character.isprintable() or character in JOINERS:
        return character
    return character.encode("unicode_escape").decode()


def printable_record(record: Record) -> Record:
    """Return a record, an array or a text, all texts in it printable.

    What need not change is returned as it is.
    """
    result: Any = record
    if isinstance(record, str):
        result = record if record.isprintable() else printable(record)
    elif record is None or isinstance(record, int | float):
        return record
    elif isinstance(record, list | tuple):
        result = record if _numbers(record) else _sequence(record)
    elif is_dataclass(record):
        result = _dataclass(record)
    return result  # type: ignore[no-any-return]  # each branch keeps the type


def _numbers(values: Any) -> bool:
    """Tell whether an array holds numbers, by its first one: a report has millions of them."""
    while isinstance(values, list | tuple) and values:
        values = values[0]
    return values is None or isinstance(values, int | float)


def _sequence(values: Any) -> Any:
    shown = type(values)(map(printable_record, values))
    return values if all(map(operator.is_, shown, values)) else shown


def _field(name: str, value: Any) -> Any:
    """Keep the lines of a traceback, which says nothing on one."""
    if name != "traceback" or not isinstance(value, str):
        return printable_record(value)
    shown = "\n".join(map(printable, value.splitlines()))
    return value if shown == value else shown


def _dataclass(record: Any) -> Any:
    names = _names(type(record))  # type: ignore[arg-type]  # mypy takes classes for unhashable
    values = {name: getattr(record, name) for name in names}
    changes = {
        name: shown for name, value in values.items() if (shown := _field(name, value)) is not value
    }
    return replace(record, **changes) if changes else record


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
