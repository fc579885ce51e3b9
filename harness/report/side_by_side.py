"""The table of backends in a terminal: as many beside each other as fit, the others below."""

from collections.abc import Sequence
from itertools import groupby
from textwrap import fill

from harness.report.backends import Comparison, backend_rows
from harness.report.text_table import aligned, cut, fits

TITLE = "Backends: seeds that converged, median epochs; first losses of those that converge"
EMPTY = ("not run", "-")


def side_by_side(comparisons: Sequence[Comparison], width: int) -> str:
    """Return a table, or several of fewer backends each, and what each disagreement says."""
    if not comparisons:
        return ""
    headers, rows = backend_rows(comparisons)
    count = len(headers) - 3
    for size in range(count, 0, -1):
        tables = [_table(headers, rows, first, size) for first in range(0, count, size)]
        if all(fits(table, width) for table in tables):
            break
    texts = ["\n".join(cut(line, width) for line in table) for table in tables]
    notes = [f"{each.id}: {text}" for each in comparisons for text in each.disagreements]
    told = [fill(note, width, subsequent_indent="  ") for note in notes]
    return "\n".join([cut(TITLE, width), "\n\n".join(texts), *told])


def _table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], first: int, size: int
) -> list[str]:
    """Return the lines of some backends' table, a scenario a heading."""

    def places(row: Sequence[str]) -> Sequence[str]:
        return row[3:][first : first + size]

    told = [row for row in rows if not all(cell in EMPTY for cell in places(row))]
    cells = [[*row[1:3], *places(row)] for row in (headers, *told)]
    heading, rule, *lines = aligned(cells[0], cells[1:], [False] * len(cells[0]))
    table = [heading, rule]
    pairs = zip(told, lines, strict=True)
    for scenario, of_scenario in groupby(pairs, lambda pair: pair[0][0]):
        table += [scenario, *(line for _, line in of_scenario)]
    return table
