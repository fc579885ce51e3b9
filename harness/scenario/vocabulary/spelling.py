"""Help for someone who mistyped a word."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return the end of a sentence that helps someone who mistyped ``name``.

    ``"; did you mean 'adam'?"`` where one valid name is close, otherwise all there are.
    """
    names = list(valid)
    plain = {_plain(each): each for each in reversed(names)}  # of two alike the first
    close = get_close_matches(_plain(name), plain, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {plain[close[0]]!r}?"
    return f"; valid: {', '.join(sorted(names))}" if names else ""


def _plain(name: str) -> str:
    """Return a name without what people write either way: case, and marks between words."""
    return name.casefold().replace("-", "").replace("_", "")
