"""Standard output and error stay ours, whatever a script does to them."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

UNUSABLE = (OSError, ValueError, AttributeError)
"""What a stream raises that is closed, detached, gone, or of the script's own make."""


@contextmanager
def streams_kept() -> Iterator[None]:
    """Give standard output and error back as they were, each at the start of a line.

    A script may close them, put a log in their place, or end in the midst of a line. What it wrote
    to its own streams is flushed.
    """
    with ExitStack() as stack:
        for name in ("stdout", "stderr"):
            stack.callback(_Kept(name).give_back)
        yield


class _Kept:
    """One stream before the script ran.

    Args:
        name: ``stdout`` or ``stderr``.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.stream: Any = getattr(sys, name)
        self.buffer: Any = getattr(self.stream, "buffer", None)
        self.encoding = getattr(self.stream, "encoding", None)
        self.errors = getattr(self.stream, "errors", None)
        self.within_line = False
        self.number = self.copy = -1
        with suppress(*UNUSABLE):
            self.number = self.stream.fileno()
            self.copy = os.dup(self.number)
        with suppress(*UNUSABLE):
            self._listen()

    def _listen(self) -> None:
        """Note how each write ends; text streams made by the script write here as well."""
        write = self.buffer.write

        def noted(data: Any) -> int:
            count: int = write(data)
            if len(data):
                self.within_line = bytes(data[-1:]) != b"\n"
            return count

        self.buffer.write = noted

    def give_back(self) -> None:
        """Put the stream back, usable and at the start of a line."""
        for stream in (getattr(sys, self.name), self.stream):
            with suppress(*UNUSABLE):
                stream.flush()
        self._restore_file()
        with suppress(*UNUSABLE):
            del self.buffer.write
        if self.stream is not getattr(sys, self.name) or not _usable(self.stream):
            setattr(sys, self.name, self._opened_anew())
        elif self.copy >= 0:
            os.close(self.copy)
        if self.within_line:
            with suppress(*UNUSABLE):
                getattr(sys, self.name).write("\n")

    def _restore_file(self) -> None:
        """The file behind the stream, if the script closed it or put another there."""
        if self.copy < 0:
            return
        try:
            same = os.path.sameopenfile(self.number, self.copy)
        except OSError:
            same = False
        if not same:
            os.dup2(self.copy, self.number)

    def _opened_anew(self) -> Any:
        """The same file with a stream of ours: the script's may close the old one when it goes."""
        if self.copy < 0:
            return self.stream
        return io.TextIOWrapper(
            os.fdopen(self.copy, "wb"),
            encoding=self.encoding,
            errors=self.errors,
            line_buffering=True,
        )


def _usable(stream: Any) -> bool:
    try:
        return stream is None or bool(stream.writable())
    except UNUSABLE:
        return False
