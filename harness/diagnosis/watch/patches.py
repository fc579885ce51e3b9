"""Functions replaced for a while, and put back whatever happens."""

from collections.abc import Callable
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

    def restore(self) -> None:
        """Put every original back, the last one first."""
        while self._originals:
            owner, name, original, own = self._originals.pop()
            if own:
                setattr(owner, name, original)
            else:
                delattr(owner, name)
