"""The table that pytest prints, for a terminal of any width."""

from collections.abc import Sequence
from itertools import groupby
from textwrap import fill, shorten

from harness.report import columns, maps
from harness.report.backends import compare_backends
from harness.report.columns import Column
from harness.report.content import (
    Group,
    baseline_summary,
    findings,
    groups,
    place_of,
    remedies,
    summary,
)
from harness.report.side_by_side import side_by_side
from harness.report.text_table import aligned, cut, fits
from harness.results.outcome import Outcome
from harness.results.sweep_outcome import TrainabilityMap

MARKS = {"pass": "pass", "fail": "FAIL", "inconclusive": "UNSURE", "error": "ERROR"}
MARK = Column("", lambda outcome: MARKS[outcome.outcome])

MEASURED = tuple(column for column in columns.MEASURED if column is not columns.TRANSITION)

FORMS = (
    (columns.CLAIM, *columns.MEASURED),
    (columns.CLAIM, *MEASURED),
    (columns.SHORT_CLAIM, *MEASURED),
    (
        columns.SHORT_CLAIM,
        columns.SHORT_CONVERGED,
        columns.EPOCHS,
        columns.PLATEAU,
        columns.SYMPTOM,
        columns.STEP_TIME,
    ),
    (
        columns.SHORT_CLAIM,
        columns.SHORT_CONVERGED,
        columns.EPOCHS,
        columns.SYMPTOM,
        columns.STEP_TIME,
    ),
    (columns.SHORT_CLAIM, columns.SHORT_CONVERGED, columns.EPOCHS, columns.SYMPTOM),
    (columns.SHORT_CLAIM, columns.SHORT_CONVERGED, columns.SHORT_EPOCHS, columns.SYMPTOM),
    (columns.SHORT_CONVERGED, columns.SHORT_EPOCHS, columns.SYMPTOM),
    (columns.SHORT_CONVERGED,),
)
"""What a row holds besides its case, from wide terminals to narrow ones."""


def terminal(outcomes: Sequence[Outcome], width: int, drawn: Sequence[TrainabilityMap] = ()) -> str:
    """Return all that is known of the cases; no line is longer than ``width`` characters."""
    parts = [
        _cases(outcomes, width) if outcomes else "",
        *(_map(found, drawn, width) for found in drawn),
        _remedies(outcomes, width),
        side_by_side(compare_backends(outcomes), width),
        _findings(outcomes, width),
        "\n".join(
            fill(text, width) for text in (summary(outcomes), baseline_summary(outcomes)) if text
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def _cases(outcomes: Sequence[Outcome], width: int) -> str:
    grouped = groups(outcomes)
    ordered = [outcome for group in grouped for outcome in group.outcomes]
    candidates = (_table(ordered, form, width) for form in FORMS)
    lines = next((table for table in candidates if fits(table, width)), None)
    lines = lines or _table(ordered, FORMS[-1], width)
    head, rows = lines[:2], iter(lines[2:])
    for group in grouped:
        head += [_heading(group, width), *(next(rows) for _ in group.outcomes), ""]
    head.pop()
    return "\n".join(cut(line, width) for line in head)


def _table(outcomes: Sequence[Outcome], form: Sequence[Column], width: int) -> list[str]:
    """Return heading, rule and a line a case."""
    where, compared = columns.telling(outcomes)
    longest = max(width // 3, 12)
    case = Column("case", lambda outcome: cut(outcome.case, longest))
    shown = [MARK, case, *where, *form, *compared]
    cells = [[column.cell(outcome) for column in shown] for outcome in outcomes]
    return aligned([column.header for column in shown], cells, [each.numeric for each in shown])


def _heading(group: Group, width: int) -> str:
    room = width - len(group.scenario) - 2
    question = shorten(group.question, room, placeholder="...") if room > len("...") else ""
    return f"{group.scenario}: {question}" if question.strip(".") else group.scenario


def _map(found: TrainabilityMap, drawn: Sequence[TrainabilityMap], width: int) -> str:
    head = fill(f"{maps.title(found, drawn)}: {maps.sentence(found)}", width)
    texts = [aligned(*table, [False] * len(table[0])) for table in maps.tables(found)]
    lines = next((each for each in texts if fits(each, width)), texts[-1])
    return "\n".join([head, *(cut(line, width) for line in lines)])


def _remedies(outcomes: Sequence[Outcome], width: int) -> str:
    pairs = list(remedies(outcomes))
    if not pairs:
        return ""
    rows = []
    for pair in pairs:
        failing = columns.share(pair.failing) if pair.failing else "not run"
        cure = f"{pair.cure.case} {columns.share(pair.cure)}{place_of(pair.cure, outcomes)}"
        rows.append([pair.works, f"{pair.case} {failing} -> {cure}"])
    heading, rule, *told = aligned(["works", "case and its cure"], rows, [False, False])
    lines = ["Remedies", heading, rule]
    for scenario, of_scenario in groupby(
        zip(pairs, told, strict=True), lambda both: both[0].scenario
    ):
        lines += [scenario, *(line for _, line in of_scenario)]
    return "\n".join(cut(line, width) for line in lines)


def _findings(outcomes: Sequence[Outcome], width: int) -> str:
    lines: list[str] = []
    for case, texts in findings(outcomes).items():
        lines.append(fill(case, width))
        lines += [
            fill(text, width, initial_indent="  ", subsequent_indent="    ") for text in texts
        ]
    return "\n".join(lines)
