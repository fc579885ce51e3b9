"""Arrays in the local variables of the user's functions, for what a training does not show."""

import sys
from types import FrameType
from typing import Any

import numpy as np


def local_arrays(folder: str) -> dict[str, Any]:
    """Collect tensors and arrays of the functions that called us, outermost last.

    Args:
        folder: only functions in files under it are looked at.
    """
    found: dict[str, Any] = {}
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - the documented way to the caller
    while frame is not None:
        if frame.f_code.co_filename.startswith(folder):
            for name, value in list(frame.f_locals.items()):
                if is_array(value):
                    found.setdefault(name, value)
        frame = frame.f_back
    return found


def is_array(value: Any) -> bool:
    """A NumPy array or a tensor with records along its first axis."""
    if isinstance(value, np.ndarray):
        return value.ndim > 0 and value.dtype.kind in "fiub"
    shape = getattr(value, "shape", None)
    return type(value).__module__.startswith("torch") and shape is not None and len(shape) > 0
