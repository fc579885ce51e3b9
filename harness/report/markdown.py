"""``convergence.md``, as GitHub shows it: what has to be read first, and never too long."""

from collections import Counter
from collections.abc import Iterable, Sequence
from textwrap import shorten

from harness.report.document import (
    BackendComparison,
    CaseRow,
    Column,
    Diagnosis,
    Document,
    DrawnMap,
    Finding,
    ScenarioCases,
    Table,
    curves,
)
from harness.report.fitting import SEPARATOR, Part, fit
from harness.report.markdown_text import as_html, code, escaped, folded, paragraph, table
from harness.results.outcome import Outcome

MOST = 60_000
"""Characters; a comment on GitHub takes 65,536, and who posts it may want to say something too."""

BRIEF = 300
"""Characters that a finding has at least room for."""

MARKS = {
    "pass": "✅ pass",
    "fail": "❌ fail",
    "inconclusive": "❔ inconclusive",
    "error": "💥 error",
}

NAMES = ("case", "cured by")
"""Columns of remedies that name a case."""

FINDING, FAILED, COMPARED, TRACEBACK, PASSED = range(5)
"""What is shown whole first where not all can be."""


def markdown(document: Document, most: int = MOST) -> str:
    """Return the report, in at most ``most`` characters: what does not fit is counted."""
    parts = [
        Part(*_twice(_head(document)), FINDING),
        *_findings(document.findings),
        *(_open(each, document.columns) for each in document.scenarios if each.worst != "pass"),
        *_comparisons(document),
        *_passed([each for each in document.scenarios if each.worst == "pass"], document.columns),
    ]
    left_out = "Shortened to fit a comment: {} parts are whole only in convergence.html."
    shown, short = fit(parts, most - len(left_out.format(len(parts))) - 2 * len(SEPARATOR))
    return SEPARATOR.join([*shown, *([left_out.format(short)] if short else [])]) + "\n"


def _twice(text: str) -> tuple[str, str]:
    return text, text


def _head(document: Document) -> str:
    summary = document.summary
    environment = ", ".join(f"{name} {value}" for name, value in document.environment)
    texts = [summary.baseline, document.timing, shorten(environment, BRIEF, placeholder=" ...")]
    shown = [escaped(text) for text in texts if text]
    return SEPARATOR.join(["# Convergence report", f"**{summary.sentence}**", *shown])


def _findings(found: Sequence[Finding]) -> list[Part]:
    lines = [Part(_finding(each), _cut(each), FINDING) for each in found]
    tracebacks = [Part(_traceback(each), rank=TRACEBACK) for each in found if each.traceback]
    return [Part(*_twice("## Findings"), FINDING), *lines, *tracebacks] if lines else []


def _finding(finding: Finding) -> str:
    found = finding.diagnosis
    texts = [*finding.texts, *([f"{found.title}, see its scenario below"] if found else [])]
    return "\n".join(f"- {code(finding.row.name)}: {escaped(each)}" for each in texts)


def _cut(finding: Finding) -> str:
    first = shorten(finding.texts[0], BRIEF, placeholder=" ...")
    return f"- {code(finding.row.name)}: {escaped(first)}"


def _traceback(finding: Finding) -> str:
    """Fold a user's own traceback; HTML, since no fence of Markdown is safe around any text."""
    name, text = map(as_html, (finding.row.name, finding.traceback))
    summary = f"<summary>Traceback of {name}</summary>"
    return f"<details>{summary}\n<pre>{text.replace(chr(10), '&#10;')}</pre>\n</details>"


def _open(scenario: ScenarioCases, columns: Sequence[Column]) -> Part:
    heading = f"## {escaped(scenario.scenario)}"
    brief = f"- {code(scenario.scenario)}: {_counts(scenario)}"
    return Part(f"{heading}\n\n{_scenario(scenario, columns)}", brief, FAILED)


def _passed(scenarios: Sequence[ScenarioCases], columns: Sequence[Column]) -> list[Part]:
    """Fold what nobody has to read."""
    parts = [
        Part(
            folded(f"{each.scenario}: {_counts(each)}", _scenario(each, columns)),
            f"- {code(each.scenario)}: {_counts(each)}",
            PASSED,
        )
        for each in scenarios
    ]
    return [Part(*_twice("## Passed")), *parts] if parts else []


def _counts(scenario: ScenarioCases) -> str:
    counts = Counter(row.outcome.outcome for row in scenario.rows)
    return ", ".join(f"{count} {result}" for result, count in counts.items())


def _scenario(scenario: ScenarioCases, columns: Sequence[Column]) -> str:
    headings = ["outcome", "case", *(column.heading for column in columns)]
    numeric = [False, False, *(column.numeric for column in columns)]
    parts = [
        paragraph(f"{scenario.question} Converged: {scenario.criteria}."),
        table(headings, [_cells(row, columns) for row in scenario.rows], numeric),
        "\n".join(dict.fromkeys(_remarks(scenario.rows))),
    ]
    return SEPARATOR.join(part for part in parts if part)


def _cells(row: CaseRow, columns: Sequence[Column]) -> list[str]:
    texts = [escaped(column.text(row.outcome)) for column in columns]
    return [MARKS[row.outcome.outcome], code(row.outcome.case), *texts]


def _remarks(rows: Iterable[CaseRow]) -> list[str]:
    return [
        f"- {code(row.outcome.case)}: {text}"
        for row in rows
        for text in (*map(escaped, row.remarks), *_diagnosis(row.diagnosis, row.outcome))
    ]


def _diagnosis(found: Diagnosis | None, outcome: Outcome) -> list[str]:
    """Say why a case fails in a list of its own, beside its curves; nothing if nobody asked."""
    if found is None:
        return []
    title = f"**{escaped(found.title)}**" + (f" ({code(found.cause)})" if found.cause else "")
    parts = [*found.parts, ("Curves", curves(outcome))]
    lines = [f"  - {label}: {_part(label, text)}" for label, text in parts if text]
    return ["\n".join([title, *lines])]


def _part(label: str, text: str) -> str:
    """Return an edit as code, unless it holds what ends code."""
    return f"`{text}`" if label == "Edit" and "`" not in text else escaped(text)


def _comparisons(document: Document) -> list[Part]:
    """Return the maps, the remedies and the backends, each as a whole or not at all."""
    maps = [Part(_map(each), f"- {code(each.record.id)}: map", COMPARED) for each in document.maps]
    if maps:
        maps.insert(0, Part(*_twice("## Maps of trainability")))
    tables = [_remedies(document.remedies_table), _backends(document.backends)]
    return [*maps, *(Part(text, rank=COMPARED) for text in tables if text)]


def _map(drawn: DrawnMap) -> str:
    parts = [
        f"### {escaped(drawn.title)}",
        paragraph(f"{drawn.record.question} {drawn.setting} {drawn.record.note}".strip()),
        f"**{escaped(drawn.sentence)}**",
        *map(_plain, drawn.tables[:1]),
    ]
    return SEPARATOR.join(parts)


def _plain(shown: Table) -> str:
    rows = [map(escaped, row) for row in shown.rows]
    return table(map(escaped, shown.headings), rows, shown.numeric)


def _remedies(shown: Table) -> str:
    rows = [
        [
            code(cell) if heading in NAMES else escaped(cell)
            for heading, cell in zip(shown.headings, row, strict=True)
        ]
        for row in shown.rows
    ]
    return f"## Remedies\n\n{table(shown.headings, rows, shown.numeric)}" if rows else ""


def _backends(compared: BackendComparison | None) -> str:
    if compared is None:
        return ""
    notes = "\n".join(f"- {escaped(text)}" for text in compared.disagreements)
    parts = ["## Backends", escaped(compared.explanation), _plain(compared.table), notes]
    return SEPARATOR.join(part for part in parts if part)
