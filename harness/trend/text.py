"""A trend in a terminal of any width, and in Markdown: steps first, then a row a case."""

from collections.abc import Iterator, Sequence
from textwrap import fill

from harness.report import markdown_text
from harness.report.document.table import Table
from harness.report.text_table import aligned, cut, fits
from harness.trend.run import RunRecord
from harness.trend.steps import FALSE_ALARMS
from harness.trend.trend import Step, Trend
from harness.trend.words import by_place, change, extent, table, title

DROPPED = ("metric", "outcome", "a step", "on")
"""Columns that go in a narrow terminal, first to last."""

NO_STEPS = "No step was found."
CHANCE = (
    f"Of {1 / FALSE_ALARMS:.0f} series that change by chance only, one shows a step all the same."
)


def terminal(runs: Sequence[RunRecord], found: Sequence[Trend], width: int) -> str:
    """Return the whole text; no line is longer than ``width`` characters."""
    told = "\n".join(line for each in by_place(found) for line in _told(*each, width))
    steps = f"Steps\n{told}\n{fill(CHANCE, width)}" if told else NO_STEPS
    return "\n\n".join([fill(extent(runs), width), steps, "\n".join(_cases(table(found), width))])


def _told(where: str, steps: Sequence[tuple[Trend, Step]], width: int) -> Iterator[str]:
    yield fill(where, width, subsequent_indent="    ")
    for trend, step in steps:
        told = f"{title(trend)}: {change(step)}"
        yield fill(told, width, initial_indent="  ", subsequent_indent="    ")


def markdown(runs: Sequence[RunRecord], found: Sequence[Trend]) -> str:
    """Return the same as Markdown; what users wrote is shown as it is."""
    told = [
        line
        for where, steps in by_place(found)
        for line in (
            f"- {markdown_text.escaped(where)}",
            *(f"    - {markdown_text.escaped(f'{title(t)}: {change(s)}')}" for t, s in steps),
        )
    ]
    lines = "\n".join([*told, "", CHANCE]) if told else NO_STEPS
    rows = table(found)
    cells = [[markdown_text.escaped(cell) for cell in row] for row in rows.rows]
    drawn = markdown_text.table(rows.headings, cells, rows.numeric)
    return f"{markdown_text.escaped(extent(runs))}\n\n{lines}\n\n{drawn}"


def _cases(rows: Table, width: int) -> list[str]:
    """Return heading, rule and a line a case, with as many columns as there is room for."""
    for dropped in range(len(DROPPED) + 1):
        kept = [n for n, name in enumerate(rows.headings) if name not in DROPPED[:dropped]]
        shown = [[row[n] for n in kept] for row in (rows.headings, *rows.rows)]
        lines = aligned(shown[0], shown[1:], [rows.numeric[n] for n in kept])
        if fits(lines, width):
            return lines
    over = max(map(len, lines)) - width
    room = max(max(len(row[0]) for row in shown) - over, 12)
    shown = [[cut(row[0], room), *row[1:]] for row in shown]
    lines = aligned(shown[0], shown[1:], [rows.numeric[n] for n in kept])
    return [cut(line, width) for line in lines]
