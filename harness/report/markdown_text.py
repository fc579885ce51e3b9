"""Text that Markdown shows as it is, and its tables (CommonMark, with GitHub's extensions)."""

import re
from collections.abc import Iterable

_NAME = re.compile(r"[\w./: -]+")
_MARKUP = re.compile(r"[\\`*\[\]|~]|(?<!\w)_|_(?!\w)")
_BLOCK = re.compile(r"^(\d{0,9})(?=[#+.)-])")
"""Where a backslash keeps a paragraph from becoming a heading or a list (CommonMark 5.2)."""


def as_html(text: str) -> str:
    """Return text that HTML shows as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escaped(text: str) -> str:
    """Return text that Markdown and HTML show as it is."""
    return _MARKUP.sub(lambda found: "\\" + found.group(), as_html(text))


def paragraph(text: str) -> str:
    """Return text that is shown as it is even at the start of a line."""
    return _BLOCK.sub(r"\1\\", escaped(text.strip()))


def code(name: str) -> str:
    """Return a name as code; one with characters of Markdown or HTML in it only as it is."""
    return f"`{name}`" if _NAME.fullmatch(name) else escaped(name)


def table(headings: Iterable[str], rows: Iterable[Iterable[str]], numeric: Iterable[bool]) -> str:
    """Return a table of cells that are escaped already."""
    rule = ["---:" if number else "---" for number in numeric]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (headings, rule, *rows))


def folded(summary: str, body: str) -> str:
    """Return Markdown that is shown once its summary, plain text, is clicked."""
    return f"<details><summary>{as_html(summary)}</summary>\n\n{body}\n\n</details>"
