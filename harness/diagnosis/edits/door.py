"""Which module the script itself has called: the outermost one with parameters."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Door:
    """Knows how deep in modules a call is."""

    def __init__(self) -> None:
        self._inside: list[Any] = []

    @contextmanager
    def passed(self, module: Any) -> Iterator[bool]:
        """A call of a module; yields whether it is the outermost one that has parameters."""
        outermost = not self._inside and any(True for _ in module.parameters())
        if not (outermost or self._inside):
            yield False
            return
        self._inside.append(module)
        try:
            yield outermost
        finally:
            self._inside.pop()

    def is_last(self, module: Any) -> bool:
        """Whether only this module is being called."""
        return len(self._inside) == 1 and self._inside[0] is module
