"""What became of a case, in colour; pytest knows where colour is wanted (NO_COLOR, no terminal)."""

import re

import pytest

COLOURS = {"pass": "green", "FAIL": "red", "ERROR": "red", "UNSURE": "yellow"}
_MARK = re.compile(rf"({'|'.join(COLOURS)})(?=  )")


def coloured(line: str, terminal: pytest.TerminalReporter) -> str:
    """Return a line of the table with its mark, the first word, in colour."""
    mark = _MARK.match(line)
    if mark is None:
        return line
    word = terminal._tw.markup(mark.group(), **{COLOURS[mark.group()]: True})  # noqa: SLF001  # pytest has no public one
    return word + line[mark.end() :]
