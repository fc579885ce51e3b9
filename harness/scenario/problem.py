"""Mistakes in scenario files: values that say what is wrong, where, and what would be right."""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-\"' ]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([\w.\-\"']+)\s*=")


@dataclass(frozen=True)
class Problem:
    """One mistake: the file, the line where it is known, the field and a sentence."""

    file: str
    line: int | None
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return (
            f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"
        )


class ScenarioError(Exception):
    """A scenario file cannot be used; ``problems`` lists every reason."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems

    def __reduce__(self) -> tuple[type["ScenarioError"], tuple[list[Problem]]]:
        """Keep the problems when the exception crosses a process."""
        return ScenarioError, (self.problems,)


class Problems:
    """The mistakes found in one file so far, each once, at the line of the field that it is in."""

    def __init__(self, path: Path, text: str) -> None:
        self._path, self._lines = path, field_lines(text)
        self._found: dict[Problem, None] = {}

    def add(self, field: str, message: str) -> None:
        """Note a mistake in ``field``, written as in `field_lines`."""
        line = line_of(self._lines, field)
        self._found[Problem(str(self._path), line, field, message)] = None

    def add_nearest(self, case: str, field: str, message: str) -> None:
        """Note a mistake in a field of a case, which may stand in the shared part."""
        own = f"{case}.{field}"
        whole = f"{case}.{field.partition('.')[0]}"
        self.add(own if {own, whole} & self._lines.keys() else field, message)

    def __len__(self) -> int:
        return len(self._found)

    def raise_all(self) -> None:
        """Raise what was found, in the order of its lines.

        Raises:
            ScenarioError: if anything was.
        """
        if self._found:
            raise ScenarioError(sorted(self._found, key=lambda p: (p.line or 0, p.field)))


def field_lines(text: str) -> dict[str, int]:
    """Map each field of a TOML text to its line, from 1.

    Fields are written as in problems: ``training.learning_rate`` in the shared part,
    ``case[0].training.learning_rate`` in the first case, ``sweep[0]`` in the first sweep. Keys
    inside inline tables and multi-line strings are not told apart; the caller falls back to the
    enclosing field.
    """
    lines: dict[str, int] = {}
    table, seen = "", Counter[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            name = header[2].replace('"', "").replace("'", "").replace(" ", "")
            root, _, rest = name.partition(".")
            if header[1] == "[[" and not rest:
                seen[root] += 1
            if root in ("case", "sweep"):
                name = f"{root}[{seen[root] - 1}]" + (f".{rest}" if rest else "")
            table = name
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            name = key[1].replace('"', "").replace("'", "")
            lines.setdefault(f"{table}.{name}" if table else name, number)
    return lines


def case_lines(text: str) -> dict[str, int]:
    """Map the name of each case and sweep to the line, from 1, where its table begins."""
    tables = tomllib.loads(text)
    lines = field_lines(text)
    return {
        str(table.get("name")): lines[f"{kind}[{place}]"]
        for kind in ("sweep", "case")
        for place, table in enumerate(tables.get(kind, []))
        if f"{kind}[{place}]" in lines
    }


def line_within(lines: dict[str, int], field: str) -> int | None:
    """Return the line of ``field`` where it stands once, in the shared part or in one case."""
    found = [line for name, line in lines.items() if f".{name}".endswith(f".{field}")]
    return found[0] if len(found) == 1 else None


def line_of(lines: dict[str, int], field: str) -> int | None:
    """Return the line of ``field``, or of the nearest field that encloses it."""
    while field:
        if field in lines:
            return lines[field]
        field = field.rpartition(".")[0]
    return None
