"""A diagnosis on a terminal: what is said of it line by line, each behind its label."""

from textwrap import wrap

from harness.report.document import Diagnosis

LABEL = 8
"""Characters of a label; those beside the curve of a failure are as wide."""


def diagnosis_text(found: Diagnosis | None, width: int, indent: str = "") -> list[str]:
    """Return lines of at most ``width`` characters, behind ``indent``; none of no diagnosis."""
    if found is None:
        return []
    title = f"{found.title} ({found.cause})" if found.cause else found.title
    return [
        line
        for label, text in (("why", title), *found.parts)
        for line in wrap(
            text,
            width,
            initial_indent=f"{indent}{label.lower():<{LABEL}}",
            subsequent_indent=indent + " " * LABEL,
        )
    ]
