"""Parts of a text, chosen so that all fit into a given number of characters."""

from collections.abc import Sequence
from dataclasses import dataclass

SEPARATOR = "\n\n"


@dataclass(frozen=True)
class Part:
    """A paragraph or more, and what stands for it where there is no room.

    Attributes:
        rank: the parts of the lowest rank are shown whole first.
    """

    text: str
    brief: str = ""
    rank: int = 0


def fit(parts: Sequence[Part], most: int) -> tuple[list[str], int]:
    """Return what is shown of each part, in their order, and how many are not whole.

    Every part's short form comes before the whole of any; both are given out by rank.

    Args:
        parts: in the order in which they stand.
        most: characters, those between the parts included.
    """
    shown = [""] * len(parts)
    by_rank = sorted(range(len(parts)), key=lambda place: parts[place].rank)
    left = most
    for form in ("brief", "text"):
        for place in by_rank:
            wanted = getattr(parts[place], form)
            more = _size(wanted) - _size(shown[place])
            if wanted and more <= left:
                shown[place], left = wanted, left - more
    short = sum(text != part.text for text, part in zip(shown, parts, strict=True))
    return [text for text in shown if text], short


def _size(text: str) -> int:
    return len(text) + len(SEPARATOR) if text else 0
