"""Tables of plain text, for a terminal of any width."""

from collections.abc import Sequence

GAP = "  "


def aligned(
    headings: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]
) -> list[str]:
    """Return heading, rule and rows."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    heading, *lines = [_line(row, widths, numeric) for row in (headings, *rows)]
    return [heading, "-" * max(map(len, [heading, *lines])), *lines]


def _line(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    cells = [
        cell.rjust(width) if number else cell.ljust(width)
        for cell, width, number in zip(row, widths, numeric, strict=True)
    ]
    return GAP.join(cells).rstrip()


def fits(lines: Sequence[str], width: int) -> bool:
    """Tell whether no line is longer than ``width``."""
    return max(map(len, lines)) <= width


def cut(text: str, width: int) -> str:
    """Return the text, its end replaced by dots if it is longer than ``width``."""
    return text if len(text) <= width else text[: max(width - 3, 0)] + "..."[:width]
