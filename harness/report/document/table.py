"""A table before it is laid out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Headings, and rows of as many cells; which columns hold numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]


def text_table(headings: list[str], rows: list[list[str]]) -> Table:
    """Return a table without numbers to align."""
    return Table(tuple(headings), tuple(map(tuple, rows)), (False,) * len(headings))
