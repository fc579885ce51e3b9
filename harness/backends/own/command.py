"""A command of the user's that trains: the JSON lines that it prints are its evaluations."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread, Timer
from typing import IO

from harness.backends.own import supervise
from harness.backends.own.evaluations import EvaluationError, OutOfTime
from harness.scenario.own_training import OwnTraining

LAST_LINES = 20
"""Of standard error that are kept: a Python traceback is shorter."""

LONGEST_LINE = 1_000_000
"""Characters; an evaluation is shorter by far."""

PATIENCE = 2 * supervise.GRACE
"""Seconds for the supervisor to end the command before it is killed itself."""


@dataclass(frozen=True)
class Command:
    """Calls the command of a `[train]` table, in the folder of its scenario."""

    training: OwnTraining
    directory: Path
    folders: tuple[Path, ...]
    device: str

    def __call__(self, seed: int) -> Iterator[object]:
        """Yield one mapping for each line of output that holds one.

        Raises:
            EvaluationError: if the program does not exist, prints broken JSON, or fails.
            OutOfTime: if the time limit passes.
        """
        words = self.training.words(seed, self.device)
        environment = self._environment()
        _check_program(words[0], self.directory, environment["PATH"])
        with _running(words, self.directory, environment) as (process, errors):
            late = Event()
            with _limited(process, self.training.time_limit, late):
                yield from _evaluations(process.stdout)
                status = process.wait()
        if late.is_set():
            raise OutOfTime
        if status:
            detail = "\n".join(errors)
            raise EvaluationError(f"`{shlex.join(words)}` {_ended(status)}", detail)

    def _environment(self) -> dict[str, str]:
        """Let `python` and `torchrun` be this environment's, and lines come as they are printed."""
        path = os.environ.get("PATH", os.defpath)
        modules = [*map(str, self.folders), os.environ.get("PYTHONPATH", "")]
        return os.environ | {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), path]),
            "PYTHONPATH": os.pathsep.join(filter(None, modules)),
            "PYTHONUNBUFFERED": "1",
        }


def _check_program(program: str, directory: Path, path: str) -> None:
    placed = str(directory / program) if os.sep in program else program
    if shutil.which(placed, path=path) is None:
        where = f"at {placed}" if os.sep in program else "on PATH"
        raise EvaluationError(f"train.command: there is no program {program!r} {where}")


@contextmanager
def _running(
    words: Sequence[str], directory: Path, environment: dict[str, str]
) -> Iterator[tuple["subprocess.Popen[bytes]", "deque[str]"]]:
    """Run a command under the supervisor, and end all of its processes at the end."""
    errors: deque[str] = deque(maxlen=LAST_LINES)
    process = subprocess.Popen(  # noqa: S603  # the user's own command
        [sys.executable, "-IS", supervise.__file__, *words],
        cwd=directory,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    reader = Thread(target=_keep_last, args=(process.stderr, errors), daemon=True)
    reader.start()
    try:
        yield process, errors
    finally:
        _end(process)
        reader.join(PATIENCE)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Tell the supervisor, by closing its input, to end the command.

    Its output is closed last: a command that died of that would leave behind what it started.
    """
    assert process.stdin is not None  # noqa: S101  # all three are pipes
    assert process.stdout is not None  # noqa: S101  # as above
    with suppress(OSError):
        process.stdin.close()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


@contextmanager
def _limited(
    process: "subprocess.Popen[bytes]", seconds: float | None, late: Event
) -> Iterator[None]:
    """End a process when its time is over, even while it prints nothing."""
    if seconds is None:
        yield
        return

    def end() -> None:
        late.set()
        with suppress(OSError):
            assert process.stdin is not None  # noqa: S101  # as above
            process.stdin.close()

    timer = Timer(seconds, end)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _evaluations(output: IO[bytes] | None) -> Iterator[object]:
    """Yield what begins like a JSON object; all else that a program prints is its own business."""
    assert output is not None  # noqa: S101  # it is a pipe
    number = 0
    while line := output.readline(LONGEST_LINE):
        number += 1
        text = line.decode(errors="replace").strip()
        if text.startswith("{"):
            yield _parsed(text, number)


def _parsed(text: str, number: int) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", type(error).__name__)
        shown = text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004  # part of a line
        raise EvaluationError(
            f"line {number} of its output begins like JSON but is broken: {reason}: {shown}"
        ) from None


def _keep_last(stream: IO[bytes], lines: "deque[str]") -> None:
    with stream:
        while line := stream.readline(LONGEST_LINE):
            lines.append(line.decode(errors="replace").rstrip("\n"))


def _ended(status: int) -> str:
    if status > 0:
        return f"ended with exit status {status}"
    with suppress(ValueError):
        return f"was killed by {signal.Signals(-status).name}"
    return f"was killed by signal {-status}"
