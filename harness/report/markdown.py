"""``convergence.md``, as GitHub shows it."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from harness.report.charts import file_name
from harness.report.document import (
    BackendComparison,
    CaseRow,
    Column,
    Document,
    DrawnMap,
    Finding,
    ScenarioCases,
    Table,
)
from harness.results.outcome import Outcome
from harness.results.sweep_outcome import TrainabilityMap

MARKS = {
    "pass": "✅ pass",
    "fail": "❌ fail",
    "inconclusive": "❔ inconclusive",
    "error": "💥 error",
}

NAMES = ("case", "cured by")
"""Columns of remedies that name a case."""

_NAME = re.compile(r"[\w./: -]+")
_MARKUP = re.compile(r"[\\`*\[\]|~]|(?<!\w)_|_(?!\w)")
_BLOCK = re.compile(r"^(\d{0,9})(?=[#+.)-])")
"""Where a backslash keeps a paragraph from becoming a heading or a list (CommonMark 5.2)."""


def markdown(document: Document) -> str:
    """Return the whole report."""
    environment = ", ".join(f"{name} {value}" for name, value in document.environment)
    parts = [
        "# Convergence report",
        f"**{document.summary.sentence}**",
        escaped(document.summary.baseline),
        escaped(document.timing),
        escaped(environment),
        _findings(document.findings),
        *(_scenario(scenario, document.columns) for scenario in document.scenarios),
        _maps(document.maps),
        _remedies(document.remedies_table),
        _backends(document.backends),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: str) -> str:
    """Return text that Markdown and HTML show as it is."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(lambda found: "\\" + found.group(), text)


def paragraph(text: str) -> str:
    """Return text that is shown as it is even at the start of a line."""
    return _BLOCK.sub(r"\1\\", escaped(text.strip()))


def code(name: str) -> str:
    """Return a name as code; one with characters of Markdown or HTML in it only as it is."""
    return f"`{name}`" if _NAME.fullmatch(name) else escaped(name)


def _findings(found: Sequence[Finding]) -> str:
    lines = [
        f"- {code(finding.row.name)}: {escaped(text)}"
        for finding in found
        for text in finding.texts
    ]
    folded = [_traceback(finding) for finding in found if finding.traceback]
    return "\n\n".join(["## Findings", "\n".join(lines), *folded]) if lines else ""


def _traceback(finding: Finding) -> str:
    """Fold a user's own traceback; HTML, since no fence of Markdown is safe around any text."""
    name, text = map(_as_html, (finding.row.name, finding.traceback))
    summary = f"<summary>Traceback of {name}</summary>"
    return f"<details>{summary}\n<pre>{text.replace(chr(10), '&#10;')}</pre>\n</details>"


def _as_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _scenario(scenario: ScenarioCases, columns: Sequence[Column]) -> str:
    headings = ["outcome", "case", *(column.heading for column in columns)]
    numeric = [False, False, *(column.numeric for column in columns)]
    parts = [
        f"## {escaped(scenario.scenario)}",
        paragraph(f"{scenario.question} Converged: {scenario.criteria}."),
        _table(headings, [_cells(row, columns) for row in scenario.rows], numeric),
        "\n".join(dict.fromkeys(_remarks(scenario.rows))),
    ]
    return "\n\n".join(part for part in parts if part)


def _cells(row: CaseRow, columns: Sequence[Column]) -> list[str]:
    link = f"[{code(row.outcome.case)}]({_picture(row.outcome)})"
    texts = [escaped(column.text(row.outcome)) for column in columns]
    return [MARKS[row.outcome.outcome], link, *texts]


def _picture(found: Outcome | TrainabilityMap) -> str:
    return f"curves/{quote(file_name(found))}"


def _remarks(rows: Sequence[CaseRow]) -> list[str]:
    return [f"- {code(row.outcome.case)}: {escaped(text)}" for row in rows for text in row.remarks]


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]], numeric: Iterable[bool]) -> str:
    rule = ["---:" if number else "---" for number in numeric]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (headings, rule, *rows))


def _plain(table: Table) -> str:
    rows = [map(escaped, row) for row in table.rows]
    return _table(map(escaped, table.headings), rows, table.numeric)


def _maps(maps: Sequence[DrawnMap]) -> str:
    parts = ["## Maps of trainability"] if maps else []
    for each in maps:
        parts += [
            f"### {escaped(each.title)}",
            paragraph(f"{each.record.question} {each.setting} {each.record.note}".strip()),
            f"**{escaped(each.sentence)}**",
            f"![{escaped(each.record.id)}]({_picture(each.record)})",
            _plain(each.tables[0]),
        ]
    return "\n\n".join(parts)


def _remedies(table: Table) -> str:
    rows = [
        [
            code(cell) if heading in NAMES else escaped(cell)
            for heading, cell in zip(table.headings, row, strict=True)
        ]
        for row in table.rows
    ]
    return f"## Remedies\n\n{_table(table.headings, rows, table.numeric)}" if rows else ""


def _backends(compared: BackendComparison | None) -> str:
    if compared is None:
        return ""
    notes = "\n".join(f"- {escaped(text)}" for text in compared.disagreements)
    parts = ["## Backends", escaped(compared.explanation), _plain(compared.table), notes]
    return "\n\n".join(part for part in parts if part)
