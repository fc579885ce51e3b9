"""Memory that was freed, given back to the system."""

import ctypes
from collections.abc import Callable
from functools import cache


def give_back_freed() -> None:
    """Give all freed memory back to the system, if the C library is glibc.

    Small records that stay lie between large weights that were freed, and the next weights do not
    fit into what is left there: 1024 seeds of three layers of 256 units would come to hold 5 GiB.
    """
    _trim()(0)


@cache
def _trim() -> Callable[[int], int]:
    try:
        trim: Callable[[int], int] = ctypes.CDLL("libc.so.6").malloc_trim
    except (OSError, AttributeError):  # another C library, which keeps less
        return lambda _: 0
    return trim
