"""The answer, laid out: for a terminal, for a pull request, for a program."""

import json
from textwrap import fill, shorten

from tabulate import tabulate

from harness.cli.ci.changes import Change, Changes
from harness.report.fitting import SEPARATOR, Part, fit
from harness.report.markdown import BRIEF, MOST
from harness.report.markdown_text import code, escaped, folded, table

SCHEMA = 1

MARKS = {
    "worse": "❌ worse",
    "not comparable": "❔ not comparable",
    "changed": "⚠️ changed",
    "better": "✅ better",
    "same": "✅ same",
    "identical": "✅ identical",
}
"""What is not here needs no mark."""

QUIET = ("same", "identical")

FRAME = 400
"""Characters that headings, the fold and the count of what is left out take at most."""

FEWEST = 40
"""Characters; a column of text that is narrower cannot be read."""


def as_text(found: Changes, width: int) -> str:
    """Return the answer for a terminal: the headline, and a row a case if it does not say all."""
    rows = [(each.kind, each.name, each.sentence) for each in found.cases]
    if len(rows) == 1 or {kind for kind, _, _ in rows} == {"identical"}:
        return fill(found.headline, width)
    if width < FEWEST + max(len(kind) + len(name) for kind, name, _ in rows):
        told = [
            f"{fill(f'{kind}: {name}', width)}\n{_indented(text, width)}"
            for kind, name, text in rows
        ]
    else:
        left = width - max(len(kind) + len(name) for kind, name, _ in rows) - 4
        headings = ("change", "case", f"against {found.base}")
        told = [tabulate(rows, headings, maxcolwidths=[None, None, left])]
    return SEPARATOR.join([fill(found.headline, width), *told])


def _indented(text: str, width: int) -> str:
    return fill(text, width, initial_indent="  ", subsequent_indent="  ")


def as_markdown(found: Changes, most: int = MOST) -> str:
    """Return the answer for a comment, in at most ``most`` characters; what is left out is counted.

    What a reviewer need not read is folded.
    """
    title = f"# Convergence: {escaped(f'{found.head} against {found.base}')}"
    head = f"{title}\n\n**{escaped(shorten(found.headline, 2 * BRIEF, placeholder=' ...'))}**"
    loud = [each for each in found.cases if each.kind not in QUIET]
    quiet = [each for each in found.cases if each.kind in QUIET]
    shown, _ = fit([Part(_row(each)) for each in loud], most - len(head) - FRAME)
    left = most - len(head) - FRAME - sum(map(len, shown))
    folded_rows, _ = fit([Part(_row(each)) for each in quiet], left)
    missing = len(found.cases) - len(shown) - len(folded_rows)
    parts = [
        head,
        _table(shown),
        folded(f"{len(quiet)} trained the same", _table(folded_rows)) if folded_rows else "",
        f"{missing} cases are left out: a comment takes no more." if missing else "",
    ]
    return SEPARATOR.join(part for part in parts if part) + "\n"


def _table(rows: list[str]) -> str:
    columns = ("change", "case", "what")
    return "\n".join([table(columns, [], [False] * len(columns)), *rows]) if rows else ""


def _row(change: Change) -> str:
    told = escaped(" ".join(shorten(change.sentence, 2 * BRIEF, placeholder=" ...").split()))
    return f"| {MARKS.get(change.kind, change.kind)} | {code(change.name)} | {told} |"


def as_json(found: Changes) -> str:
    """Return the answer for a program."""
    revisions = {"base": vars(found.base), "head": vars(found.head)}
    answer = {"schema": SCHEMA, "failed": found.failed, "headline": found.headline}
    return json.dumps(answer | revisions | {"cases": [c.record() for c in found.cases]}, indent=2)
