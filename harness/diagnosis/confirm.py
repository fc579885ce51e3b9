"""Runs a script again with each cause's remedy, and keeps the cause whose remedy works."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from harness.diagnosis.answer import Diagnosis
from harness.diagnosis.edits import REMEDIES
from harness.diagnosis.names import Cause


@contextmanager
def input_kept(*, wanted: bool) -> Iterator[BinaryIO | None]:
    """Keep what a script reads from its standard input, so that further runs can read it again.

    Yields a file that holds it; none where that is not wanted.
    """
    if not wanted or sys.stdin is None:
        yield None
        return
    before = sys.stdin
    with TemporaryFile() as kept:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(_Kept(before.buffer, kept)))
        try:
            yield kept
        finally:
            sys.stdin = before


class _Kept(io.RawIOBase):
    """Reads when it is asked to, and no sooner: nobody may ever write."""

    def __init__(self, source: Any, kept: BinaryIO) -> None:
        self.source = source
        self.kept = kept

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        read: bytes = self.source.read1(len(buffer))
        self.kept.write(read)
        buffer[: len(read)] = read
        return len(read)


def confirm(
    path: Path | str, arguments: list[str], answer: Diagnosis, given: BinaryIO | None = None
) -> Diagnosis:
    """Try the remedies that can be made from outside, one run each.

    Args:
        path: the script, as the user named it.
        arguments: its arguments.
        answer: what one run said.
        given: what each run reads from its standard input.
    """
    verdicts: dict[Cause, bool] = {}
    runs = 1
    for finding in answer.findings:
        edit = REMEDIES.get(finding.cause)
        if edit is None:
            continue
        runs += 1
        trains = trains_with(edit, path, arguments, given)
        if trains is not None:
            verdicts[finding.cause] = trains
    return answer.confirmed(verdicts, runs=runs)


def trains_with(
    edit: str, path: Path | str, arguments: list[str], given: BinaryIO | None = None
) -> bool | None:
    """Whether a script trains with an edit; what it prints is not shown again.

    Returns:
        ``None`` where the script has no place that the edit could be made at.
    """
    command = [sys.executable, "-m", "harness.diagnosis.rerun", edit, str(path), *arguments]
    if given is not None:
        given.seek(0)
    done = subprocess.run(  # noqa: S603 - the script that the user named
        command,
        stdin=given or subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",  # a script may print any bytes
        check=False,
    )
    said = last_answer(done.stdout)
    return bool(said["trains"]) if said.get("acted") else None


def last_answer(printed: str) -> dict[str, Any]:
    """What a run with an edit said; libraries may print after it when they are left."""
    for line in reversed(printed.splitlines()):
        if line.startswith(BEGINS):
            with suppress(ValueError):
                answer: dict[str, Any] = json.loads(line)
                return answer
    return {}


BEGINS = '{"trains": '
"""How the answer of `harness.diagnosis.rerun` begins, which is a line of its own."""
