"""The report that pytest prints, for a terminal of any width; what matters most is read last."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from textwrap import fill, shorten

from harness.report.diagnosis_text import diagnosis_text
from harness.report.document import (
    BackendComparison,
    CaseRow,
    Column,
    Document,
    DrawnMap,
    Finding,
    Remedy,
    ScenarioCases,
    Table,
)
from harness.report.document.columns import ALWAYS
from harness.report.text_table import aligned, cut, fits

MARKS = {"pass": "pass", "fail": "FAIL", "inconclusive": "UNSURE", "error": "ERROR"}
BACKENDS = "Backends: seeds that converged, median epochs; first losses of those that converge"
LEADING = 3
"""Columns before the backends' own: scenario, case, whether they differ."""

NOTHING = ("not run", "-")


def terminal(document: Document, width: int) -> str:
    """Return the whole report; no line is longer than ``width`` characters."""
    last = [document.timing, document.summary.sentence, document.summary.baseline]
    parts = [
        _cases(document, width),
        *(_map(found, width) for found in document.maps),
        _remedies(document.remedies, width),
        _backends(document.backends, width),
        _findings(document.findings, width),
        "\n".join(fill(text, width) for text in last if text),
    ]
    return "\n\n".join(part for part in parts if part)


def _cases(document: Document, width: int) -> str:
    if not document.scenarios:
        return ""
    heading, rule, *cases = _case_table(document.rows, document.columns, width)
    lines, rows = [heading, rule], iter(cases)
    for scenario in document.scenarios:
        lines += [_heading(scenario, width), *(next(rows) for _ in scenario.rows), ""]
    return "\n".join(cut(line, width) for line in lines[:-1])


def _case_table(rows: Sequence[CaseRow], columns: Sequence[Column], width: int) -> list[str]:
    """Return heading, rule and a line a case, as many columns and words as there is room for."""
    outcomes = [row.outcome for row in rows]
    marks = [MARKS[outcome.outcome] for outcome in outcomes]
    cases = [cut(outcome.case, max(width // 3, 12)) for outcome in outcomes]
    full = {each: [each.text(outcome) for outcome in outcomes] for each in columns}
    short = {each: [each.short(o) for o in outcomes] for each in columns if each.short}
    for narrowing in _narrowings(columns):
        shown = [each for each in columns if narrowing < each.dropped]
        cells = [short[each] if narrowing >= each.shortened else full[each] for each in shown]
        table = aligned(
            ["", "case", *(each.heading for each in shown)],
            list(zip(marks, cases, *cells, strict=True)),
            [False, False, *(each.numeric for each in shown)],
        )
        if fits(table, width):
            break
    return table


def _narrowings(columns: Sequence[Column]) -> list[int]:
    return sorted({0, *(n for each in columns for n in (each.shortened, each.dropped))} - {ALWAYS})


def _heading(scenario: ScenarioCases, width: int) -> str:
    room = width - len(scenario.scenario) - 2
    question = shorten(scenario.question, room, placeholder="...") if room > len("...") else ""
    return f"{scenario.scenario}: {question}" if question.strip(".") else scenario.scenario


def _map(found: DrawnMap, width: int) -> str:
    head = fill(f"{found.title}: {found.sentence}", width, subsequent_indent="  ")
    texts = [aligned(table.headings, table.rows, table.numeric) for table in found.tables]
    lines = next((each for each in texts if fits(each, width)), texts[-1] if texts else [])
    return "\n".join([head, *(cut(line, width) for line in lines)])


def _remedies(pairs: Sequence[Remedy], width: int) -> str:
    if not pairs:
        return ""
    rows = [[r.works, f"{r.case} {r.before} -> {_cure(r)}"] for r in pairs]
    heading, rule, *cures = aligned(["works", "case and its cure"], rows, [False, False])
    lines = ["Remedies", heading, rule, *_under(cures, [pair.scenario for pair in pairs])]
    return "\n".join(cut(line, width) for line in lines)


def _cure(remedy: Remedy) -> str:
    return f"{remedy.cure.outcome.case} {remedy.after}{remedy.cure.where}"


def _under(lines: Iterable[str], scenarios: Iterable[str]) -> list[str]:
    """Put lines under headings: those of each scenario stand together."""
    grouped = []
    for scenario, of_scenario in groupby(zip(scenarios, lines, strict=True), lambda both: both[0]):
        grouped += [scenario, *(line for _, line in of_scenario)]
    return grouped


def _backends(compared: BackendComparison | None, width: int) -> str:
    """Return a table, or several of fewer backends each, and what each disagreement says."""
    if compared is None:
        return ""
    count = len(compared.table.headings) - LEADING
    for size in range(count, 0, -1):
        tables = [_of_some(compared.table, first, size) for first in range(0, count, size)]
        if all(fits(table, width) for table in tables):
            break
    texts = ["\n".join(cut(line, width) for line in table) for table in tables]
    notes = [fill(text, width, subsequent_indent="  ") for text in compared.disagreements]
    return "\n".join([cut(BACKENDS, width), "\n\n".join(texts), *notes])


def _of_some(table: Table, first: int, size: int) -> list[str]:
    """Return the lines of some backends' table, without rows that would be empty."""
    some = slice(LEADING + first, LEADING + first + size)
    rows = [row for row in table.rows if not set(row[some]) <= set(NOTHING)]
    cells = [[*row[1:LEADING], *row[some]] for row in (table.headings, *rows)]
    heading, rule, *lines = aligned(cells[0], cells[1:], [False] * len(cells[0]))
    return [heading, rule, *_under(lines, [row[0] for row in rows])]


def _findings(found: Sequence[Finding], width: int) -> str:
    lines: list[str] = []
    for finding in found:
        lines.append(fill(finding.row.name, width))
        lines += [
            fill(text, width, initial_indent="  ", subsequent_indent="    ")
            for text in finding.texts
        ]
        lines += diagnosis_text(finding.diagnosis, width, "  ")
    return "\n".join(lines)
