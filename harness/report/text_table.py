"""Tables of plain text, for a terminal of any width."""

from collections.abc import Sequence

from tabulate import tabulate


def aligned(
    headers: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]
) -> list[str]:
    """Return heading, rule and rows.

    The heading is a row of its own to tabulate, which makes columns two wider than theirs.
    """
    text = tabulate(
        [headers, *rows],
        colalign=["right" if number else "left" for number in numeric],
        tablefmt="plain",
        disable_numparse=True,
    )
    heading, *lines = [line.rstrip() for line in text.splitlines()]
    return [heading, "-" * max(map(len, [heading, *lines])), *lines]


def fits(lines: Sequence[str], width: int) -> bool:
    """Tell whether no line is longer than ``width``."""
    return max(map(len, lines)) <= width


def cut(text: str, width: int) -> str:
    """Return the text, its end replaced by dots if it is longer than ``width``."""
    return text if len(text) <= width else text[: max(width - 3, 0)] + "..."[:width]
