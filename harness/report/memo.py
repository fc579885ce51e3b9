"""Remember what was rendered of a case, since reports are written again after every case."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from harness.results.outcome import Outcome

REMEMBERED = 1024
"""Cases whose rendering is kept; a later one pushes the longest unused out."""


@dataclass(frozen=True, eq=False)
class _Itself:
    """An outcome as a key that equals itself only: records hold lists, which have no hash."""

    outcome: Outcome

    def __hash__(self) -> int:
        return id(self.outcome)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.outcome is other.outcome


def once_a_case(render: Callable[[Outcome], str]) -> Callable[[Outcome], str]:
    """Render each record once; records are frozen, so their text cannot change."""
    remembered = lru_cache(REMEMBERED)(lambda key: render(key.outcome))
    return lambda outcome: remembered(_Itself(outcome))
