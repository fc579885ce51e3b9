"""A script that puts another program in its own place: `os.execv` and its kind."""

import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from harness.diagnosis.ending import Left
from harness.diagnosis.watch.patches import Patches


class Replacing:
    """Has a script that starts itself anew watched anew, and ends one that starts another program.

    Args:
        command: the script, as the user named it, and its arguments.
        patches: what is replaced, and put back.

    Attributes:
        program: what the script wanted to start, which then is not started; empty: nothing.
    """

    def __init__(self, command: Sequence[str], patches: Patches) -> None:
        self.command = list(command)
        self.program = ""
        self._process, self._thread = os.getpid(), threading.current_thread()
        for name in ("execv", "execve"):  # what all others end in
            patches.replace(os, name, self._exec)

    def _exec(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def replace(path: Any, arguments: Sequence[Any], *environment: Any) -> Any:
            ours = os.getpid() == self._process and threading.current_thread() is self._thread
            if not ours or not os.access(path, os.X_OK):
                return original(path, arguments, *environment)
            if again := self._watched(arguments):
                return original(sys.executable, again, *environment)
            self.program = " ".join(map(os.fsdecode, arguments))
            raise Left(0)

        return replace

    def _watched(self, arguments: Sequence[Any]) -> list[str]:
        """Our own command for the script with other arguments; none where it is another program."""
        given = [os.fsdecode(each) for each in arguments]
        own = sys.orig_argv[: -len(self.command)]
        at = next((n for n, each in enumerate(given) if n and self._is_script(each)), None)
        if at is None or sys.orig_argv[len(own) :] != self.command:
            return []
        return [*own, *given[at:]]

    def _is_script(self, argument: str) -> bool:
        path, own = Path(argument), Path(self.command[0])
        return path.is_file() and own.is_file() and path.samefile(own)
