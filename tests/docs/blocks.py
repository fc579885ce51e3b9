"""The code blocks of the documents: what each is, and what it is called where it is a file.

A comment directly before a block says why it is not run: ``<!-- not run: takes seven minutes -->``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    ROOT / "README.md",
    ROOT / "examples" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
)

_FENCE = re.compile(
    r"(?:^ *<!-- not run: (?P<reason>[^>]+) -->\n+)?^(?P<indent> *)```(?P<language>\w*)\n"
    r"(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_NAME = re.compile(r'(?:# |""")(?P<name>[\w./-]+\.(?:py|toml|yml|json|csv))\b')
_INDENTED = re.compile(r"(?:\A|\n)\n {4}(?! *[-*] )\S.*")


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        page: where it stands, from the repository on.
        line: of its first line.
        language: as the fence says it.
        text: what is in it.
        reason: why it is not run; empty where it is.
    """

    page: str
    line: int
    language: str
    text: str
    reason: str

    @property
    def name(self) -> str | None:
        """The path of the file that it is, as its first line says it."""
        found = _NAME.match(self.text)
        return found["name"] if found else None

    @property
    def commands(self) -> list[str]:
        """The commands of a shell block, a line each."""
        joined = self.text.replace("\\\n", " ").splitlines()
        lines = [line.strip().removeprefix("$ ") for line in joined]
        return [line for line in lines if line and not line.startswith("#")]

    def __str__(self) -> str:
        """Return where it is, as a test's id."""
        return f"{self.page}:{self.line}"


def blocks_of(path: Path) -> Iterator[Block]:
    """Yield the blocks of a document."""
    text = path.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start("text")) + 1
        page = path.relative_to(ROOT).as_posix()
        reason = found["reason"] or ""
        yield Block(page, line, found["language"], dedent(found["text"]), reason)


def indented_code(path: Path) -> list[str]:
    """Return the first lines of blocks that are indented instead of fenced, and say no language."""
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    outside_of_lists = re.sub(r"^ *(?:[-*]|\d+\.) .*(?:\n+ +\S.*)*", "", text, flags=re.MULTILINE)
    return [found.strip() for found in _INDENTED.findall(outside_of_lists)]
