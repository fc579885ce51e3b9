"""Functions replaced for a while, and put back whatever happens."""

import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any


class Patches:
    """Attributes of modules and classes that stand in for the originals until `restore`."""

    def __init__(self) -> None:
        self._originals: list[tuple[Any, str, Any, bool]] = []

    def replace(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        """Put ``make(original)`` in place of ``owner.name``."""
        original = getattr(owner, name)
        own = name in vars(owner)
        self._originals.append((owner, name, original, own))
        setattr(owner, name, make(original))

    def replace_imported(self, besides: str) -> None:
        """Put the same in place of functions that modules have imported by name already.

        Args:
            besides: the package that the functions are of, whose own tables stay as they are.
        """
        made = {
            id(original): (original, getattr(owner, name))
            for owner, name, original, _ in self._originals
            if isinstance(original, FunctionType)
        }
        for label, module in list(sys.modules.items()):
            if label.partition(".")[0] == besides or not hasattr(module, "__dict__"):
                continue
            if made.keys().isdisjoint(map(id, list(vars(module).values()))):  # nearly all, fast
                continue
            for name, value in list(vars(module).items()):
                found = made.get(id(value))
                if found is not None and value is found[0]:
                    self._originals.append((module, name, value, True))
                    setattr(module, name, found[1])

    def restore(self) -> None:
        """Put every original back, the last one first."""
        while self._originals:
            owner, name, original, own = self._originals.pop()
            if own:
                setattr(owner, name, original)
            else:
                delattr(owner, name)
