"""``finished.jsonl``: what has finished since the reports were last written, a case a line.

A line costs little, so that a run which is killed loses no case that had finished.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from harness.report.encoder import Encoder, Found
from harness.results.checksum import checksum, checksum_of_text, respelt
from harness.results.outcome import Outcome

NAME = "finished.jsonl"
Kind = Literal["cases", "maps"]


def add(directory: Path, found: Found, encoder: Encoder | None = None) -> None:
    """Write down what has just finished.

    Args:
        directory: of the reports.
        found: a case or a map.
        encoder: what encodes it for the reports too; a new one if not given.

    Raises:
        OSError: if it cannot be written.
    """
    kind: Kind = "cases" if isinstance(found, Outcome) else "maps"
    content = f'"{kind}":{(encoder or Encoder()).line(found)}}}'
    line = f'{{"checksum":"{checksum_of_text("{" + content)}",{content}'
    with (directory / NAME).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def forget(directory: Path) -> None:
    """Delete the file, once reports hold all of it."""
    (directory / NAME).unlink(missing_ok=True)


def finished(directory: Path, kind: Kind) -> list[dict[str, Any]]:
    """Return the records of a kind; a last line that was torn as the run was killed is left out.

    Raises:
        ValueError: if another line is damaged, with its number.
        OSError: if the file cannot be read.
    """
    try:
        text = (directory / NAME).read_bytes()
    except FileNotFoundError:
        return []
    lines = [_content(line, number) for number, line in enumerate(text.split(b"\n")[:-1], 1)]
    return [content[kind] for content in lines if kind in content]


def _content(line: bytes, number: int) -> dict[str, Any]:
    with suppress(ValueError, RecursionError, AttributeError):
        content: dict[str, Any] = json.loads(line)
        spelt_otherwise = respelt(line.decode(), content)
        if content.pop("checksum", None) == checksum(content) and not spelt_otherwise:
            return content
    raise ValueError(f"line {number}")
