"""``convergence.md``, as GitHub shows it."""

import re
from collections.abc import Mapping, Sequence

from tabulate import tabulate

from harness.report import columns, maps
from harness.report.backends import SIGNIFICANT, backend_rows, compare_backends
from harness.report.columns import Column
from harness.report.content import (
    Group,
    baseline_summary,
    cause,
    environment_line,
    findings,
    groups,
    place_of,
    remedies,
    summary,
)
from harness.report.curve import file_name
from harness.results.outcome import Outcome
from harness.results.sweep_outcome import TrainabilityMap

MARKS = {
    "pass": "✅ pass",
    "fail": "❌ fail",
    "inconclusive": "❔ inconclusive",
    "error": "💥 error",
}

BACKENDS = (
    "Converged seeds and median epochs to converge of each case that ran in several places, and "
    "below each scenario how closely seeds agree with the reference: in their first losses, where "
    "they converge, and in their epochs. Two backends differ where a test gives "
    f"p &lt; {SIGNIFICANT:g}; equal ones do so in about one of 100 comparisons."
)

_SPECIAL = re.compile(r"[\\`*\[\]|~]|(?<!\w)_|_(?!\w)")
_OUTCOME = Column("outcome", lambda outcome: MARKS[outcome.outcome])


def markdown(
    environment: Mapping[str, str | int],
    outcomes: Sequence[Outcome],
    drawn: Sequence[TrainabilityMap] = (),
) -> str:
    """Return the whole report."""
    parts = [
        "# Convergence report",
        f"**{summary(outcomes)}**",
        escaped(baseline_summary(outcomes)),
        escaped(environment_line(environment)),
        *(_group(group, outcomes) for group in groups(outcomes)),
        _maps(drawn),
        _remedies(outcomes),
        _backends(outcomes),
        _findings(outcomes),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: str) -> str:
    """Return text that Markdown and HTML show as it is, on one line."""
    text = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(lambda found: "\\" + found.group(), text)


def _group(group: Group, outcomes: Sequence[Outcome]) -> str:
    where, compared = columns.telling(outcomes)
    case = Column("case", lambda outcome: f"[`{outcome.case}`](curves/{file_name(outcome)})")
    shown = [_OUTCOME, case, *where, columns.CLAIM, *columns.MEASURED, *compared]
    rows = [
        [cell if column is case else escaped(cell) for column, cell in _cells(shown, outcome)]
        for outcome in group.outcomes
    ]
    parts = [
        f"## {escaped(group.scenario)}",
        f"{escaped(group.question)} Converged: {escaped('; '.join(group.criteria))}.",
        _table([column.header for column in shown], rows, [column.numeric for column in shown]),
        "\n".join(_remarks(group)),
    ]
    return "\n\n".join(part for part in parts if part)


def _cells(shown: Sequence[Column], outcome: Outcome) -> list[tuple[Column, str]]:
    return [(column, column.cell(outcome)) for column in shown]


def _remarks(group: Group) -> list[str]:
    """Return notes, and what was diagnosed where failing was the claim."""
    remarks: dict[str, None] = {}
    for outcome in group.outcomes:
        for text in (outcome.note, cause(outcome) if outcome.outcome == "pass" else ""):
            if text:
                remarks[f"- `{outcome.case}`: {escaped(text)}"] = None
    return list(remarks)


def _table(headers: Sequence[str], rows: list[list[str]], numeric: Sequence[bool]) -> str:
    return tabulate(
        rows,
        headers=headers,
        tablefmt="pipe",
        colalign=["right" if number else "left" for number in numeric],
        disable_numparse=True,
    )


def _maps(drawn: Sequence[TrainabilityMap]) -> str:
    parts = [f"## {maps.HEADING}"] if drawn else []
    for found in drawn:
        headers, rows = maps.tables(found)[0]
        cells = [[escaped(cell) for cell in row] for row in rows]
        parts += [
            f"### {escaped(maps.title(found, drawn))}",
            escaped(f"{found.question} {maps.setting(found)} {found.note}"),
            f"**{escaped(maps.sentence(found))}**",
            f"![{escaped(found.id)}](curves/{file_name(found)})",
            _table([escaped(head) for head in headers], cells, [False] * len(headers)),
        ]
    return "\n\n".join(parts)


def _remedies(outcomes: Sequence[Outcome]) -> str:
    rows = [
        [
            escaped(pair.scenario),
            f"`{pair.case}`",
            columns.share(pair.failing) if pair.failing else "not run",
            f"`{pair.cure.case}`{place_of(pair.cure, outcomes)}",
            columns.share(pair.cure),
            pair.works,
        ]
        for pair in remedies(outcomes)
    ]
    headers = ["scenario", "case", "converged", "cured by", "converged", "works"]
    table = _table(headers, rows, [False, False, True, False, True, False]) if rows else ""
    return f"## Remedies\n\n{table}" if rows else ""


def _backends(outcomes: Sequence[Outcome]) -> str:
    comparisons = compare_backends(outcomes)
    if not comparisons:
        return ""
    headers, rows = backend_rows(comparisons)
    cells = [list(map(escaped, row)) for row in rows]
    notes = [f"- `{each.id}`: {text}" for each in comparisons for text in each.disagreements]
    return "\n\n".join(
        [
            "## Backends",
            BACKENDS,
            _table(headers, cells, [False] * len(headers)),
            *(["\n".join(notes)] if notes else []),
        ]
    )


def _findings(outcomes: Sequence[Outcome]) -> str:
    lines = [
        f"- `{case}`: {escaped(text)}"
        for case, texts in findings(outcomes).items()
        for text in texts
    ]
    return "## Findings\n\n" + "\n".join(lines) if lines else ""
