"""Runs a command in a session of its own, and ends all of it when whoever asked is gone.

Started by path, without the harness: it has to be there in a hundredth of a second. Its standard
input is a pipe that nobody writes to: it closes when the asking process ends, however that ended.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

GRACE = 5.0
"""Seconds to clean up in; torchrun takes less than one to stop its processes."""

CANNOT_START = 126
"""The shell's status for what is there and cannot be run."""


def main(words: list[str]) -> int:
    """Run a command to its end; return its exit status, or end by the signal that ended it."""
    try:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603  # the user's own command
    except OSError as error:
        print(f"{words[0]}: {error.strerror}", file=sys.stderr)  # noqa: T201  # its standard error
        return CANNOT_START
    asked = threading.Event()
    ending = threading.Thread(target=_end_with_the_asking, args=(process, asked), daemon=True)
    ending.start()
    status = process.wait()
    if asked.is_set():
        ending.join()
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)  # what it left behind
    if status < 0:
        os.kill(os.getpid(), -status)
    return abs(status)


def _end_with_the_asking(process: "subprocess.Popen[bytes]", asked: threading.Event) -> None:
    while os.read(0, 1):  # not through sys.stdin, whose lock an ending Python would wait for
        pass
    asked.set()
    found = _group_and_descendants(process.pid)
    _signal([process.pid], signal.SIGTERM)
    until = time.monotonic() + GRACE
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    _signal(found, signal.SIGKILL)


def _group_and_descendants(pid: int) -> list[int]:
    """Return the processes that a command consists of, those of other sessions too.

    torchrun gives each of its processes a session of its own. Where there is no ``/proc``, only
    what shares the command's own session is found.
    """
    parents: dict[int, list[int]] = {}
    members = [pid]
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):  # it ended meanwhile
            state = entry.read_text().rpartition(")")[2].split()
            number, parent, group = int(entry.parent.name), int(state[1]), int(state[2])
            parents.setdefault(parent, []).append(number)
            members += [number] if group == pid else []
    for each in members:
        members += [child for child in parents.get(each, []) if child not in members]
    return members


def _signal(processes: list[int], number: signal.Signals) -> None:
    for each in processes:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(each, number)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(processes[0], number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
