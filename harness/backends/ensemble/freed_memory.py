"""What becomes of memory that is freed: kept for the next step, or given back to the system."""

import ctypes
from collections.abc import Callable
from functools import cache

import torch

KEPT_BLOCK = 31 * 2**20
"""Bytes, just below the largest that glibc's thresholds follow (mallopt(3), M_MMAP_THRESHOLD)."""


def keep_freed() -> None:
    """Have the C library keep what a step frees for the next, up to 62 MiB.

    What oneDNN leaves for the way back is freed after every step. glibc hands freed memory back to
    the system beyond twice the largest block that was ever mapped and freed, so one is: otherwise
    every step would have its pages mapped anew, a third of its time at 64 units and 50 timesteps.
    """
    torch.empty(KEPT_BLOCK, dtype=torch.uint8)


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
